import { ACTION_LIST } from './action-list';

export type AccessLevel = 'Read' | 'List' | 'Write' | 'Tagging' | 'Permissions management';

const LEVELS: Readonly<Record<string, AccessLevel>> = { R: 'Read', L: 'List', W: 'Write', T: 'Tagging', P: 'Permissions management' };

/** The access level of each action of a service, by name in its own letter case; read once. */
const services = new Map<string, ReadonlyMap<string, AccessLevel>>();

function levelsOf(service: string): ReadonlyMap<string, AccessLevel> {
  let levels = services.get(service);
  if (levels === undefined) {
    const list = Object.hasOwn(ACTION_LIST, service) ? ACTION_LIST[service]!.split(' ') : [];
    levels = new Map(list.map((entry) => [entry.slice(1), LEVELS[entry[0]!]!]));
    // Only AWS's own services are kept, not what a policy may have written.
    if (list.length > 0) services.set(service, levels);
  }
  return levels;
}

/** The prefixes of all services, e.g. `rds`. */
export const allServices = (): readonly string[] => Object.keys(ACTION_LIST);

/** The actions of a service with its prefix, e.g. `rds:DeleteDBInstance`; none for one that AWS does not have. */
export const actionsOf = (service: string): readonly string[] => [...levelsOf(service).keys()].map((action) => `${service}:${action}`);

/** Every action that AWS has, over 20,000. */
export const allActions = (): readonly string[] => allServices().flatMap(actionsOf);

/** What AWS says an action does, or undefined for an action that it does not have. The letter case is AWS's own. */
export function accessLevel(action: string): AccessLevel | undefined {
  const [service = '', name = ''] = action.split(':');
  return levelsOf(service).get(name);
}
