import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { monthlyCost, type CostDrivers } from '../../lib/core/cost';
import { costDrivers, readEnvironments, type Environment } from '../../lib/environment';
import { GuardrailsStack } from '../../lib/guardrails-stack';
import { created, existing, readOne } from './fixture';

const { context } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8'));

function example(name: string): Environment {
  const read = readEnvironments(context.environments);
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  return read.environments[name]!;
}

/** Everything whose price does not depend on use, counted in a template. */
function counted(stack: Stack): Omit<CostDrivers, 'replica' | 'delayedReplica' | 'staging' | 'createdProduction'> & { databases: string[] } {
  const template = Template.fromStack(stack);
  const all = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const zones = (type: string) =>
    all('AWS::EC2::VPCEndpoint').filter((endpoint) => endpoint.VpcEndpointType === type).reduce((sum, endpoint) => sum + endpoint.SubnetIds.length, 0);
  // A query has no `MetricStat`; here each finds one metric.
  const metricsOf = (alarm: { Metrics?: { MetricStat?: unknown }[] }) => alarm.Metrics?.filter((metric) => metric.MetricStat).length || 1;
  const databases = all('AWS::RDS::DBInstance');
  return {
    databases: databases.map((database) => database.DBInstanceClass).sort(),
    interfaceEndpointZones: zones('Interface'),
    resourceEndpointZones: zones('Resource'),
    accessHosts: all('AWS::EC2::Instance').length,
    keys: all('AWS::KMS::Key').length,
    metrics: all('AWS::Logs::MetricFilter').length,
    alarmMetrics: all('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    secrets: databases.filter((database) => database.ManageMasterUserPassword).length + all('AWS::SecretsManager::Secret').length,
  };
}

describe('the cost table counts what the template contains', () => {
  const everything = () => {
    const environment = existing();
    environment.network = { accessHost: true, endpointAvailabilityZones: 2, reach: 'lattice' };
    environment.replica = { delayed: { hours: 1 } };
    environment.agents.push({ name: 'analyst', trust: { agentCore: {} } });
    Object.assign(environment.production.existing, {
      vpcId: 'vpc-0123456789abcdef0', vpcCidrs: ['10.0.0.0/16'],
      subnetIds: ['subnet-01234567', 'subnet-89abcdef'], availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    });
    return readOne(environment);
  };

  test.each<[string, () => Environment]>([
    ['demo', () => example('demo')],
    ['prod-example', () => example('prod-example')],
    ['lattice-example', () => example('lattice-example')],
    ['the least for an existing database', () => readOne({ ...existing(), staging: { enabled: false } })],
    ['the least with a database of its own', () => readOne(created())],
    ['nearly everything', everything],
    ['an endpoint for secrets that is there already', () => {
      const environment = structuredClone(context.environments['prod-example']);
      environment.roles.secretsEndpointSecurityGroupId = 'sg-0123456789abcdef0';
      return readOne(environment);
    }],
  ])('%s', (_, make) => {
    const environment = make();
    const { replica, delayedReplica, staging, createdProduction, ...rest } = costDrivers(environment);
    const stack = new GuardrailsStack(new App({ context }), 'Stack', { name: 'test', environment, deploymentId: 'test' });
    const databases = [replica, delayedReplica, staging, createdProduction].flatMap((database) => (database ? [database.instanceClass] : [])).sort();
    expect({ databases, ...rest }).toEqual(counted(stack));
  });
});

/** Worked out by hand from the price list: 730 hours, us-east-1, 2026-11. */
describe('the examples of cdk.json cost', () => {
  test.each<[string, [string, number][], number]>([
    ['demo', [
      ['production, db.t4g.micro', 11.68], // 730 x 0.016
      ['production, storage', 2.3], // 20 x 0.115
      ['replica, db.t4g.micro', 11.68],
      ['replica, storage', 2.3],
      ['delayed replica, db.t4g.micro', 11.68],
      ['delayed replica, storage', 2.3],
      ['staging clone, db.t4g.micro', 11.68],
      ['staging clone, storage', 2.3],
      ['interface endpoints, 7', 51.1], // ecr.api, ecr.dkr, s3, logs, ssm, ssmmessages, secretsmanager: 7 x 730 x 0.01
      ['access host, t4g.nano', 3.07], // 730 x 0.0042 = 3.066
      ['access host, disk', 0.64], // 8 x 0.08
      ['access host, monitoring', 2.1], // 7 x 0.3
      ['encryption keys', 3], // record, vault, production
      ['metrics of the logs', 3.6], // 12 x 0.3
      ['metrics of the alarms', 2.9], // 29 x 0.1
      ['secrets', 0.8], // 2 x 0.4
    ], 123.13],
    ['prod-example', [
      ['replica, db.t4g.large', 94.17], // 730 x 0.129
      ['replica, storage', 23], // 200 x 0.115
      ['delayed replica, db.t4g.large', 94.17],
      ['delayed replica, storage', 23],
      ['interface endpoints, 3', 21.9], // ssm, ssmmessages, secretsmanager: 3 x 730 x 0.01
      ['access host, t4g.nano', 3.07],
      ['access host, disk', 0.64],
      ['access host, monitoring', 2.1],
      ['encryption keys', 2],
      ['metrics of the logs', 1.8], // 6 x 0.3
      ['metrics of the alarms', 1.9], // 19 x 0.1
    ], 267.75],
    ['lattice-example', [
      ['replica, db.m7g.large', 122.64], // 730 x 0.168
      ['replica, storage', 11.5], // 100 x 0.115
      ['interface endpoints, 4', 29.2], // 4 x 730 x 0.01
      ['resource endpoint, 2 zones', 14.6], // 2 x 730 x 0.01
      ['encryption keys', 2],
      ['metrics of the logs', 1.2], // 4 x 0.3
      ['metrics of the alarms', 1.2], // 12 x 0.1
    ], 182.34],
  ])('%s: %j', (name, sheet, total) => {
    const table = monthlyCost(costDrivers(example(name)));
    expect(table.lines.map(({ item, monthly }) => [item, monthly])).toEqual(sheet);
    expect(table).toMatchObject({ total, lowerBound: false });
    expect(sheet.reduce((sum, [, monthly]) => sum + monthly, 0)).toBeCloseTo(total, 9);
  });
});
