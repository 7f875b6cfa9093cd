import { planRoles, unsupportedServer, type WantedRoles } from '../../lib/core/grants';
import { rolesScript } from '../../lib/core/grants/script';
import { catalog, relation, role } from './grants-fixture';

const reader = (read: Partial<NonNullable<WantedRoles['agents'][number]['read']>> = {}): WantedRoles => ({
  agents: [{ name: 'coding', read: { schemas: [{ schema: 'sales' }], ...read } }],
});
const grants = (wanted: WantedRoles, state = catalog()) => planRoles(wanted, state).statements.filter((statement) => /^(GRANT|REVOKE) .* ON TABLE/.test(statement));
const MARK = 'cdk-agent-db-guardrails (default): agent coding reads';

describe('what is granted', () => {
  test('tables of equal privileges share a statement, and agents of equal access too', () => {
    const read = { schemas: [{ schema: 'sales' }, { schema: 'stock' }] };
    expect(grants({ agents: [{ name: 'coding', read }, { name: 'review', read }] })).toEqual([
      'GRANT SELECT ON TABLE "sales"."users", "sales"."orders", "stock"."items" TO "agent_coding_ro", "agent_review_ro"',
    ]);
  });

  test('with personal data every table is granted by column, so that later columns stay closed', () => {
    expect(grants(reader({ personalData: [{ schema: 'sales', table: 'users', column: 'email' }] }))).toEqual([
      'GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"',
      'GRANT SELECT ("id", "email") ON TABLE "sales"."orders" TO "agent_coding_ro"',
    ]);
  });

  const personalData = [{ schema: 'sales', table: 'users', column: 'email' }];
  test.each([
    ['a partition', { relations: [relation(1, 'sales', 'users', { kind: 'p' }), relation(9, 'sales', 'users_1')], inherits: [[9, 1]] as const },
      ['GRANT SELECT ("id") ON TABLE "sales"."users", "sales"."users_1" TO "agent_coding_ro"']],
    ['the parent that shows its child', { relations: [relation(1, 'sales', 'users'), relation(9, 'sales', 'people')], inherits: [[1, 9]] as const },
      ['GRANT SELECT ("id") ON TABLE "sales"."users", "sales"."people" TO "agent_coding_ro"']],
    ['a generated column', { relations: [relation(1, 'sales', 'users', { columns: ['id', 'email', 'lower'], generated: ['lower'] })] },
      ['GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"']],
    ['a view over a view over a partition', {
      relations: [relation(1, 'sales', 'users', { kind: 'p' }), relation(8, 'sales', 'part'), relation(9, 'sales', 'v1', { kind: 'v' }), relation(10, 'sales', 'v2', { kind: 'm' })],
      inherits: [[8, 1]] as const, uses: [[9, 8], [10, 9]] as const,
    }, ['GRANT SELECT ("id") ON TABLE "sales"."users", "sales"."part" TO "agent_coding_ro"']],
    ['a view that runs code nobody can see into', { relations: [relation(1, 'sales', 'users'), relation(9, 'sales', 'v1', { kind: 'v', opaque: true })] },
      ['GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"']],
    ['a materialized view over a view that runs code, and what is above it', {
      relations: [relation(1, 'sales', 'users'), relation(9, 'sales', 'v1', { kind: 'v', runsCode: true, columns: ['n'] }), relation(10, 'sales', 'm1', { kind: 'm' }), relation(11, 'sales', 'v2', { kind: 'v' })],
      uses: [[10, 9], [11, 10]] as const,
    }, ['GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"', 'GRANT SELECT ("n") ON TABLE "sales"."v1" TO "agent_coding_ro"']],
    ['a column that holds whole rows, its children, and views above it', {
      relations: [relation(1, 'sales', 'users'), relation(8, 'sales', 'old', { columns: ['was', 'at'] }), relation(9, 'sales', 'older', { columns: ['was', 'at'] }), relation(10, 'sales', 'v1', { kind: 'v' })],
      inherits: [[9, 8]] as const, uses: [[10, 9]] as const, rowTypes: [[8, 'was', 1]] as const,
    }, ['GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"', 'GRANT SELECT ("at") ON TABLE "sales"."old", "sales"."older" TO "agent_coding_ro"']],
    ['a column that holds rows of a view of it', {
      relations: [relation(1, 'sales', 'users'), relation(8, 'sales', 'old', { columns: ['was', 'at'] }), relation(9, 'sales', 'v1', { kind: 'v' })],
      uses: [[9, 1]] as const, rowTypes: [[8, 'was', 9]] as const,
    }, ['GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"', 'GRANT SELECT ("at") ON TABLE "sales"."old" TO "agent_coding_ro"']],
  ])('personal data is followed into %s', (_, state, expected) => {
    expect(grants(reader({ personalData }), catalog(state))).toEqual(expected);
  });

  test('a view that was looked at can be opened again, and only that one', () => {
    const views = [relation(9, 'sales', 'v1', { kind: 'v', columns: ['n'] }), relation(10, 'sales', 'v2', { kind: 'v', columns: ['n'] })];
    const state = catalog({ relations: [relation(1, 'sales', 'users'), ...views], uses: [[9, 1], [10, 9]] });
    expect(grants(reader({ personalData, openViews: [{ schema: 'sales', view: 'v1' }] }), state)).toEqual([
      'GRANT SELECT ("id") ON TABLE "sales"."users" TO "agent_coding_ro"', 'GRANT SELECT ("n") ON TABLE "sales"."v1" TO "agent_coding_ro"',
    ]);
  });

  test('tables that are added beside listed ones are not given to anybody', () => {
    const listed = [{ schema: 'sales', tables: ['users'] }];
    const wanted: WantedRoles = { agents: [{ name: 'coding', read: { schemas: listed }, staging: { schemas: listed } }], writer: { schemas: listed } };
    expect(planRoles(wanted, catalog()).statements.filter((statement) => statement.startsWith('ALTER DEFAULT'))).toEqual([]);
  });

  test('foreign tables, and tables of extensions, only where they are named', () => {
    const state = catalog({ relations: [relation(1, 'sales', 'remote', { kind: 'f' }), relation(2, 'sales', 'known', { extension: true })] });
    expect(grants(reader(), state)).toEqual([]);
    expect(grants(reader({ schemas: [{ schema: 'sales', tables: ['remote'] }] }), state)).toEqual(['GRANT SELECT ON TABLE "sales"."remote" TO "agent_coding_ro"']);
  });

  test('a role is made without a clause that only superusers may use', () => {
    const [create, comment] = planRoles(reader(), catalog()).statements;
    expect([create, comment]).toEqual([
      'CREATE ROLE "agent_coding_ro" LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5 PASSWORD NULL',
      `COMMENT ON ROLE "agent_coding_ro" IS '${MARK}'`,
    ]);
    expect(planRoles(reader(), catalog()).statements.join('\n')).not.toMatch(/SUPERUSER|REPLICATION|BYPASSRLS/);
  });

  test('on RDS a role logs in with a token of IAM', () => {
    expect(planRoles(reader(), catalog({ moreRoles: [role('rds_iam')] })).statements).toContain('GRANT "rds_iam" TO "agent_coding_ro"');
  });
});

