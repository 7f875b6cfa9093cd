import { arnOf } from '../identities';
import { is, property, resourcesOf, unless, type Certainty } from '../look';
import type { Assembly, Finding, Resource, Value } from '../model';
import { nobodyMay } from '../nobody-may';
import { resourcePolicyOf } from '../resource-policies';

const KEY_CALLS = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DeleteImportedKeyMaterial'] as const;

/** The key of the template that a property names. */
export const keyNamed = (assembly: Assembly, named: Value | undefined): Resource | undefined =>
  resourcesOf(assembly, 'AWS::KMS::Key').find((key) => is(named, arnOf(key, stackOf(assembly, key)) ?? '') === true);

/** What is encrypted is lost with its key: nobody may destroy or disable it. `of` is what it encrypts. */
export function keyProblems(rule: string, assembly: Assembly, key: Resource, of: string): Finding[] {
  const stack = stackOf(assembly, key);
  const policy = resourcePolicyOf(assembly).get(key.id) ?? [];
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule, subject: key, because, fix });
  return [
    ...KEY_CALLS.flatMap((action) => has(
      nobodyMay(action, arnOf(key, stack) ?? '', stack, policy),
      `the key ${key.logicalId} of ${of} denies ${action} not to everybody`, `deny ${action} to * in its KeyPolicy`,
    )),
    ...has(property(key, 'Enabled') === undefined || is(property(key, 'Enabled'), true), `the key ${key.logicalId} of ${of} is disabled`, 'remove Enabled'),
  ];
}

const stackOf = (assembly: Assembly, { stack }: Resource) => assembly.stacks.find(({ id }) => id === stack)!;
