import { LIMITS } from './limits';
import { type Problems, TooMuch } from './problems';
import { isFields, type Fields, type Raw } from './template';

/**
 * Writes out `Fn::ForEach` (of the transform AWS::LanguageExtensions) where its list is literal. A loop over a list that is
 * only known later stays where it is: among properties the resolver takes it as unknown, among resources it is left out here
 * and noted as a macro, because nothing is known of what it makes.
 */
export function expandForEach(template: unknown, file: string, problems: Problems): unknown {
  if (!isFields(template) || !containsLoop(template)) return template;
  let copies = 0;
  let open = false;
  const expanded = expand(template, new Map(), true) as Fields;
  return open ? { ...expanded, Transform: [...[expanded.Transform ?? []].flat() as readonly Raw[], 'Fn::ForEach'] } : expanded;

  function expand(raw: Raw, values: ReadonlyMap<string, string>, section: boolean): Raw {
    if (typeof raw === 'string') return filled(raw, values);
    if (typeof raw !== 'object' || raw === null) return raw;
    if (!isFields(raw)) return raw.map((entry) => expand(entry, values, false));
    if (typeof raw.Ref === 'string' && values.has(raw.Ref)) return values.get(raw.Ref)!;
    return Object.fromEntries(Object.entries(raw).flatMap(([key, value]) => (key.startsWith('Fn::ForEach::') ? loop(key, value, values) : [[filled(key, values), expand(value, values, section)] as const])));
  }

  function loop(key: string, raw: Raw, values: ReadonlyMap<string, string>): (readonly [string, Raw])[] {
    const [name, list, body] = Array.isArray(raw) ? (raw as readonly Raw[]) : [];
    if (typeof name !== 'string' || !isFields(body)) {
      problems.add(`${file}: ${key} has another shape; write [identifier, list, { key: value }]`);
      return [];
    }
    const over = list === undefined ? undefined : literalList(expand(list, values, false));
    if (!over) {
      open = true;
      return [];
    }
    return over.flatMap((value) => {
      if (++copies > LIMITS.copies) throw new TooMuch(`${file}: Fn::ForEach makes more than ${LIMITS.copies} copies`);
      return Object.entries(expand(body, new Map([...values, [name, value]]), false) as Fields);
    });
  }

  /** A list of strings, or a parameter with a default: what is given instead is only known later. */
  function literalList(raw: Raw): readonly string[] | undefined {
    return Array.isArray(raw) && raw.every((one) => typeof one === 'string') ? raw : undefined;
  }
}

/** `${Name}` and, without special characters, `&{Name}`. */
const filled = (text: string, values: ReadonlyMap<string, string>): string =>
  values.size === 0 ? text : text.replace(/\$\{([^}!]+)\}|&\{([^}]+)\}/g, (whole, name: string | undefined, other: string | undefined) =>
    values.get(name ?? other!)?.replace(other === undefined ? /(?!)/ : /[^A-Za-z0-9]/g, '') ?? whole);

function containsLoop(template: Fields): boolean {
  const open: unknown[] = [template];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const key in value) {
      if (key.startsWith('Fn::ForEach::')) return true;
      const inner = (value as { readonly [key: string]: unknown })[key];
      if (typeof inner === 'object') open.push(inner);
    }
  }
  return false;
}
