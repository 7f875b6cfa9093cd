import type { z } from 'zod';
import { contradictions } from './environment/contradictions';
import { valueAt } from './environment/draft';
import { aboutQuotes, pathText, show, showKey, showMisplaced, type Mistake, type Path } from './environment/mistakes';
import { roleContradictions } from './environment/role-contradictions';
import { environment as schema, withClasses, type Environment } from './environment/schema';

export { readingAgents, setsUpRoles } from './environment/agent-roles';
export { misspeltChoice, misspeltEnvironments } from './environment/context';
export { costDrivers } from './environment/cost-drivers';
export { expiredExceptions } from './environment/expired';
export { renderMistakes, type Mistake } from './environment/mistakes';
export type { Environment } from './environment/schema';

/**
 * Reads `context.environments` of cdk.json: an object with one environment per name. Gives either all of them, valid and
 * with their defaults filled in, or everything that is wrong with any of them, at once.
 */
export function readEnvironments(environments: unknown): { environments: Record<string, Environment> } | { mistakes: Mistake[] } {
  const root = ['environments'];
  if (
    typeof environments !== 'object' ||
    environments === null ||
    Array.isArray(environments) ||
    Object.keys(environments).length === 0
  ) {
    return {
      mistakes: [
        {
          path: pathText(root),
          seen: showMisplaced(environments, root),
          write: 'an object with at least one environment, by name',
        },
      ],
    };
  }
  const read = Object.entries(environments).map(([name, raw]: [string, unknown]) => ({
    name,
    ...readEnvironment(raw, [...root, name]),
  }));
  const mistakes = [...read.flatMap(({ name, mistakes }) => [...wrongName(name, root), ...mistakes]), ...sharedDatabases(read, root)];
  return mistakes.length > 0
    ? { mistakes }
    : {
        environments: Object.fromEntries(
          read.flatMap(({ name, environment }) => (environment ? [[name, environment] as const] : [])),
        ),
      };
}

function readEnvironment(raw: unknown, at: Path): { environment?: Environment; mistakes: Mistake[] } {
  const parsed = schema.safeParse(raw);
  const found = [...(parsed.error?.issues ?? []).flatMap((issue) => mistakesOf(issue, raw, [], at)), ...contradictions(raw, at), ...roleContradictions(raw, at)];
  // One mistake, found by two checks, is told once.
  const mistakes = found.filter(
    (one, i) => found.findIndex((other) => other.path === one.path && other.write === one.write) === i,
  );
  return parsed.success && mistakes.length === 0 ? { environment: withClasses(parsed.data), mistakes } : { mistakes };
}

/** The kit's databases, log groups and alarms are named after production's, so one database has one environment. */
function sharedDatabases(read: readonly { name: string; environment?: Environment }[], root: Path): Mistake[] {
  const guarded = read.flatMap(({ name, environment }) =>
    environment?.production.existing ? [{ name, resourceId: environment.production.existing.resourceId }] : [],
  );
  return guarded.flatMap(({ name, resourceId }, i) => {
    const first = guarded.slice(0, i).find((earlier) => earlier.resourceId === resourceId);
    return first === undefined
      ? []
      : [{
          path: pathText([...root, name, 'production', 'existing', 'resourceId']),
          seen: `the database of the environment ${first.name}`,
          write: 'another database: one database has one environment, with all its agents',
        }];
  });
}

/** Names become part of the names of stacks. */
function wrongName(name: string, root: Path): Mistake[] {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 32
    ? []
    : [
        {
          path: pathText([...root, name]),
          seen: `the name ${show(name, root)}`,
          write: 'a name of at most 32 lower-case letters, digits and single hyphens, the first a letter',
        },
      ];
}

/** The type that was expected, in zod's words. */
function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected;
  return issue.code === 'invalid_value' && issue.values.every((value) => typeof value === 'number') ? 'number' : '';
}

/** What zod found, whose messages are what to write (see `fields.ts`). `inside` leads to where the path of the issue begins. */
function mistakesOf(issue: z.core.$ZodIssue, raw: unknown, inside: Path, at: Path): Mistake[] {
  const path = [...inside, ...(issue.path as Path)];
  const full = [...at, ...path];
  const value = valueAt(raw, path);
  if (issue.code === 'unrecognized_keys') {
    const write = issue.message.split('\n');
    return issue.keys.map((key, i) => ({ path: pathText([...full, key]), seen: showKey(key), write: write[i] ?? '' }));
  }
  if (issue.code === 'invalid_union') {
    // The kind that was meant is the one that is not wrong as a whole; its own mistakes say more than "none of these".
    const meant = issue.errors.find(
      (issues) => issues.length > 0 && issues.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
    );
    if (meant) return meant.flatMap((inner) => mistakesOf(inner, raw, path, at));
  }
  const write = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const seen =
    issue.code === 'invalid_key'
      ? 'a key that AWS does not take'
      : issue.code === 'invalid_type'
        ? showMisplaced(value, full)
        : show(value, full);
  const hint = write.includes('quotes') ? '' : aboutQuotes(value, expectedBy(issue));
  return [{ path: pathText(full), seen, write: `${hint}${write}` }];
}
