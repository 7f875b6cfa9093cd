import { z } from 'zod';
import { KIT_TAG } from '../core/policy';
import { network, replica, staging } from './agent-databases';
import { exceptions } from './exceptions';
import { fields, text } from './fields';
import { backups, log } from './keeping';
import { regionName } from './kinds';
import { agents, approvers } from './people';
import { production } from './production';
import { roles } from './roles';

export const account = text('account id', '12 digits in quotes, such as "111122223333"', (value) => /^\d{12}$/.test(value))
  .optional()
  .describe('The account to deploy to. Left out: the account that the CLI is logged in to.');

export const region = regionName().optional().describe('The Region to deploy to. Left out: the Region of the CLI.');

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;

export const tags = z
  .record(
    z.string().refine((key) => TAG.test(key) && key.length >= 1 && key.length <= 128 && !/^aws:/i.test(key) && key !== KIT_TAG, {
      error: `a key of 1 to 128 letters, digits, spaces and _ . : / = + - @ that does not begin with aws: and is not ${KIT_TAG}`,
    }),
    text(
      'string',
      'a value of at most 256 letters, digits, spaces and _ . : / = + - @',
      (value) => TAG.test(value) && value.length <= 256,
    ),
    { error: 'an object with a string for each tag' },
  )
  .meta({ kind: 'object of strings' })
  .default({})
  .describe('Tags of every resource.');

export const environment = fields({
  description: text(
    'string',
    'at most 1024 characters, without control characters',
    (value) => value.length <= 1024 && !/\p{Cc}/u.test(value),
  )
    .optional()
    .describe('What the environment is. Becomes the description of the stack.'),
  account,
  region,
  production,
  network: network.prefault({}),
  replica: replica.prefault({}),
  staging: staging.prefault({}),
  agents,
  approvers,
  roles: roles.prefault({}),
  backups: backups.prefault({}),
  log: log.prefault({}),
  exceptions,
  tags,
});

type Parsed = z.output<typeof environment>;
type WithClass<Database> = Database & { readonly instanceClass: string };

/** An environment that is valid, with all defaults filled in. */
export interface Environment extends Readonly<Omit<Parsed, 'replica' | 'staging'>> {
  readonly replica: WithClass<Parsed['replica']>;
  readonly staging: WithClass<Parsed['staging']>;
}

/** Fills in what a field takes over from another. */
export function withClasses(parsed: Parsed): Environment {
  const ofProduction = (parsed.production.existing ?? parsed.production.create).instanceClass;
  return {
    ...parsed,
    replica: { ...parsed.replica, instanceClass: parsed.replica.instanceClass ?? ofProduction },
    staging: { ...parsed.staging, instanceClass: parsed.staging.instanceClass ?? ofProduction },
  };
}
