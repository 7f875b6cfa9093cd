import { BACKUPS } from './backups';
import { BACKUP_CHAINS, CHAINS, RECORD_CHAINS } from './chains';
import { CONTROL_PLANE } from './control-plane';
import type { Damage } from './damage';
import { DECLARATIONS } from './declarations';
import { LOG } from './log';
import { APPROVERS, DELETERS } from './people';
import { PRODUCTION } from './production';
import { REPLICA } from './replica';
import { RETAINED } from './retained';
import { DATABASE_ROLES } from './roles';
import { ROUTES } from './routes';
import { STAGING } from './staging';
import { UPDATES } from './updates';

/** Every protection of the demo, damaged one at a time. */
export const DAMAGES: readonly Damage[] = [
  ...REPLICA, ...DATABASE_ROLES, ...ROUTES, ...CONTROL_PLANE, ...CHAINS, ...STAGING, ...PRODUCTION, ...BACKUPS, ...BACKUP_CHAINS, ...LOG, ...RECORD_CHAINS, ...APPROVERS, ...DELETERS, ...DECLARATIONS,
  ...RETAINED, ...UPDATES,
];

/** Of three damages the first is done in the quick tests and the rest in the long ones. */
export const QUICK = DAMAGES.filter((_, index) => index % 3 === 0);
export const REST = DAMAGES.filter((_, index) => index % 3 !== 0);