describe('what is revoked', () => {
  const own = role('agent_coding_ro', { comment: MARK });
  const held = (privileges: string, grantable = '', grantor = 'owner') => [{ grantee: 'agent_coding_ro', grantor, privileges, grantable }];

  test.each([
    ['what is too much', held('rw'), ['REVOKE UPDATE ON TABLE "sales"."users" FROM "agent_coding_ro"']],
    ['the right to give it on', held('r', 'r'), ['REVOKE GRANT OPTION FOR SELECT ON TABLE "sales"."users" FROM "agent_coding_ro" CASCADE']],
    ['what was given on too', held('ra', 'ra'), [
      'REVOKE INSERT ON TABLE "sales"."users" FROM "agent_coding_ro" CASCADE', 'REVOKE GRANT OPTION FOR SELECT ON TABLE "sales"."users" FROM "agent_coding_ro" CASCADE',
    ]],
  ])('%s', (_, acl, expected) => {
    expect(grants(reader(), catalog({ moreRoles: [own], relations: [relation(1, 'sales', 'users', { acl })] }))).toEqual(expected);
  });

  test('what somebody else granted is revoked as that role', () => {
    const { statements } = planRoles(reader(), catalog({ moreRoles: [own], relations: [relation(1, 'sales', 'users', { acl: [...held('r'), ...held('d', '', 'app')] })] }));
    const at = statements.indexOf('REVOKE DELETE ON TABLE "sales"."users" FROM "agent_coding_ro"');
    expect(statements.slice(at - 1, at + 2)).toEqual(['SET LOCAL ROLE "app"', 'REVOKE DELETE ON TABLE "sales"."users" FROM "agent_coding_ro"', 'RESET ROLE']);
  });

  test('everything, from a role of this deployment that is no longer wanted; nothing from others', () => {
    const others = [role('agent_other_ro', { comment: 'cdk-agent-db-guardrails (blue): agent other reads' }), role('agent_hand_ro')];
    const state = catalog({ moreRoles: [own, ...others], relations: [relation(1, 'sales', 'users', { acl: held('r') })] });
    expect(planRoles({ agents: [] }, state).statements).toEqual([
      'ALTER ROLE "agent_coding_ro" NOLOGIN CONNECTION LIMIT 0 PASSWORD NULL',
      'REVOKE ALL PRIVILEGES ON TABLE "sales"."users" FROM "agent_coding_ro"',
    ]);
  });

  test('nothing is ever dropped, and nobody is made a superuser', () => {
    const { statements, bestEffort } = planRoles({ ...reader(), refuseAgentsOnPrimary: true, closePublic: { close: ['tables', 'create', 'connect', 'temporary', 'routines'], keepFor: ['app'] } }, catalog());
    expect([...statements, ...bestEffort].join('\n')).not.toMatch(/\bDROP\b|\bSUPERUSER\b|WITH GRANT OPTION|DELETE FROM/);
  });
});

