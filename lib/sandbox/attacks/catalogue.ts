import { BORROWED_RIGHTS } from './borrowed-rights';
import { DEFINITIONS } from './definitions';
import { DISTURBANCE } from './disturbance';
import { FILES_AND_OTHER_SERVERS, THE_WAY_IN } from './elsewhere';
import { HIDDEN_WRITES } from './hidden-writes';
import { PERSONAL_DATA_ATTACKS } from './personal-data';
import { PLAIN_WRITES } from './plain-writes';
import { ROLES_AND_SETTINGS } from './roles-and-settings';
import type { Attack } from './types';

/** Every attack, family by family. */
export const ATTACKS: readonly Attack[] = [
  ...PLAIN_WRITES, ...HIDDEN_WRITES, ...BORROWED_RIGHTS, ...DEFINITIONS, ...ROLES_AND_SETTINGS,
  ...PERSONAL_DATA_ATTACKS, ...FILES_AND_OTHER_SERVERS, ...THE_WAY_IN, ...DISTURBANCE,
];
