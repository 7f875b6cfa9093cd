import type { Look } from './scan';
import { ACCESS } from './statements/access';
import { CONTROL } from './statements/control';
import { DATA } from './statements/data';
import { DEFINITIONS } from './statements/definitions';
import { OUTSIDE } from './statements/outside';

/** Every statement that the kit knows, by the name of its node. One that is not here makes a text unknown. */
export const STATEMENTS: Readonly<Record<string, Look>> = { ...DATA, ...DEFINITIONS, ...ACCESS, ...CONTROL, ...OUTSIDE };
