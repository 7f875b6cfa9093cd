import { attributeOfNamed, refOfNamed, type Named } from '../audit/identities';
import type { Assumption, StackFacts, Text, Value } from '../audit/model';
import { generated, isSymbolic, pseudo, readable, unknown } from '../audit/text';
import { truthOf } from './conditions';
import { textOf } from './functions';
import type { Placed } from './placed';
import { resolveRaw } from './resolve';
import type { Scope } from './scope';
import type { Fields, Raw } from './template';
import type { ParentStack, Surroundings } from './surroundings';

/** One stack in one world. Everything is worked out when it is asked for, once. */
export class StackWorld implements Scope {
  readonly facts: StackFacts;
  readonly mappings: Fields;
  readonly region: Text;
  readonly #conditions = new Map<string, boolean | undefined>();
  readonly #properties = new Map<string, Value | undefined>();
  readonly #parameters = new Map<string, Value>();
  readonly #outputs = new Map<string, Value>();
  /** What is being worked out, outermost first: to notice what refers to itself. */
  readonly #busy = new Set<string>();
  #place = '';

  constructor(readonly placed: Placed, readonly world: Surroundings, readonly parent?: { readonly stack: ParentStack; readonly logicalId: string }) {
    const region = placed.region ?? pseudo('AWS::Region');
    this.facts = { id: placed.id, file: placed.file, account: placed.account ?? pseudo('AWS::AccountId'), region, partition: partitionOf(placed.region) };
    this.region = region;
    this.mappings = placed.template.mappings;
  }

  ref(name: string): Value | undefined {
    if (this.placed.template.parameters.has(name)) return this.#parameter(name);
    if (name.startsWith('AWS::')) return this.#pseudo(name);
    const resource = this.#named(name);
    return resource === undefined ? this.#notHere(name, 'Ref') : typeof resource === 'string' ? resource : refOfNamed(resource, this.facts);
  }

  attribute(logicalId: string, attribute: string): Value {
    const nested = this.placed.nested.get(logicalId);
    if (nested && attribute.startsWith('Outputs.') && this.present(logicalId)) {
      const output = attribute.slice('Outputs.'.length);
      return 'missing' in nested ? unknown(`output ${output} of ${this.placed.id}/${logicalId}`) : this.world.nested(this, logicalId, nested).outputOf(output);
    }
    const resource = this.#named(logicalId);
    if (resource === undefined) return this.#notHere(logicalId, 'Fn::GetAtt');
    if (typeof resource === 'string') return resource;
    return /^AWS::(?!CloudFormation::CustomResource)/.test(resource.type) ? attributeOfNamed(resource, attribute, this.facts)
      : unknown(`${attribute} of ${this.placed.id}.${logicalId}, a ${resource.type}`);
  }

