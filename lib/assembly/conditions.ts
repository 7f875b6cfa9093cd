import { textOf } from './functions';
import { seen } from './problems';
import type { Scope } from './scope';
import { isFields, type Fields, type Raw } from './template';

/**
 * Whether a condition holds. Comparisons that the template leaves open are decided one by one, until the whole is known;
 * `undefined` where nothing is decided any more.
 */
export function truthOf(expression: Raw, scope: Scope): boolean | undefined {
  for (;;) {
    const open: [string, string][] = [];
    const truth = evaluated(expression, scope, open);
    const [first] = open;
    if (truth !== undefined || first === undefined || !scope.decide(...first)) return truth;
  }
}

/** The truth as far as it is known; comparisons that are open are added to `open`. */
function evaluated(expression: Raw, scope: Scope, open: [string, string][]): boolean | undefined {
  const [name, ...more] = isFields(expression) ? Object.keys(expression) : [];
  if (name === undefined || more.length > 0) return misuse(expression, scope);
  const argument = (expression as Fields)[name]!;
  const each = (): (boolean | undefined)[] => (Array.isArray(argument) ? (argument as readonly Raw[]).map((one) => evaluated(one, scope, open)) : [misuse(argument, scope)]);
  switch (name) {
    case 'Condition': return typeof argument === 'string' ? scope.condition(argument) : misuse(argument, scope);
    case 'Fn::And': return all(each());
    case 'Fn::Or': return negated(all(each().map(negated)));
    case 'Fn::Not': return negated(all(each()));
    case 'Fn::Equals': {
      const [one, other] = Array.isArray(argument) && argument.length === 2 ? (argument as Raw[]).map((side) => comparable(scope.resolve(side))) : [];
      if (one === undefined || other === undefined) return misuse(argument, scope);
      const equal = scope.equal(one, other);
      if (equal === undefined) open.push([one, other]);
      return equal;
    }
    default: return misuse(expression, scope);
  }
}

const all = (truths: readonly (boolean | undefined)[]): boolean | undefined => (truths.includes(false) ? false : truths.includes(undefined) ? undefined : true);
const negated = (truth: boolean | undefined): boolean | undefined => (truth === undefined ? undefined : !truth);

const comparable = (value: unknown): string | undefined =>
  textOf(value as string) ?? (value === undefined ? undefined : JSON.stringify(value));

function misuse(raw: Raw, scope: Scope): undefined {
  scope.wrong(`a condition has ${seen(raw)}${isFields(raw) ? ` with ${Object.keys(raw).slice(0, 3).join(', ') || 'nothing'}` : ''}; write one of Condition, Fn::And, Fn::Or, Fn::Not, Fn::Equals`);
}
