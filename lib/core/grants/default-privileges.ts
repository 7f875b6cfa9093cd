import type { Catalog, CatalogDefault } from '../catalog';
import { quoteIdentifier } from '../identifier';
import { PUBLIC } from './acl';
import type { RoleAccess } from './differences';
import { actingAs, groupBy, membershipStatement, privilegeWords, reachable, roleWord } from './operations';
import type { RoleFinding, WantedRoles } from './wanted';

/** One change of what is given on objects that are added later. */
export interface DefaultChange {
  readonly owner: string;
  readonly text: (schemas: string) => string;
  /** `undefined`: in every schema. */
  readonly schema: string | undefined;
}

const KINDS = [
  { kind: 'r', word: 'TABLES', letters: ({ future }: RoleAccess['access']) => future.tables },
  { kind: 'S', word: 'SEQUENCES', letters: ({ future }: RoleAccess['access']) => future.sequences },
] as const;

export const DEFAULT_WORDS: Readonly<Record<string, string>> = { r: 'TABLES', S: 'SEQUENCES', f: 'ROUTINES', T: 'TYPES', n: 'SCHEMAS', L: 'LARGE OBJECTS' };

/** What roles get on tables and sequences that are added later, by whoever adds tables to the schemas now. */
export function futureStatements(roles: readonly RoleAccess[], wantedRoles: WantedRoles, catalog: Catalog): { statements: string[]; findings: RoleFinding[]; problems: string[] } {
  const existing = new Map(catalog.defaults.map((entry) => [keyOf(entry), entry]));
  const creators = creatorsBySchema(wantedRoles, catalog);
  const changes: DefaultChange[] = [];
  const unreachable = new Map<string, Set<string>>();
  const wanted = new Set<string>();
  for (const { role, access } of roles) {
    for (const schema of access.future.schemas) {for (const owner of creators.get(schema) ?? []) {for (const { kind, word, letters } of KINDS) {
      if (letters(access) === '') continue;
      const key = keyOf({ owner, schema, kind });
      wanted.add(`${key}\n${role}`);
      const held = existing.get(key)?.acl.find(({ grantee }) => grantee === role)?.privileges ?? '';
      const missing = [...letters(access)].filter((letter) => !held.includes(letter)).join('');
      if (missing === '') continue;
      if (reachable(catalog, owner)) changes.push({ owner, schema, text: grant('GRANT', missing, word, role) });
      else unreachable.set(owner, (unreachable.get(owner) ?? new Set()).add(schema));
    }}}
  }
  const surplus = excess(roles, catalog, wanted);
  const beyond = new Set(surplus.map(({ owner }) => owner).filter((owner) => !reachable(catalog, owner)));
  return {
    statements: render([...surplus, ...changes], catalog),
    problems: [...beyond].map((owner) => `${owner} gives roles of the kit privileges on whatever it adds, and ${catalog.server.user} is no member of it; ` +
      `run as a superuser, or as a role with ADMIN on ${owner}: ${membershipStatement(owner, catalog)}`),
    findings: [...unreachable].map(([owner, schemas]) => ({
      id: 'future-tables', subject: owner,
      because: `tables that ${owner} adds to ${[...schemas].join(', ')} stay closed until the next run, since ${catalog.server.user} is no member of it`,
      sql: [membershipStatement(owner, catalog)],
    })),
  };
}

/**
 * What is in default privileges for the kit's roles and not wanted any more. What such a role wrote for itself is left: nobody
 * else could take it back, and it is about objects of its own, which it cannot make.
 */
function excess(roles: readonly RoleAccess[], catalog: Catalog, wanted: ReadonlySet<string>): DefaultChange[] {
  const others = catalog.defaults.filter(({ owner }) => !roles.some(({ role }) => role === owner));
  return others.flatMap((entry) => roles.flatMap(({ role, access }): DefaultChange[] => {
    const held = entry.acl.find(({ grantee }) => grantee === role);
    if (!held) return [];
    const keep = wanted.has(`${keyOf(entry)}\n${role}`) ? KINDS.find(({ kind }) => kind === entry.kind)?.letters(access) ?? '' : '';
    const surplus = [...held.privileges].filter((letter) => !keep.includes(letter)).join('');
    return surplus === '' ? [] : [{ owner: entry.owner, schema: entry.schema, text: grant('REVOKE', surplus, DEFAULT_WORDS[entry.kind]!, role) }];
  }));
}

export function grant(verb: 'GRANT' | 'REVOKE', letters: string, word: string, role: string): DefaultChange['text'] {
  return (schemas) => `${schemas}${verb} ${privilegeWords(letters)} ON ${word} ${verb === 'GRANT' ? 'TO' : 'FROM'} ${roleWord(role)}`;
}

/** One statement for all schemas of an owner; as the owner where membership alone is not enough. */
export function render(changes: readonly DefaultChange[], catalog: Catalog): string[] {
  const same = groupBy(changes, ({ owner, schema, text }) => `${owner}\n${schema === undefined}\n${text('')}`);
  return [...same.values()].flatMap((group) => {
    const { owner, text } = group[0]!;
    const schemas = group.flatMap(({ schema }) => schema === undefined ? [] : [quoteIdentifier(schema)]);
    const where = schemas.length === 0 ? '' : `IN SCHEMA ${[...new Set(schemas)].join(', ')} `;
    const become = owner !== catalog.server.user && catalog.roles.get(owner)?.reach === 'set' ? owner : '';
    return actingAs(become, [`ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(owner)} ${text(where)}`]);
  });
}

/**
 * Who adds tables to a schema: who owns some in it, who owns it, who has CREATE on it, or will have it instead of PUBLIC,
 * and who reads this.
 */
export function creatorsBySchema({ closePublic }: WantedRoles, { relations, schemas, server, databases }: Catalog): Map<string, Set<string>> {
  const database = databases.find(({ name }) => name === server.database);
  const person = (owner: string) => owner === 'pg_database_owner' ? database?.owner ?? server.user : owner;
  const instead = closePublic?.close.includes('create') ? closePublic.keepFor : [];
  const creators = new Map([...schemas.values()].map(({ name, owner, acl }) => {
    const may = acl.filter(({ privileges }) => privileges.includes('C')).flatMap(({ grantee }) => grantee === PUBLIC ? instead : [person(grantee)]);
    return [name, new Set([server.user, person(owner), ...may])];
  }));
  for (const { schema, owner, extension } of relations) if (!extension) creators.get(schema)?.add(owner);
  return creators;
}

function keyOf({ owner, schema, kind }: Pick<CatalogDefault, 'owner' | 'schema' | 'kind'>): string {
  return JSON.stringify([owner, schema ?? null, kind]);
}
