/** One entry of an access control list: what one role was given by another. */
export interface AclItem {
  /** A role's name; `''` is PUBLIC. */
  readonly grantee: string;
  readonly grantor: string;
  /** PostgreSQL's letters, such as `r` for SELECT. */
  readonly privileges: string;
  /** Those of the letters that may be given on. */
  readonly grantable: string;
}

/** PUBLIC: everyone, present and future. */
export const PUBLIC = '';

/** Words for PostgreSQL's letters, in the order in which privileges are written. */
export const PRIVILEGE_WORDS: Readonly<Record<string, string>> = {
  r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', D: 'TRUNCATE', x: 'REFERENCES', t: 'TRIGGER', m: 'MAINTAIN',
  U: 'USAGE', C: 'CREATE', c: 'CONNECT', T: 'TEMPORARY', X: 'EXECUTE', s: 'SET', A: 'ALTER SYSTEM',
};

const parsed = new Map<string, readonly AclItem[]>();
const REMEMBERED = 5000;

/**
 * An `aclitem[]` as PostgreSQL writes it: `{app=arwdDxt/app,"\"odd name\"=r/app"}`. Lists repeat over thousands of
 * tables, so each text is read once.
 */
export function parseAcl(text: string): readonly AclItem[] {
  const known = parsed.get(text);
  if (known) return known;
  const items = arrayElements(text).map(parseItem);
  if (parsed.size >= REMEMBERED) parsed.clear();
  parsed.set(text, items);
  return items;
}

function arrayElements(text: string): string[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\[\s\S])*)"|[^,]+/g)]
    .map(([bare, quoted]) => quoted === undefined ? bare : quoted.replace(/\\([\s\S])/g, '$1'));
}

function parseItem(item: string): AclItem {
  const [grantee, afterGrantee] = leadingName(item);
  const slash = item.indexOf('/', afterGrantee);
  const letters = item.slice(afterGrantee + 1, slash);
  const [grantor] = leadingName(item.slice(slash + 1));
  return {
    grantee, grantor,
    privileges: letters.replaceAll('*', ''),
    grantable: [...letters.matchAll(/(.)\*/g)].map(([, letter]) => letter).join(''),
  };
}

/** The role name at the start of the text, and where it ends. */
function leadingName(text: string): [name: string, end: number] {
  if (!text.startsWith('"')) {
    const end = /[=/]|$/.exec(text)!.index;
    return [text.slice(0, end), end];
  }
  const [whole] = /^"(?:[^"]|"")*"/.exec(text)!;
  return [whole.slice(1, -1).replaceAll('""', '"'), whole.length];
}
