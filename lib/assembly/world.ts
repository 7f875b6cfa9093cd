import type { Assumption, StackFacts, Text, Value } from '../audit/model';
import { hasUnknown } from '../audit/text';
import type { Decisions } from './decisions';
import { textOf } from './functions';
import { LIMITS } from './limits';
import type { Placed } from './placed';
import { type Problems, TooMuch } from './problems';
import { StackWorld } from './stack-world';
import type { ParentStack, Surroundings } from './surroundings';

/** All stacks as they are deployed when conditions come out in one way. */
export class World implements Surroundings {
  readonly roots: readonly StackWorld[];
  readonly #nested = new Map<string, StackWorld>();
  readonly #assumptions = new Map<string, Assumption>();
  #exports: Map<string, { stack: StackWorld; output: string }> | undefined;
  #depth = 0;
  #made = 0;

  constructor(placed: readonly Placed[], readonly decisions: Decisions, readonly problems: Problems) {
    this.roots = placed.map((one) => new StackWorld(one, this));
  }

  /** Every stack that exists in this world, parents first. */
  *stacks(): Generator<StackWorld> {
    const open = [...this.roots].reverse();
    for (let stack = open.pop(); stack; stack = open.pop()) {
      yield stack;
      for (const [logicalId, nested] of stack.placed.nested) {
        if (!('missing' in nested) && stack.present(logicalId)) open.push(this.nested(stack, logicalId, nested));
      }
    }
  }

  nested(parent: ParentStack, logicalId: string, placed: Placed): StackWorld {
    const known = this.#nested.get(placed.id);
    if (known) return known;
    const { account, region } = parent.placed;
    const made = new StackWorld({ ...placed, account, region }, this, { stack: parent, logicalId });
    this.#nested.set(placed.id, made);
    return made;
  }

  /** What another stack of the same account and Region exports under a name. */
  exported({ account, region }: StackFacts, name: Text): Value | undefined {
    if (hasUnknown(name)) return undefined;
    if (!this.#exports) {
      // While names are worked out, an import among them is not known.
      this.#exports = new Map();
      this.#exports = this.#allExports();
    }
    const found = this.#exports.get(keyOf(account, region, name));
    return found?.stack.outputOf(found.output);
  }

  stackNamed(name: Text, region: Text, account: Text): StackWorld | undefined {
    return this.roots.find(({ placed, facts }) => placed.stackName === name && facts.region === region && facts.account === account);
  }

  assume(assumption: Assumption): void {
    this.#assumptions.set(`${assumption.subject} ${assumption.what}`, assumption);
  }

  get assumptions(): readonly Assumption[] {
    return [...this.#assumptions.values()];
  }

  deeper<T>(work: () => T): T {
    if (++this.#depth > LIMITS.steps) throw new TooMuch(`values refer to each other more than ${LIMITS.steps} deep`);
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  made(amount: number): void {
    this.#made += amount;
    if (this.#made > LIMITS.made) throw new TooMuch(`functions make more than ${LIMITS.made} characters`);
  }

  #allExports(): Map<string, { stack: StackWorld; output: string }> {
    const all = new Map<string, { stack: StackWorld; output: string }>();
    for (const stack of this.stacks()) {
      for (const [output, { exportName }] of stack.placed.template.outputs) {
        const name = exportName === undefined ? undefined : textOf(stack.resolveAt(`Outputs.${output}.Export`, exportName));
        if (name !== undefined) all.set(keyOf(stack.facts.account, stack.facts.region, name), { stack, output });
      }
    }
    return all;
  }
}

const keyOf = (...parts: readonly Text[]): string => parts.join('\n');
