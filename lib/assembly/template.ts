import { LIMITS } from './limits';
import { type Problems, seen } from './problems';

/** A template whose sections and resources have the shape that CloudFormation asks for; values inside are as written. */
export interface Template {
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly mappings: Fields;
  readonly conditions: ReadonlyMap<string, Raw>;
  readonly resources: ReadonlyMap<string, RawResource>;
  readonly outputs: ReadonlyMap<string, RawOutput>;
  readonly metadata: Fields;
  readonly transforms: readonly string[];
}

/** A value as it is written in a template. */
export type Raw = null | boolean | number | string | readonly Raw[] | { readonly [key: string]: Raw };
export type Fields = { readonly [key: string]: Raw };

export interface Parameter {
  readonly type: string;
  readonly defaultValue: Raw | undefined;
  readonly allowed: readonly string[] | undefined;
}

export interface RawResource {
  readonly type: string;
  readonly properties: Fields;
  readonly metadata: Fields;
  readonly condition: string | undefined;
  readonly deletionPolicy: Raw | undefined;
  readonly updateReplacePolicy: Raw | undefined;
}

export interface RawOutput {
  readonly value: Raw;
  readonly exportName: Raw | undefined;
  readonly condition: string | undefined;
}

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks the shape of a parsed template. Every mistake is added to `problems`, with its place; the rest is still read. */
export function readTemplate(value: unknown, file: string, problems: Problems): Template {
  const wrong = (place: string, what: unknown, write: string) => problems.add(`${file}: ${place} is ${seen(what)}; write ${write}`);
  const macros = new Set<string>();
  const fields = (place: string, raw: unknown): Fields => {
    if (raw === undefined || raw === null) return {};
    if (isFields(raw)) return withoutFunctions(place, raw);
    wrong(place, raw, 'an object');
    return {};
  };
  /** Where keys are names, a function can only be a macro, which adds keys that nobody sees here. */
  const withoutFunctions = (place: string, raw: Fields): Fields => {
    const functions = Object.keys(raw).filter((key) => key.startsWith('Fn::'));
    if (functions.length === 0) return raw;
    for (const key of functions) {
      const name = isFields(raw[key]) && typeof raw[key].Name === 'string' ? raw[key].Name : key;
      if (key === 'Fn::Transform' || key.startsWith('Fn::ForEach::')) macros.add(`${name} in ${place}`);
      else problems.add(`${file}: ${place} has ${key}; write its keys, a function can only stand for the value of one`);
    }
    return Object.fromEntries(Object.entries(raw).filter(([key]) => !functions.includes(key)));
  };
  const map = <T>(section: string, each: (place: string, name: string, raw: Raw) => T): ReadonlyMap<string, T> =>
    new Map(Object.entries(fields(section, top[section])).map(([name, raw]) => [name, each(`${section}.${name}`, name, raw)]));
  const optional = (place: string, raw: Raw | undefined): string | undefined => {
    if (raw === undefined || typeof raw === 'string') return raw;
    wrong(place, raw, 'the name of a condition');
    return undefined;
  };

  const top = isFields(value) ? withoutFunctions('the template', value) : {};
  if (!isFields(value)) wrong('the template', value, 'an object with Resources');
  else if (!isFields(value.Resources) || Object.keys(value.Resources).length === 0) {
    wrong('Resources', isFields(value.Resources) ? undefined : value.Resources, 'an object with at least one resource');
  }

  const template = {
    parameters: map('Parameters', (place, _, raw) => {
      const { Type, Default, AllowedValues } = fields(place, raw);
      if (typeof Type !== 'string') wrong(`${place}.Type`, Type, 'a type, e.g. String');
      if (AllowedValues !== undefined && !Array.isArray(AllowedValues)) wrong(`${place}.AllowedValues`, AllowedValues, 'a list');
      return {
        type: typeof Type === 'string' ? Type : 'String', defaultValue: Default,
        allowed: Array.isArray(AllowedValues) ? AllowedValues.map(String) : undefined,
      };
    }),
    mappings: fields('Mappings', top.Mappings),
    conditions: map('Conditions', (_, __, raw) => raw),
    resources: isFields(top.Resources) ? map('Resources', (place, _, raw) => {
      if (!isFields(raw)) wrong(place, raw, 'an object with Type and Properties');
      const resource = isFields(raw) ? withoutFunctions(place, raw) : {};
      if (isFields(raw) && (typeof raw.Type !== 'string' || raw.Type === '')) wrong(`${place}.Type`, raw.Type, 'a type, e.g. AWS::IAM::Role');
      return {
        type: typeof resource.Type === 'string' ? resource.Type : '',
        properties: fields(`${place}.Properties`, resource.Properties),
        metadata: fields(`${place}.Metadata`, resource.Metadata),
        condition: optional(`${place}.Condition`, resource.Condition),
        deletionPolicy: resource.DeletionPolicy, updateReplacePolicy: resource.UpdateReplacePolicy,
      };
    }) : new Map<string, RawResource>(),
    outputs: map('Outputs', (place, _, raw) => {
      const output = fields(place, raw);
      return { value: output.Value ?? '', exportName: fields(`${place}.Export`, output.Export).Name, condition: optional(`${place}.Condition`, output.Condition) };
    }),
    metadata: fields('Metadata', top.Metadata),
  };
  return { ...template, transforms: [...transformsOf(top.Transform), ...macros].slice(0, LIMITS.problems) };
}

/** A transform may be a name, `{ Name: … }`, or a list of these. */
function transformsOf(raw: Raw | undefined): string[] {
  if (raw === undefined) return [];
  if (Array.isArray(raw)) return (raw as readonly Raw[]).flatMap((one) => (Array.isArray(one) ? [] : transformsOf(one)));
  if (typeof raw === 'string') return [raw];
  return [isFields(raw) && typeof raw.Name === 'string' ? raw.Name : seen(raw)];
}