describe('what cannot be', () => {
  test.each([
    ['two agents of one name', { agents: [{ name: 'coding' }, { name: 'coding' }] }, {}, 'agent coding is there twice; name each agent once'],
    ['a name that is none', { agents: [{ name: 'Coding"' }] }, {}, `agent is 'Coding"'; write 2 to 30 lower-case letters, digits and hyphens, the first a letter`],
    ['a deployment with quotes', { agents: [], deployment: "a'b" }, {}, `deployment is 'a'b'; write 1 to 63 letters, digits, '.', '_' or '-'`],
    ['a replica', { agents: [] }, { server: { version: 170010, database: 'shop', user: 'master', inRecovery: true } }, 'shop is on a replica, where no role can be changed; connect to the primary'],
    ['a role that was made stronger', reader(), { moreRoles: [role('agent_coding_ro', { comment: MARK, superuser: true })] }, 'role agent_coding_ro was made SUPERUSER; run as a superuser: ALTER ROLE "agent_coding_ro" NOSUPERUSER'],
    ['a role that may not be altered', reader(), { moreRoles: [role('agent_coding_ro', { comment: MARK, administered: false })] }, 'master may not alter role agent_coding_ro; run as a superuser: GRANT "agent_coding_ro" TO "master" WITH ADMIN OPTION'],
    ['closing PUBLIC for nobody', { agents: [], closePublic: { close: ['tables'], keepFor: [] } }, {}, "closePublic.keepFor is empty; name the application's roles, which would lose what PUBLIC loses"],
  ] as const)('%s', (_, wanted, state, sentence) => {
    expect(planRoles(wanted, catalog(state)).problems).toEqual([sentence]);
  });

  test.each([[120022, 'the server is PostgreSQL 12; the kit\'s roles are for 15 to 18: upgrade the database, or the kit'], [150000, undefined], [180004, undefined],
    [190000, 'the server is PostgreSQL 19; the kit\'s roles are for 15 to 18: upgrade the database, or the kit']])('version %i', (version, sentence) => {
    expect(unsupportedServer(version)).toBe(sentence);
  });

  test('agents refused on a primary before PostgreSQL 17 are reported, not ignored', () => {
    const { findings, bestEffort } = planRoles({ agents: [], refuseAgentsOnPrimary: true }, catalog({ server: { version: 160014, database: 'shop', user: 'master', inRecovery: false } }));
    expect([findings.map(({ because }) => because), bestEffort]).toEqual([['agents are to be refused on the primary, which PostgreSQL can from 17 on; this is 16'], []]);
  });
});

test('a script for a DBA is all or nothing, and takes its turn', () => {
  expect(rolesScript({ statements: ['A', 'B'], bestEffort: ['C'], findings: [], problems: [], roles: [] })).toBe([
    '-- All or nothing', 'BEGIN;', "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('cdk-agent-db-guardrails.roles', 0));", 'A;', 'B;', 'COMMIT;', '',
    '-- Each on its own; the server may refuse them', 'C;', '',
  ].join('\n'));
  expect(rolesScript({ statements: [], bestEffort: [], findings: [], problems: [], roles: [] })).toBe('');
});
