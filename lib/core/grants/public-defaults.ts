import type { Catalog, CatalogDefault } from '../catalog';
import { quoteIdentifier } from '../identifier';
import { PUBLIC } from './acl';
import { creatorsBySchema, DEFAULT_WORDS, grant, render, type DefaultChange } from './default-privileges';
import { groupBy, membershipStatement, reachable } from './operations';
import type { ClosePublic, PublicHole, RoleFinding, WantedRoles } from './wanted';

/** Which hole a default privilege of PUBLIC opens again, by kind of object, and with which letters. */
const OPENS: Readonly<Record<string, { readonly hole: PublicHole; readonly letters: string }>> = {
  r: { hole: 'tables', letters: 'rawdDxtm' }, S: { hole: 'tables', letters: 'rwU' }, L: { hole: 'tables', letters: 'rw' },
  f: { hole: 'routines', letters: 'X' }, n: { hole: 'create', letters: 'C' },
};

/**
 * What everybody would be given on objects that are added later. Where the hole is to be closed, the application's roles are
 * given it instead; everything else is reported. PostgreSQL gives everybody EXECUTE on new routines even where nobody wrote
 * a default. `own` are the kit's roles: they make no objects, whatever they wrote for themselves.
 */
export function publicDefaults(wanted: WantedRoles, own: ReadonlySet<string>, catalog: Catalog): { statements: string[]; findings: RoleFinding[] } {
  const { closePublic } = wanted;
  const asked = (hole: PublicHole) => closePublic?.close.includes(hole) ?? false;
  const written = catalog.defaults.filter(({ owner }) => !own.has(owner)).flatMap((entry): Gift[] => {
    const opens = OPENS[entry.kind];
    const given = entry.acl.find(({ grantee }) => grantee === PUBLIC)?.privileges ?? '';
    const letters = [...given].filter((letter) => opens?.letters.includes(letter)).join('');
    return opens === undefined || letters === '' ? [] : [{ ...entry, hole: opens.hole, letters }];
  });
  const gifts = [...written, ...(asked('routines') ? unwritten(wanted, catalog) : [])];
  const closing = gifts.filter(({ hole, owner }) => asked(hole) && reachable(catalog, owner));
  const open = gifts.filter((gift) => !closing.includes(gift));
  return {
    statements: render(closing.flatMap((gift) => [...keeping(gift, closePublic!), closingOf(gift)]), catalog),
    findings: [...groupBy(open, ({ hole, owner }) => `${hole}\n${owner}`).values()].map((same) => finding(same, asked(same[0]!.hole), catalog)),
  };
}

interface Gift extends Pick<CatalogDefault, 'owner' | 'schema' | 'kind'> {
  readonly hole: PublicHole;
  readonly letters: string;
}

/** EXECUTE on the routines of whoever has no default of its own for them. */
function unwritten(wanted: WantedRoles, catalog: Catalog): Gift[] {
  const written = new Set(catalog.defaults.filter(({ kind, schema }) => kind === 'f' && schema === undefined).map(({ owner }) => owner));
  const creators = new Set([...creatorsBySchema(wanted, catalog).values()].flatMap((names) => [...names]));
  return [...creators].filter((owner) => !written.has(owner)).map((owner) => ({ owner, schema: undefined, kind: 'f', hole: 'routines', letters: 'X' }));
}

function keeping({ owner, schema, kind, letters }: Gift, { keepFor }: ClosePublic): DefaultChange[] {
  return keepFor.filter((role) => role !== owner).map((role) => ({ owner, schema, text: grant('GRANT', letters, DEFAULT_WORDS[kind]!, role) }));
}

function closingOf({ owner, schema, kind, letters }: Gift): DefaultChange {
  return { owner, schema, text: grant('REVOKE', letters, DEFAULT_WORDS[kind]!, PUBLIC) };
}

const WHAT: Readonly<Partial<Record<PublicHole, (owner: string, kinds: string) => string>>> = {
  tables: (owner, kinds) => `everybody, agents included, is given privileges on the ${kinds} that ${owner} adds`,
  create: (owner) => `everybody may create tables and functions in the schemas that ${owner} adds`,
  routines: (owner) => `everybody may execute the routines that ${owner} adds, SECURITY DEFINER or not`,
};

function finding(gifts: readonly Gift[], asked: boolean, catalog: Catalog): RoleFinding {
  const { hole, owner } = gifts[0]!;
  const kinds = [...new Set(gifts.map(({ kind }) => DEFAULT_WORDS[kind]!.toLowerCase()))].join(', ');
  const user = catalog.server.user;
  return {
    id: `public-${hole}`, subject: owner,
    because: WHAT[hole]!(owner, kinds) + (asked ? `; it was to be closed, but ${user} is no member of ${owner}` : ''),
    sql: asked ? [membershipStatement(owner, catalog)] : gifts.map((gift) => statement(gift)),
  };
}

function statement(gift: Gift): string {
  return `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(gift.owner)} ` +
    closingOf(gift).text(gift.schema === undefined ? '' : `IN SCHEMA ${quoteIdentifier(gift.schema)} `);
}
