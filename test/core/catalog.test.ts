import { catalogOf, type CatalogRows } from '../../lib/core/catalog-rows';
import { role } from './grants-fixture';

const rows: CatalogRows = {
  server: { version: 170010, database: 'shop', user: 'master', inRecovery: false },
  roles: [{ ...role('owner'), oid: '10' }, { ...role('agent_a_ro'), oid: '11' }, { ...role('app'), oid: '12' }],
  memberships: [], databases: [{ name: 'shop', owner: 'owner', acl: '{=Tc/owner}' }],
  schemas: [{ oid: '2200', name: 'public', owner: 'owner', acl: '{=U/owner}' }],
  defaults: [{ owner: 'owner', schema: null, kind: 'r', acl: '{agent_a_ro=r/owner}' }],
  relations: {
    relations: '[20002, 20001]', schemas: '[2200, 2200]', names: '["users", "mails"]', kinds: 'rv', owners: '[10, 10]',
    acls: '["{owner=arwdDxt/owner,app=r/owner,agent_a_ro=r/owner}", null]', extension: '[20001]',
  },
  columns: {
    relations: '[20002, 20002, 20001]', numbers: '[2, 1, 1]', names: '["email", "id", "n"]', acls: '["{app=r/owner,=r/owner}", null, null]', generated: '[[20002, "email"]]',
  },
  uses: '[[20001, 20002]]', inherits: '[]', code: { runs: '[20001]', opaque: '[]' }, rowTypes: '[]', rowSecurity: { tables: '[]', bySetting: '[]', invokerViews: '[]' }, largeObjects: [], routines: [], strays: [], loginTrigger: undefined,
};

describe('the catalog as it is read', () => {
  const { relations, defaults, uses } = catalogOf(rows, new Set(['agent_a_ro']));

  test('relations come in the order of their names, with columns in theirs', () => {
    expect(relations.map(({ schema, name, kind, owner, columns, generated }) => [schema, name, kind, owner, columns, generated])).toEqual([
      ['public', 'mails', 'v', 'owner', ['n'], []],
      ['public', 'users', 'r', 'owner', ['id', 'email'], ['email']],
    ]);
  });

  test('of grants only those to PUBLIC and to the kit are looked at', () => {
    expect(relations[1]!.acl).toEqual([{ grantee: 'agent_a_ro', grantor: 'owner', privileges: 'r', grantable: '' }]);
    expect([...relations[1]!.columnAcl]).toEqual([['email', [{ grantee: '', grantor: 'owner', privileges: 'r', grantable: '' }]]]);
  });

  test('what belongs to an extension, or runs code, is known', () => {
    expect(relations.map(({ extension, runsCode, opaque }) => [extension, runsCode, opaque])).toEqual([[true, true, false], [false, false, false]]);
  });

  test('default privileges of every schema have none', () => {
    expect([defaults[0]!.schema, uses]).toEqual([undefined, [[20001, 20002]]]);
  });
});
