import type { Draft } from './draft';
import { endpointParts, KEY_ARN, SECRET_ARN } from './kinds';
import type { Mistake, Path } from './mistakes';
import { existing } from './production';
import { region } from './schema';

const EXISTING = ['production', 'existing'] as const;

/** A field that says, among other things, in which Region production is. */
interface Saying {
  readonly at: Path;
  readonly region: string;
  /** What it is, for people: `a key`. */
  readonly what?: string;
  /** What to write, given the Region where production is. */
  readonly write: (region: string) => string;
}

/**
 * Whether all fields speak of one Region. What most of them say is taken for right, and the endpoint's where they are even:
 * one field that is wrong is one mistake, whichever it is.
 */
export function oneRegion(draft: Draft): Mistake[] {
  const sayings = [...fieldsOf(draft), ...zonesOf(draft)];
  const count = (name: string) => sayings.filter((saying) => saying.region === name).length;
  const right = sayings.reduce<string | undefined>((best, { region: name }) => (best === undefined || count(name) > count(best) ? name : best), undefined);
  if (right === undefined) return [];
  const witness = sayings.find((saying) => saying.region === right)!;
  const because = `, where ${[...witness.at].filter((step) => typeof step === 'string').join('.')} is`;
  return sayings.flatMap(({ at, region: name, what, write }) =>
    draft.mistake({
      when: name !== right, at, write: `${write(right)}${at.includes('availabilityZones') ? '' : because}`,
      ...(what === undefined ? {} : { seen: `${what} in ${name}` }),
    }));
}

/** The endpoint first: it decides where as many say one thing as another. */
function fieldsOf(draft: Draft): Saying[] {
  const endpoint = draft.look(existing.shape.endpoint, ...EXISTING, 'endpoint');
  const address = endpointParts(endpoint ?? '');
  const deployment = draft.look(region, 'region');
  const arns = [
    { field: 'encryptionKeyArn', what: 'a key', pattern: KEY_ARN, schema: existing.shape.encryptionKeyArn },
    { field: 'masterSecretArn', what: 'a secret', pattern: SECRET_ARN, schema: existing.shape.masterSecretArn },
    { field: 'masterSecretKeyArn', what: 'a key', pattern: KEY_ARN, schema: existing.shape.masterSecretKeyArn },
  ].flatMap(({ field, what, pattern, schema }) => {
    const at = [...EXISTING, field];
    const [, name] = pattern.exec(draft.look(schema, ...at) ?? '') ?? [];
    return name === undefined ? [] : [{ at, region: name, what, write: (right: string) => `the ARN of ${what} in ${right}` }];
  });
  return [
    ...(address ? [{ at: [...EXISTING, 'endpoint'], region: address.region, what: 'an address', write: (right: string) => `the address in ${right}` }] : []),
    ...(deployment === undefined ? [] : [{ at: ['region'], region: deployment, write: (right: string) => right }]),
    ...arns,
  ];
}

/** All zones together say one thing where they agree; each by itself where they do not. */
function zonesOf(draft: Draft): Saying[] {
  const at = [...EXISTING, 'availabilityZones'];
  const zones = draft.strings(...at).flatMap(({ value, at: place }) => {
    const [, name] = /^([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})[a-z-]/.exec(value) ?? [];
    return name === undefined ? [] : [{ at: place, region: name, write: (right: string) => `an Availability Zone of ${right}` }];
  });
  const [first] = zones;
  return first && zones.every((zone) => zone.region === first.region)
    ? [{ at, region: first.region, what: 'zones', write: (right) => `Availability Zones of ${right}` }]
    : zones;
}