  condition(name: string): boolean | undefined {
    const known = this.#conditions.get(name);
    if (known !== undefined || this.#conditions.has(name)) return known;
    const expression = this.placed.template.conditions.get(name);
    if (expression === undefined) {
      this.wrong(`condition ${name} is not in Conditions`);
      return undefined;
    }
    const truth = this.#once(`condition ${name}`, `Conditions.${name}`, () => truthOf(expression, this), () => undefined);
    this.#conditions.set(name, truth);
    return truth;
  }

  equal(one: Text, other: Text): boolean | undefined {
    return this.world.decisions.known(one, other);
  }

  decide(one: Text, other: Text): boolean {
    return this.world.decisions.decide(one, other);
  }

  imported(name: Text): Value {
    return this.world.exported(this.facts, name) ?? unknown(`import ${readable(name)}`);
  }

  output(stackName: Text, outputName: Text, region: Text | undefined): Value {
    const stack = this.world.stackNamed(stackName, region ?? this.region, this.facts.account);
    return stack?.outputOf(outputName) ?? unknown(`output ${readable(outputName)} of the stack ${readable(stackName)}`);
  }

  /** Whether a resource exists in this world. What is not decided counts as existing. */
  present(logicalId: string): boolean {
    const condition = this.placed.template.resources.get(logicalId)?.condition;
    return condition === undefined || this.condition(condition) !== false;
  }

  /** One property of a resource. */
  property(logicalId: string, name: string): Value | undefined {
    const { properties } = this.placed.template.resources.get(logicalId)!;
    if (!Object.hasOwn(properties, name)) return undefined;
    const key = `${logicalId}.${name}`;
    if (this.#properties.has(key)) return this.#properties.get(key);
    const value = this.#once(key, `Resources.${logicalId}.Properties.${name}`, () => this.resolve(properties[name]!), () => unknown(key));
    this.#properties.set(key, value);
    return value;
  }

  outputOf(name: string): Value {
    const known = this.#outputs.get(name);
    if (known !== undefined) return known;
    const output = this.placed.template.outputs.get(name);
    const nothing = () => unknown(`output ${name} of ${this.placed.id}`);
    if (output === undefined || (output.condition !== undefined && this.condition(output.condition) === false)) return nothing();
    const value = this.#once(`output ${name}`, `Outputs.${name}`, () => this.resolve(output.value) ?? nothing(), nothing);
    this.#outputs.set(name, value);
    return value;
  }

  resolve(raw: Raw): Value | undefined {
    if (typeof raw !== 'object' || raw === null) return resolveRaw(raw, this);
    return this.world.deeper(() => resolveRaw(raw, this));
  }

  /** A value that belongs to the place named. */
  resolveAt(place: string, raw: Raw): Value | undefined {
    return this.#once(place, place, () => this.resolve(raw), () => undefined);
  }

  made(amount: number): void {
    this.world.made(amount);
  }

  wrong(what: string): void {
    this.world.problems.add(`${this.placed.file}: ${this.#place}: ${what}`);
  }

  assume(what: string, affects: Assumption['affects']): void {
    this.world.assume({ what: `${this.#place}: ${what}`, subject: this.placed.id, path: this.placed.file, affects });
  }

  /** Works something out, unless it is being worked out already: then it refers to itself, which is a mistake. */
  #once<T>(key: string, place: string, make: () => T, otherwise: () => T): T {
    if (this.#busy.has(key)) {
      const around = [...this.#busy];
      this.wrong(`it refers to itself: ${[...around.slice(around.indexOf(key)), key].slice(0, 8).join(' -> ')}`);
      return otherwise();
    }
    const outer = this.#place;
    this.#busy.add(key);
    this.#place = place;
    try {
      return this.world.deeper(make);
    } finally {
      this.#busy.delete(key);
      this.#place = outer;
    }
  }

  /** A resource by logical id; what stands for one that is absent in this world. */
  #named(logicalId: string): Named | Text | undefined {
    const resource = this.placed.template.resources.get(logicalId);
    if (!resource) return undefined;
    if (!this.present(logicalId)) return unknown(`${this.placed.id}.${logicalId}, which is absent`);
    return { id: `${this.placed.id}.${logicalId}`, type: resource.type, property: (name) => this.property(logicalId, name) };
  }

  #notHere(name: string, how: string): Text {
    // A macro may add it.
    if (this.placed.template.transforms.every((transform) => transform === 'AWS::LanguageExtensions')) this.wrong(`${how} names ${name}, which is not in the template`);
    return unknown(`${this.placed.id}.${name}`);
  }

  #parameter(name: string): Value {
    const known = this.#parameters.get(name);
    if (known !== undefined) return known;
    const { type, defaultValue, allowed } = this.placed.template.parameters.get(name)!;
    const why = unknown(`parameter ${name} of ${this.placed.id}`);
    const given = this.#given(name) ?? (this.parent ? defaultValue : undefined);
    const text = textOf(given);
    const list = /^(CommaDelimitedList|List<)/.test(type);
    const value = type.startsWith('AWS::SSM::Parameter::Value') || given === undefined || given === null ? why
      : list && text !== undefined && !(isSymbolic(text) && !text.includes(',')) ? text.split(',').map((entry) => entry.trim())
      : text ?? given;
    if (allowed && value === why) this.world.decisions.allowed.set(why, allowed);
    this.#parameters.set(name, value);
    return value;
  }

  /** What the parent stack or the caller gives for a parameter. */
  #given(name: string): Value | undefined {
    if (!this.parent) return this.placed.parameters.get(name);
    const parameters = this.parent.stack.property(this.parent.logicalId, 'Parameters');
    if (typeof parameters === 'string') return unknown(`parameter ${name} of ${this.placed.id}`);
    return parameters && typeof parameters === 'object' && Object.hasOwn(parameters, name) ? (parameters as { readonly [key: string]: Value })[name] : undefined;
  }

  #pseudo(name: string): Value | undefined {
    const { account, region, partition, id } = this.facts;
    switch (name) {
      case 'AWS::NoValue': return undefined;
      case 'AWS::AccountId': return account;
      case 'AWS::Region': return region;
      case 'AWS::Partition': return partition;
      case 'AWS::URLSuffix': return isSymbolic(partition) ? pseudo(name) : partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      case 'AWS::StackName': return this.#stackName;
      case 'AWS::StackId': return this.parent ? this.parent.stack.ref(this.parent.logicalId)
        : `arn:${partition}:cloudformation:${region}:${account}:stack/${this.#stackName}/${[1, 2, 3, 4, 5].map((part) => generated(id, `StackId${part}`)).join('-')}`;
      case 'AWS::NotificationARNs': return unknown(`notification ARNs of ${id}`);
      default:
        this.wrong(`${name} is not a pseudo parameter`);
        return unknown(name);
    }
  }

  get #stackName(): Text {
    return this.placed.stackName ?? generated(this.facts.id, 'StackName');
  }
}

const partitionOf = (region: string | undefined): Text =>
  region === undefined ? pseudo('AWS::Partition') : region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : /^[a-z]{2}-[a-z]+-\d$/.test(region) ? 'aws' : pseudo('AWS::Partition');
