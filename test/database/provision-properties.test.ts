import fc from 'fast-check';
import { provisionRoles } from '../../lib/database/provision';
import type { Sql } from '../../lib/database/sql';
import type { ColumnName, ReadAccess, SchemaChoice, WantedRoles } from '../../lib/core/grants';
import { connect, type Connection } from '../../lib/sandbox/connection';
import { testServer } from '../sandbox/fixture';
import { database, READER, SHOP, urlAs } from './fixture';

const OWNER = `Ow"ner'; DROP ROLE master; --é`;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Names that anybody could have given: quotes, SQL, spaces, other scripts, all 63 bytes. */
const name = fc.oneof(
  fc.constantFrom('select', 'Order', 'a"b', "it's", '; DROP TABLE users; --', '$dbguard$', '$$', 'a,b', '{a}', 'x=r/y', 'a\\b', 'ä'.repeat(31), 'n'.repeat(63), ' ', 'a.b', 'PUBLIC', 'new\nline', '列', '"', 'Zo\u0301e'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
).filter((text) => Buffer.byteLength(text) <= 63 && !text.includes('\0') && !/^pg_|^(ctid|xmin|xmax|cmin|cmax|tableoid)$/.test(text) && !/\p{Surrogate}/u.test(text));

const names = (min: number, max: number) => fc.uniqueArray(name, { minLength: min, maxLength: max });

interface World {
  readonly schemas: readonly { readonly name: string; readonly tables: readonly { readonly name: string; readonly columns: readonly string[]; readonly partition: boolean }[] }[];
}

const world: fc.Arbitrary<World> = names(1, 2).chain((schemas) => fc.tuple(...schemas.map((schema) =>
  names(1, 3).chain((tables) => fc.tuple(...tables.map((table) => fc.record({ name: fc.constant(table), columns: names(1, 4), partition: fc.boolean() }))))
    .map((tables) => ({ name: schema, tables })),
))).map((schemas) => ({ schemas }));

/** Some configuration of a world: what is read, what is left out, who may change what. */
function wantedIn({ schemas }: World): fc.Arbitrary<WantedRoles> {
  const columns: ColumnName[] = schemas.flatMap((schema) => schema.tables.flatMap((table) => table.columns.map((column) => ({ schema: schema.name, table: table.name, column }))));
  const choices: fc.Arbitrary<SchemaChoice[]> = fc.subarray([...schemas], { minLength: 1 }).chain((some) => fc.tuple(...some.map((schema) =>
    fc.option(fc.subarray(schema.tables.map((table) => table.name)), { nil: undefined }).map((tables) => ({ schema: schema.name, ...(tables ? { tables } : {}) })))));
  const read: fc.Arbitrary<ReadAccess> = fc.record({ schemas: choices, personalData: fc.subarray(columns), future: fc.constantFrom('readable', 'closed', undefined) })
    .map(({ future, ...rest }) => ({ ...rest, ...(future ? { future: future } : {}) }));
  return fc.record({
    agents: fc.tuple(fc.option(read, { nil: undefined }), fc.option(read, { nil: undefined }), fc.option(choices, { nil: undefined })).map(([one, two, staging]) => [
      { name: 'one', ...(one ? { read: one } : {}), ...(staging ? { staging: { schemas: staging } } : {}) },
      ...(two ? [{ name: 'two', read: two }] : []),
    ]),
  });
}

function creation({ schemas }: World): string {
  return [`SET ROLE ${quoted(OWNER)};`, ...schemas.flatMap((schema) => [
    `CREATE SCHEMA ${quoted(schema.name)};`,
    ...schema.tables.flatMap(({ name: table, columns, partition }, index) => {
      const full = `${quoted(schema.name)}.${quoted(table)}`;
      return [
        `CREATE TABLE ${full} (${columns.map((column) => `${quoted(column)} text`).join(', ')})${partition ? ` PARTITION BY LIST (${quoted(columns[0]!)})` : ''};`,
        ...(partition ? [`CREATE TABLE ${quoted(schema.name)}.${quoted(`part ${index} of it`)} PARTITION OF ${full} DEFAULT;`] : []),
        `CREATE VIEW ${quoted(schema.name)}.${quoted(`view ${index}`)} AS SELECT ${quoted(columns[0]!)} AS a FROM ${full};`,
        `CREATE VIEW ${quoted(schema.name)}.${quoted(`view of view ${index}`)} AS SELECT * FROM ${quoted(schema.name)}.${quoted(`view ${index}`)};`,
      ];
    }),
  ]), 'RESET ROLE;'].join('\n');
}

/** Everything that the kit's roles hold, in words that do not depend on the order of things. */
async function holdings(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ line: string }>(`
    WITH kit AS (SELECT oid, rolname FROM pg_roles WHERE rolname ~ '^agent_'),
    acl AS (
      SELECT 'class ' || c.oid::regclass AS what, c.relacl AS acl FROM pg_class c WHERE c.relacl IS NOT NULL
      UNION ALL SELECT 'column ' || a.attrelid::regclass || ' ' || a.attname, a.attacl FROM pg_attribute a WHERE a.attacl IS NOT NULL
      UNION ALL SELECT 'schema ' || nspname, nspacl FROM pg_namespace WHERE nspacl IS NOT NULL
      UNION ALL SELECT 'default ' || defaclrole::regrole || ' ' || coalesce(defaclnamespace::regnamespace::text, '') || defaclobjtype::text, defaclacl FROM pg_default_acl
      UNION ALL SELECT 'database', datacl FROM pg_database WHERE datname = current_database())
    SELECT k.rolname || ' ' || what || ' ' || x.privilege_type || ' ' || x.is_grantable AS line FROM acl, aclexplode(acl.acl) x JOIN kit k ON k.oid = x.grantee
    UNION SELECT 'role ' || r.rolname || ' ' || r.rolcanlogin || ' ' || r.rolconnlimit || ' ' || coalesce(array_to_string(s.setconfig, '|'), '')
      FROM pg_roles r JOIN kit k USING (oid) LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid WHERE r.rolcanlogin
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}

describe('database roles, whatever the tables are called and whatever is wanted of them', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  let root: Connection;
  let master: Connection;

  beforeAll(async () => {
    server = await testServer(17);
    await database(server, 'shop');
    root = await connect(server.superuserUrl('shop'));
    await root.script(`CREATE ROLE ${quoted(OWNER)}; GRANT ${quoted(OWNER)} TO master WITH INHERIT FALSE, SET TRUE; GRANT CREATE ON DATABASE shop TO ${quoted(OWNER)}`);
    master = await connect(urlAs(server, 'master', 'shop'));
  });
  afterAll(async () => {
    await master.end();
    await root.end();
    await server.remove();
  });

  const inWorld = async <Result>(made: World, use: () => Promise<Result>): Promise<Result> => {
    await root.script(creation(made));
    try {
      return await use();
    } finally {
      await provisionRoles(master, { agents: [] });
      await root.script(made.schemas.map((schema) => `DROP SCHEMA ${quoted(schema.name)} CASCADE;`).join(''));
    }
  };

  const scenario = world.chain((made) => fc.tuple(fc.constant(made), wantedIn(made), wantedIn(made)));

  test('twice is once, the way there does not matter, personal data stays closed, and revoking leaves nothing', async () => {
    await fc.assert(fc.asyncProperty(scenario, async ([made, first, second]) => inWorld(made, async () => {
      await provisionRoles(master, first);
      expect((await provisionRoles(master, first)).statements).toEqual([]);
      await personalDataIsClosed(first);

      // From one configuration to the next is the same as to the next from nothing.
      await provisionRoles(master, second);
      expect((await provisionRoles(master, second)).statements).toEqual([]);
      const there = await holdings(root);
      await provisionRoles(master, { agents: [] });
      expect(await holdings(root)).toEqual([]);
      await provisionRoles(master, second);
      expect(await holdings(root)).toEqual(there);
    })), { numRuns: Number(process.env.PROPERTY_RUNS ?? 15) });
  });

  async function personalDataIsClosed({ agents }: WantedRoles): Promise<void> {
    for (const { name: agent, read } of agents) {for (const { schema, table, column } of read?.personalData ?? []) {
      const { rows } = await root.query<{ open: boolean }>(
        `SELECT has_column_privilege($1, c.oid, $4, 'SELECT') AS open FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = $2 AND c.relname = $3`, [`agent_${agent}_ro`, schema, table, column],
      );
      expect([schema, table, column, rows]).toEqual([schema, table, column, [{ open: false }]]);
    }}
  }

  test('what somebody added by hand is gone after a run', async () => {
    const privileges = fc.constantFrom('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ALL');
    await fc.assert(fc.asyncProperty(scenario, fc.array(fc.tuple(fc.nat(), privileges, fc.boolean()), { minLength: 1, maxLength: 4 }), async ([made, wanted], mess) => inWorld(made, async () => {
      await provisionRoles(master, wanted);
      const clean = await holdings(root);
      const tables = made.schemas.flatMap((schema) => schema.tables.map((table) => ({ full: `${quoted(schema.name)}.${quoted(table.name)}`, column: quoted(table.columns[0]!) })));
      for (const [at, privilege, option] of mess) {
        const { full, column } = tables[at % tables.length]!;
        const what = privilege === 'DELETE' || privilege === 'TRUNCATE' || at % 2 === 0 ? privilege : `${privilege} (${column})`;
        await root.script(`SET ROLE ${quoted(OWNER)}; GRANT ${what} ON ${full} TO agent_one_ro ${option ? 'WITH GRANT OPTION' : ''}; RESET ROLE`).catch(async (error: unknown) => {
          await root.script('RESET ROLE');
          if (!/does not exist/.test((error as Error).message)) throw error;
        });
      }
      await provisionRoles(master, wanted);
      expect(await holdings(root)).toEqual(clean);
    })), { numRuns: Number(process.env.PROPERTY_RUNS ?? 10) });
  });
});

describe('a run that ends anywhere', () => {
  test('is repaired by the next one, wherever it was killed', async () => {
    const server = await testServer(17);
    try {
      await database(server, 'shop', SHOP);
      const wanted: WantedRoles = { ...READER, closePublic: { close: ['tables', 'routines', 'temporary'], keepFor: ['app_user'] } };
      const reference = await connect(urlAs(server, 'master', 'shop'));
      await provisionRoles(reference, wanted);
      const complete = await holdings(reference);
      await reference.end();

      let survived = false;
      for (let at = 1; !survived; at++) {
        const killed = await connect(urlAs(server, 'master', 'shop'));
        await provisionRoles(killed, { agents: [] });
        survived = await provisionRoles(dyingAt(killed, at), wanted).then(() => true, () => false);
        await killed.end();

        const next = await connect(urlAs(server, 'master', 'shop'));
        const between = await holdings(next);
        // All or nothing, but for the settings that follow.
        expect([[], complete]).toContainEqual(between);
        await provisionRoles(next, wanted);
        expect(await holdings(next)).toEqual(complete);
        await next.end();
      }
    } finally {
      await server.remove();
    }
  });

  test('eight at once, wanting different things, never fail', async () => {
    const server = await testServer(17);
    try {
      await database(server, 'shop', SHOP);
      const connections = await Promise.all(Array.from({ length: 8 }, () => connect(urlAs(server, 'master', 'shop'))));
      const other: WantedRoles = { agents: [...READER.agents, { name: 'other', staging: { schemas: [{ schema: 'public' }] } }] };
      for (let round = 0; round < 3; round++) {
        await Promise.all(connections.map((sql, index) => provisionRoles(sql, (round + index) % 2 === 0 ? READER : other)));
      }
      expect((await provisionRoles(connections[0]!, READER)).statements.length).toBeGreaterThanOrEqual(0);
      expect((await provisionRoles(connections[1]!, READER)).statements).toEqual([]);
      await Promise.all(connections.map((sql) => sql.end()));
    } finally {
      await server.remove();
    }
  });
});

/** A connection that breaks, for good, in place of its nth statement. */
function dyingAt(sql: Connection, at: number): Sql {
  let count = 0;
  return {
    notices: sql.notices,
    query: async (text, values) => {
      count++;
      if (count === at) await sql.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
      if (count >= at) throw new Error('the connection is gone');
      return sql.query(text, values);
    },
  };
}
