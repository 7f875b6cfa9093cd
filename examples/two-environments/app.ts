/**
 * Two environments with two agents each. Staging of the shop keeps its recovery points for a week; production keeps
 * them for a year, under a lock that nobody can remove.
 *
 *     npx cdk synth --app 'node --import tsx examples/two-environments/app.ts'
 */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AgentDatabaseGuardrails,
  AgentTrust,
  ApproverTrust,
  ProductionDatabase,
  VaultLock,
  type ProductionInstanceAttributes,
  type ProtectedBackupsOptions,
} from 'cdk-agent-db-guardrails';
import type { Construct } from 'constructs';

interface ShopProps extends StackProps {
  readonly database: ProductionInstanceAttributes;
  readonly branch: string;
  readonly approver: string;
  readonly backups: ProtectedBackupsOptions;
}

class ShopGuardrails extends Stack {
  constructor(scope: Construct, id: string, props: ShopProps) {
    super(scope, id, props);
    new AgentDatabaseGuardrails(this, 'Guardrails', {
      production: ProductionDatabase.fromInstance(this, 'Production', props.database),
      agents: [
        { name: 'coding', trust: AgentTrust.githubActions('acme/shop', { branch: props.branch }) },
        { name: 'analyst', trust: AgentTrust.ecsTasks() },
      ],
      approvers: [ApproverTrust.principalArn(props.approver)],
      staging: 'none',
      accessHost: true,
      backups: props.backups,
    });
  }
}

const app = new App();
// Each also takes `env: { account, region }`, which pins it to an account; the CLI then looks up its Availability Zones once.
new ShopGuardrails(app, 'ShopTest', {
  database: {
    instanceIdentifier: 'orders-test',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
    endpoint: 'orders-test.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com',
    engineVersion: '17.6',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
    vpcCidrs: ['10.1.0.0/16'],
  },
  branch: 'develop',
  approver: 'arn:aws:iam::111122223333:role/shop-lead',
  backups: { retentionDays: 7 },
});
new ShopGuardrails(app, 'ShopProduction', {
  database: {
    instanceIdentifier: 'orders',
    resourceId: 'db-ZYXWVUTSRQPONMLKJIHGFEDCB2',
    endpoint: 'orders.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com',
    engineVersion: '16.10',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
    vpcCidrs: ['10.2.0.0/16'],
  },
  branch: 'main',
  approver: 'arn:aws:iam::444455556666:role/database-administrator',
  backups: { retentionDays: 365, lock: VaultLock.compliance({ graceDays: 7 }) },
});
