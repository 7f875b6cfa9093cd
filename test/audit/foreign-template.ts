import { audit } from '../../lib/audit/audit';
import type { Finding, Report } from '../../lib/audit/model';
import { worlds } from '../assembly/fixture';

export type Template = Record<string, unknown> & { Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; [attribute: string]: unknown }> };

const statement = (Effect: 'Allow' | 'Deny', rest: object) => ({ Effect, Resource: '*', ...rest });
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const subnet = (vpc: string, block: string) => ({ Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: vpc }, CidrBlock: block } });
const group = (vpc: string, rest: object = {}) => ({ Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', VpcId: { Ref: vpc }, ...rest } });

/** A template that nobody made with the kit, in which an agent may ask who it is, and nothing leads to production. */
export function foreignTemplate(): Template {
  return {
    Resources: {
      Network: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      DataSubnet: subnet('Network', '10.0.1.0/24'),
      OtherDataSubnet: subnet('Network', '10.0.2.0/24'),
      Apps: group('Network', { SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }] }),
      ProductionGroup: group('Network', { SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }] }),
      DataSubnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { DBSubnetGroupDescription: 'x', SubnetIds: [{ Ref: 'DataSubnet' }, { Ref: 'OtherDataSubnet' }] } },
      Production: {
        Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
        Properties: {
          Engine: 'postgres', DBInstanceClass: 'db.m6g.large', AllocatedStorage: '100', DBInstanceIdentifier: 'orders', Port: '5432', StorageEncrypted: true, DeletionProtection: true, BackupRetentionPeriod: 14,
          PubliclyAccessible: false, CopyTagsToSnapshot: true, DeleteAutomatedBackups: false, DBSubnetGroupName: { Ref: 'DataSubnets' }, VPCSecurityGroups: [{ 'Fn::GetAtt': ['ProductionGroup', 'GroupId'] }], MasterUsername: 'master', ManageMasterUserPassword: true,
        },
      },
      AgentBoundary: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          PolicyDocument: policy(
            statement('Allow', { Action: 'sts:GetCallerIdentity' }),
            statement('Deny', { NotAction: 'sts:GetCallerIdentity' }),
          ),
        },
      },
      Agent: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'agent', PermissionsBoundary: { Ref: 'AgentBoundary' }, MaxSessionDuration: 3600,
          AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:role/launcher' } }),
        },
      },
    },
  };
}

export interface Said {
  readonly verdict: Report['verdict'];
  readonly rules: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  /** Each finding as `rule verdict because`. */
  readonly texts: readonly string[];
  readonly problems: readonly string[];
}

/** What the audit says of a template, as JSON or as the text of a file of a name. */
export function said(template: unknown, name = 'Shop.json', subjects = { agents: ['Agent'], production: ['Production'] }, today = '2026-06-01'): Said {
  let read;
  try {
    read = worlds(template, { account: '111122223333', region: 'eu-west-1' }, name);
  } catch (error) {
    return { verdict: 'unknown', rules: {}, findings: [], texts: [], problems: (error as Error).message.split('\n') };
  }
  const outcome = audit(read, { subjects, today });
  if (outcome.do === 'refuse') return { verdict: 'unknown', rules: {}, findings: [], texts: [], problems: outcome.problems };
  const { verdict, rules, findings } = outcome.report;
  return {
    verdict, findings, rules: Object.fromEntries(rules.map((rule) => [rule.id, rule.verdict])), problems: [],
    texts: findings.map((finding) => `${finding.rule} ${finding.verdict}: ${finding.because}`),
  };
}

/** The template after a change. */
export function changed(change: (template: Template) => void): Template {
  const template = foreignTemplate();
  change(template);
  return template;
}
