import { wantedDatabases } from '../../lib/core/agent-reading';
import { readingAgents, setsUpRoles } from '../../lib/environment';
import { created, existing, mistakesAfter, readOne, type Written } from './fixture';

/** Everything that has to be known before a function can be let in. */
function known(environment: Written): void {
  Object.assign(environment.production.existing, {
    vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-01234567'], availabilityZones: ['eu-central-1a'], securityGroupId: 'sg-0123456789abcdef0',
    masterSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-AbCdEf',
  });
}
const ordersRead = { database: 'orders', schemas: [{ schema: 'public' }] };

describe('the database roles that an environment wants', () => {
  test('read the schema public of each database, where nothing is said', () => {
    expect(wantedDatabases(readingAgents('prod', readOne(existing())))).toEqual([{
      database: 'orders',
      wanted: { deployment: 'agent-db-guardrails-prod', agents: [{ name: 'coding', read: { schemas: [{ schema: 'public' }] } }], closePublic: undefined, refuseAgentsOnPrimary: false },
    }]);
    expect(wantedDatabases(readingAgents('demo', readOne(created()))).map(({ database }) => database)).toEqual(['app']);
  });

  test('read what is said for all, or for one agent of its own, and nothing in a database that is not named', () => {
    const environment = existing();
    environment.production.existing.databases = ['orders', 'crm'];
    environment.agents.push({ name: 'support', trust: { ecs: {} }, read: [{ database: 'crm', schemas: [{ schema: 'tickets' }] }] });
    environment.roles = { read: [ordersRead] };
    const [orders, crm] = wantedDatabases(readingAgents('prod', readOne(environment)));
    expect(orders!.wanted.agents).toEqual([{ name: 'coding', read: { schemas: [{ schema: 'public' }] } }, { name: 'support', read: { schemas: [] } }]);
    expect(crm!.wanted.agents).toEqual([{ name: 'coding', read: { schemas: [] } }, { name: 'support', read: { schemas: [{ schema: 'tickets' }] } }]);
  });

  test.each<[string, () => Written, boolean]>([
    ['a database that is created', created, true],
    ['one that exists', existing, false],
    ['one that exists and lets the function in', () => {
      const environment = existing();
      known(environment);
      environment.roles = { admission: { inboundRule: {} } };
      return environment;
    }, true],
  ])('are set up by a deployment for %s: %#', (_, make, expected) => {
    expect(setsUpRoles(readOne(make()))).toBe(expected);
  });
});

test('nobody is let in to a database of which too little is known: everything that lacks is told', () => {
  expect(mistakesAfter((environment) => { environment.roles = { admission: { inboundRule: {} } }; })).toEqual(
    [
      ['vpcId', 'its VPC'], ['subnetIds', 'its subnets'], ['availabilityZones', 'the zones of its subnets'], ['securityGroupId', 'its security group'],
      ['masterSecretArn', 'the ARN of the secret of its master user'],
    ].map(([field, words]) => ({
      path: `production.existing.${field}`, seen: 'nothing', write: `${words}: with roles.admission a function in production's network sets up database roles`,
    })),
  );
});

test.each<[string, (environment: Written) => void, object, () => Written]>([
  ['an admission to a database that is created', (e) => { e.roles = { admission: { inboundRule: {} } }; },
    { path: 'roles.admission', seen: 'an object with inboundRule', write: 'nothing: a database that is created lets the function in by itself' }, created],
  ['two admissions', (e) => { known(e); e.roles = { admission: { inboundRule: {}, securityGroupId: 'sg-01234567' } }; },
    { path: 'roles.admission', write: 'an object with exactly one of inboundRule, securityGroupId' }, existing],
  ['an endpoint that nobody uses', (e) => { e.roles = { secretsEndpointSecurityGroupId: 'sg-01234567' }; },
    { path: 'roles.secretsEndpointSecurityGroupId', write: 'nothing, or roles.admission too: without it there is no function that could use the endpoint' }, existing],
  ['an endpoint in a network that has none', (e) => { e.roles = { secretsEndpointSecurityGroupId: 'sg-01234567' }; },
    { path: 'roles.secretsEndpointSecurityGroupId', write: 'nothing: the network of a database that is created has no such endpoint' }, created],
  ['a refusal that PostgreSQL 16 does not know', (e) => { e.roles = { refuseOnPrimary: true }; },
    { path: 'roles.refuseOnPrimary', seen: 'true, but production runs PostgreSQL 16.10', write: 'false: databases refuse logins by themselves from PostgreSQL 17 on' }, existing],
  ['a database that agents may not read', (e) => { e.roles = { read: [{ ...ordersRead, database: 'crm' }] }; },
    { path: 'roles.read[0].database', seen: '"crm"', write: 'one of the databases that agents may read: orders' }, existing],
  ['a database that an agent may not read', (e) => { e.agents[0].read = [{ ...ordersRead, database: 'crm' }]; },
    { path: 'agents[0].read[0].database', seen: '"crm"', write: 'one of the databases that agents may read: app' }, created],
  ['a database twice', (e) => { e.roles = { read: [ordersRead, ordersRead] }; },
    { path: 'roles.read[1].database', seen: 'the same as roles.read[0].database', write: 'each database once' }, existing],
  ['a schema without a name', (e) => { e.roles = { read: [{ ...ordersRead, schemas: [{ schema: '' }] }] }; },
    { path: 'roles.read[0].schemas[0].schema', seen: 'an empty string', write: 'the name of a schema, 1 to 63 bytes, as it is stored, without quotes, such as public' }, existing],
  ['a name of 64 bytes', (e) => { e.roles = { read: [{ ...ordersRead, personalData: [{ schema: 'public', table: 'users', column: 'ä'.repeat(32) }] }] }; },
    { path: 'roles.read[0].personalData[0].column', write: 'the name of a column, 1 to 63 bytes, as it is stored, without quotes, such as email' }, existing],
  ['a hole that PUBLIC has not', (e) => { e.roles = { closePublic: { close: ['everything'], keepFor: [] } }; },
    { path: 'roles.closePublic.close[0]', seen: '"everything"', write: 'one of "tables", "create", "temporary", "connect", "routines"' }, existing],
  ['an alias in place of a key', (e) => { e.production.existing.masterSecretKeyArn = 'alias/x'; }, { path: 'production.existing.masterSecretKeyArn' }, existing],
])('fails when there is %s', (_, edit, mistake, from) => {
  expect(mistakesAfter(edit, from)).toMatchObject([mistake]);
});
