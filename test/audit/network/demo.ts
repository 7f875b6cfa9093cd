import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { networkOf, type Reach } from '../../../lib/audit/network';
import { addEnvironments } from '../../../lib/guardrails-app';
import { written, type Written } from './written';

/** The templates of environments, as they are deployed. */
export function synthesized(env: string): Written {
  const app = new App({ context: { ...cdkJson.context, env, 'aws:cdk:enable-path-metadata': true }, analyticsReporting: false });
  addEnvironments(app, { deploymentId: 'test' });
  return app.synth().stacks[0]!.template as Written;
}

/** A template that can be damaged. */
export class Template {
  readonly resources: Record<string, { Type: string; Properties: Record<string, any>; Metadata?: Record<string, any> }>;

  constructor(private readonly written: Written) {
    this.resources = structuredClone(written.Resources) as Template['resources'];
  }

  add(id: string, type: string, properties: Record<string, unknown>): this {
    this.resources[id] = { Type: type, Properties: properties };
    return this;
  }

  set(id: string, properties: Record<string, unknown>): this {
    Object.assign(this.resources[id]!.Properties, properties);
    return this;
  }

  drop(id: string): this {
    delete this.resources[id];
    return this;
  }

  /** Logical ids whose names match. */
  ids(name: RegExp, type: string): string[] {
    return Object.entries(this.resources).filter(([id, resource]) => name.test(id) && resource.Type === type).map(([id]) => id);
  }

  copy(): Template {
    return new Template({ ...this.written, Resources: this.resources });
  }

  network() {
    return networkOf(written({ ...this.written, Resources: this.resources }));
  }
}

const EC2 = 'AWS::EC2::';
const demo = new Template(synthesized('demo'));
const only = (name: RegExp, type: string): string => {
  const found = demo.ids(name, type);
  if (found.length !== 1) throw new Error(`${found.length} resources are ${String(name)}`);
  return found[0]!;
};

export const AGENTS = only(/^GuardrailsNetworkVpc/, `${EC2}VPC`);
export const AGENT_GROUP = only(/^GuardrailsNetworkAgentSecurityGroup/, `${EC2}SecurityGroup`);
export const AGENT_SUBNETS = demo.ids(/^GuardrailsNetworkVpcAgents/, `${EC2}Subnet`);
export const AGENT_TABLES = demo.ids(/^GuardrailsNetworkVpc/, `${EC2}RouteTable`);
export const REPLICA_GROUP = only(/^GuardrailsReplicaSecurityGroup/, `${EC2}SecurityGroup`);
export const HOST_GROUP = only(/^GuardrailsAccessHostSecurityGroup/, `${EC2}SecurityGroup`);
export const PRODUCTION = only(/^ProductionEvaluationInstance/, 'AWS::RDS::DBInstance');
export const PRODUCTION_VPC = only(/^ProductionEvaluationNetworkVpc/, `${EC2}VPC`);
export const PRODUCTION_GROUP = only(/^ProductionEvaluationSecurityGroup/, `${EC2}SecurityGroup`);
export const PRODUCTION_SUBNETS = demo.ids(/^ProductionEvaluationNetworkVpc/, `${EC2}Subnet`);
export const PRODUCTION_TABLES = demo.ids(/^ProductionEvaluationNetworkVpc/, `${EC2}RouteTable`);
export const PORT = 5433;

export const ref = (id: string) => ({ Ref: id });
export const group = (id: string) => ({ 'Fn::GetAtt': [id, 'GroupId'] });

/** The demo as it is. */
export const asIs = (): Template => demo.copy();

/** The demo with a peering between the two networks and routes both ways; the security groups still let nothing through. */
export function peered(): Template {
  const template = asIs().add('Peering', `${EC2}VPCPeeringConnection`, { VpcId: ref(AGENTS), PeerVpcId: ref(PRODUCTION_VPC) });
  routes(template, AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.212.0.0/20', VpcPeeringConnectionId: ref('Peering') });
  return routes(template, PRODUCTION_TABLES, 'Back', { DestinationCidrBlock: '10.213.0.0/20', VpcPeeringConnectionId: ref('Peering') });
}

/** The demo with production's subnets in the agents' network; the security groups still let nothing through. */
export function together(): Template {
  const template = asIs();
  for (const id of PRODUCTION_SUBNETS) template.set(id, { VpcId: ref(AGENTS) });
  return template.set(PRODUCTION_GROUP, { VpcId: ref(AGENTS) });
}

export function routes(template: Template, tables: readonly string[], name: string, route: Record<string, unknown>): Template {
  tables.forEach((table, index) => template.add(`${name}${index}`, `${EC2}Route`, { RouteTableId: ref(table), ...route }));
  return template;
}

export const ingress = (template: Template, peer: Record<string, unknown>, ports: Record<string, unknown> = {}): Template =>
  template.add('LetIn', `${EC2}SecurityGroupIngress`, { GroupId: group(PRODUCTION_GROUP), IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, ...peer, ...ports });

export const egress = (template: Template, peer: Record<string, unknown>, from = AGENT_GROUP, ports: Record<string, unknown> = {}): Template =>
  template.add('LetOut', `${EC2}SecurityGroupEgress`, { GroupId: group(from), IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, ...peer, ...ports });

/** Both rules that join the agents' group and production's. */
export const joined = (template: Template): Template =>
  egress(ingress(template, { SourceSecurityGroupId: group(AGENT_GROUP) }), { DestinationSecurityGroupId: group(PRODUCTION_GROUP) });

/** Whether anything in the agents' network reaches production. */
export function asked(template: Template): Reach {
  const network = template.network();
  return network.reachable(network.agentNetworks, network.database(`Stack.${PRODUCTION}`));
}

/** Everything that an answer names. */
export const named = ({ steps, assuming }: Reach): string => [...steps.flatMap(({ from, to, by, source }) => [from, to, by, source]), ...assuming].join('\n');
