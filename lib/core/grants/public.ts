import type { Catalog } from '../catalog';
import { quoteIdentifier, quoteQualified } from '../identifier';
import { PUBLIC } from './acl';
import { columnList, groupBy, privilegeWords, reachable, statementsFor, type Operation } from './operations';
import type { ClosePublic, PublicHole, RoleFinding, WantedRoles } from './wanted';

/** Something that PUBLIC was given, on one object. */
interface Gift {
  readonly hole: PublicHole;
  /** What it is said to be. */
  readonly said: keyof typeof WHAT;
  /** Gifts of one subject are reported together. */
  readonly subject: string;
  readonly owner: string;
  readonly privileges: string;
  readonly on: Operation['on'];
  readonly object: string;
}

/**
 * What PUBLIC gives away. Where it was asked for, the application's roles get it and PUBLIC loses it; everything else is
 * reported with the statements.
 */
export function publicGifts({ closePublic }: WantedRoles, catalog: Catalog): { keep: Operation[]; close: Operation[]; findings: RoleFinding[] } {
  const asked = (hole: PublicHole) => closePublic?.close.includes(hole) ?? false;
  const gifts = [...onRelations(catalog), ...onLargeObjects(catalog), ...onSchemas(catalog), ...onDatabases(catalog), ...onRoutines(catalog)];
  const closable = ({ hole, owner }: Gift) => asked(hole) && reachable(catalog, owner);
  const closing = gifts.filter(closable);
  const open = gifts.filter((gift) => !closable(gift));
  return {
    keep: closing.flatMap((gift) => keeping(gift, closePublic!)),
    close: closing.map(closingOf),
    findings: [...groupBy(open, ({ said, subject, owner }) => `${said}\n${subject}\n${owner}`).values()].map((same) => finding(same, asked(same[0]!.hole), catalog)),
  };
}

/** Roles that shall keep what PUBLIC loses and do not exist. */
export function keepForProblems({ closePublic }: WantedRoles, catalog: Catalog): string[] {
  if (!closePublic || closePublic.close.length === 0) return [];
  return [
    ...closePublic.keepFor.filter((role) => !catalog.roles.has(role))
      .map((role) => `closePublic.keepFor names role ${role}, which does not exist; correct the name or take it out`),
    ...(closePublic.keepFor.length > 0 ? [] : ["closePublic.keepFor is empty; name the application's roles, which would lose what PUBLIC loses"]),
  ];
}

function keeping({ owner: by, privileges, on, object }: Gift, { keepFor }: ClosePublic): Operation[] {
  return keepFor.filter((role) => role !== by).map((role) => ({ do: 'GRANT', privileges, on, object, role, by }));
}

function closingOf({ owner: by, privileges, on, object }: Gift): Operation {
  return { do: 'REVOKE', privileges, on, object, role: PUBLIC, by };
}

const WHAT = {
  tables: (count: number, schema: string) => `everybody, agents included, has privileges on ${count} ${count === 1 ? 'table, view or sequence' : 'tables, views or sequences'} in schema ${schema}`,
  'large objects': (count: number) => `everybody, agents included, has privileges on ${count} large ${count === 1 ? 'object' : 'objects'}`,
  create: (_: number, schema: string) => `everybody may create tables and functions in schema ${schema}, and so put a function in place of one that others call`,
  temporary: (_: number, database: string) => `everybody may create temporary tables in database ${database}`,
  connect: (_: number, database: string) => `everybody may connect to database ${database}, where nothing was set up for agents`,
  routines: (count: number, schema: string) => `everybody may execute ${count} SECURITY DEFINER ${count === 1 ? 'routine' : 'routines'} in schema ${schema}, with the privileges of the owner`,
};

function finding(gifts: readonly Gift[], asked: boolean, catalog: Catalog): RoleFinding {
  const { hole, said, subject, owner } = gifts[0]!;
  const refused = asked ? `; it was to be closed, but only ${owner} can, and ${catalog.server.user} is no member of it` : '';
  return {
    id: `public-${hole}`, subject,
    because: WHAT[said](new Set(gifts.map(({ object }) => object)).size, subject) + refused,
    sql: statementsFor(gifts.map(closingOf), catalog).filter((statement) => !/^(SET LOCAL ROLE|RESET ROLE)/.test(statement)),
  };
}

function onRelations(catalog: Catalog): Gift[] {
  const gifts: Gift[] = [];
  for (const { schema, name, kind, owner, acl, columnAcl, extension } of catalog.relations) {
    if (extension || acl.length === 0 && columnAcl.size === 0) continue;
    const target = () => ({ hole: 'tables', said: 'tables', subject: schema, owner, on: kind === 'S' ? 'SEQUENCE' : 'TABLE', object: quoteQualified(schema, name) } as const);
    for (const { grantee, privileges } of acl) if (grantee === PUBLIC) gifts.push({ ...target(), privileges: privilegeWords(privileges) });
    for (const [column, items] of columnAcl) {for (const { grantee, privileges } of items) {if (grantee === PUBLIC) {
      gifts.push(...[...privileges].map((letter) => ({ ...target(), privileges: `${privilegeWords(letter)} (${columnList([column])})` })));
    }}}
  }
  return gifts;
}

function onLargeObjects({ largeObjects, server }: Catalog): Gift[] {
  return largeObjects.flatMap(({ number, owner, acl }) => acl.filter(({ grantee }) => grantee === PUBLIC).map(({ privileges }): Gift => (
    { hole: 'tables', said: 'large objects', subject: server.database, owner, privileges: privilegeWords(privileges), on: 'LARGE OBJECT', object: number })));
}

function onSchemas(catalog: Catalog): Gift[] {
  return [...catalog.schemas.values()]
    .filter(({ acl }) => acl.some(({ grantee, privileges }) => grantee === PUBLIC && privileges.includes('C')))
    .map(({ name, owner }) => ({ hole: 'create', said: 'create', subject: name, owner, privileges: 'CREATE', on: 'SCHEMA', object: quoteIdentifier(name) }));
}

function onDatabases(catalog: Catalog): Gift[] {
  return catalog.databases.flatMap(({ name, owner, acl }): Gift[] => {
    const open = acl.find(({ grantee }) => grantee === PUBLIC)?.privileges ?? '';
    const target = { subject: name, owner, on: 'DATABASE', object: quoteIdentifier(name) } as const;
    const here = name === catalog.server.database;
    return [
      ...(here && open.includes('T') ? [{ ...target, hole: 'temporary', said: 'temporary', privileges: 'TEMPORARY' } as const] : []),
      ...(!here && open.includes('c') ? [{ ...target, hole: 'connect', said: 'connect', privileges: 'CONNECT' } as const] : []),
    ];
  });
}

function onRoutines(catalog: Catalog): Gift[] {
  return catalog.routines
    .filter(({ securityDefiner, extension, acl }) => securityDefiner && !extension && acl.some(({ grantee, privileges }) => grantee === PUBLIC && privileges.includes('X')))
    .map(({ signature, schema, owner }) => ({ hole: 'routines', said: 'routines', subject: schema, owner, privileges: 'EXECUTE', on: 'ROUTINE', object: signature }));
}
