import { emptied, unknownDatabases, unwanted, wantedDatabases } from '../../lib/core/agent-reading';
import { isAnswer, isOrder, readMasterSecret, readOrder, regionOfAddress, renderFindings } from '../../lib/core/role-provisioning';

const databases = wantedDatabases({ databases: ['orders'], agents: [{ name: 'coding' }], deployment: 'guardrails' });
const properties = { Provisioner: 'arn', Host: 'h', Port: '5432', Databases: JSON.stringify(databases), SecretArn: 's', SecretsHost: 'e', DeploymentId: '1' };
const place = { host: 'h', port: 5432, secretArn: 's', secretsHost: 'e' };

describe('an order', () => {
  test('is to apply what is wanted', () => {
    expect(readOrder({ RequestType: 'Create', ResourceProperties: properties })).toEqual({ provisioner: 'arn', order: { do: 'apply', ...place, databases } });
  });

  test('takes back what was given in a database that agents may no longer read, whether it is there or not', () => {
    const before = wantedDatabases({ databases: ['orders', 'crm'], agents: [{ name: 'coding' }, { name: 'gone' }], deployment: 'guardrails' });
    const read = readOrder({ RequestType: 'Update', ResourceProperties: properties, OldResourceProperties: { Databases: JSON.stringify(before) } });
    expect(read).toMatchObject({
      order: { databases: [databases[0], { database: 'crm', mayBeGone: true, wanted: { deployment: 'guardrails', agents: [{ name: 'coding', read: { schemas: [] } }] } }] },
    });
  });

  test('is to retire all roles of the deployment when the stack goes', () => {
    expect(readOrder({ RequestType: 'Delete', ResourceProperties: properties })).toEqual({
      provisioner: 'arn',
      order: { do: 'retire', ...place, databases: [{ database: 'orders', mayBeGone: true, wanted: { deployment: 'guardrails', agents: [] } }] },
    });
  });

  test.each([
    [undefined, ['Provisioner is missing', 'Host is missing', 'SecretArn is missing', 'SecretsHost is missing', 'Port is not a port', 'Databases describes no roles']],
    [{ ...properties, Port: '70000' }, ['Port is not a port']],
    [{ ...properties, Databases: '[null]' }, ['Databases describes no roles']],
    [{ ...properties, Databases: '[{"database":"x"}]' }, ['Databases describes no roles']],
    [{ ...properties, Databases: 'not JSON' }, ['Databases describes no roles']],
  ])('fails when properties are wrong, naming them and not their values: %#', (wrong, names) => {
    expect(readOrder({ RequestType: 'Create', ResourceProperties: wrong })).toEqual({ wrong: names });
  });

  test('is told from anything else', () => {
    const order = { do: 'apply', ...place, databases };
    expect(isOrder(order)).toBe(true);
    for (const other of [undefined, null, 'x', { ...order, do: 'drop' }, { ...order, port: '1' }, { ...order, databases: [] }]) expect(isOrder(other)).toBe(false);
  });
});

test('an answer is told from anything else', () => {
  expect([{ did: 'all', databases: [] }, { did: 'nothing', because: 'x' }, { did: 'some', because: 'x' }].map(isAnswer)).toEqual([true, true, true]);
  expect([undefined, {}, { did: 'all' }, { did: 'some' }, { did: 'else', because: 'x' }, { errorMessage: 'x' }].map(isAnswer)).toEqual([false, false, false, false, false, false]);
});

test('findings are numbered, each with its database', () => {
  expect(renderFindings([{ database: 'a', changes: 0, findings: ['one', 'two'] }, { database: 'b', changes: 1, findings: ['three'] }])).toBe('(1) a: one\n(2) a: two\n(3) b: three');
  expect(renderFindings([{ database: 'a', changes: 0, findings: [] }])).toBe('none');
});

test('a master secret is user and password, whatever else it holds', () => {
  expect(readMasterSecret('{"username":"u","password":"p","host":"h"}')).toEqual({ user: 'u', password: 'p' });
  for (const other of [undefined, '', 'p', '{}', '{"username":"u"}', '{"username":"u","password":""}', '[]', 'null']) expect(readMasterSecret(other)).toBeUndefined();
});

test.each([
  ['orders.abc123.eu-central-1.rds.amazonaws.com', 'eu-central-1'], ['orders.abc123.cn-north-1.rds.amazonaws.com.cn', 'cn-north-1'],
  ['orders.abc123.us-gov-west-1.rds.amazonaws.com', 'us-gov-west-1'], ['localhost', undefined], ['orders.abc123.eu-central-1.rds.amazonaws.com.evil.example', undefined],
])('the Region of %s is %s', (host, region) => {
  expect(regionOfAddress(host)).toBe(region);
});

test('roles that are wanted no more, or in this database no more, keep their deployment', () => {
  const [orders] = databases;
  expect(unwanted(orders!)).toEqual({ database: 'orders', wanted: { deployment: 'guardrails', agents: [] } });
  expect(emptied('crm', orders!)).toEqual({ database: 'crm', wanted: { deployment: 'guardrails', agents: [{ name: 'coding', read: { schemas: [] } }] } });
});

test('databases that are read and are not there are named once', () => {
  const read = [{ database: 'crm', schemas: [] }, { database: 'orders', schemas: [] }];
  expect(unknownDatabases({ databases: ['orders'], agents: [{ name: 'a', read }, { name: 'b', read }, { name: 'c' }] })).toEqual(['crm']);
});
