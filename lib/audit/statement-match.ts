import type { AccessRequest } from './access-request';
import { allOf, anyOf, conditionHolds, opposite, variableFrom, type Lookup } from './conditions';
import type { Text } from './model';
import type { Listed, Statement } from './policy-document';
import { principalMatches, type Grade } from './principal-match';
import { readable } from './text';
import { covers, patternOf, type Match, type Pattern, type VariableValue } from './text-match';

/** A request with what all statements ask of it. */
export interface Question {
  readonly request: AccessRequest;
  /** In lower case. */
  readonly action: string;
  readonly lookup: Lookup;
  /** Whether the requester has a permissions boundary. */
  readonly bounded: boolean;
}

/** Whether a statement speaks of a request, and if only perhaps, what would have to be so. */
export interface StatementMatch {
  readonly match: Match;
  readonly grade: Grade;
  readonly assuming: string | undefined;
}

const NO: StatementMatch = { match: 'no', grade: 'direct', assuming: undefined };

/** `withPrincipal`: the statement is of a resource's policy, where its principals count. */
export function statementMatches(statement: Statement, question: Question, withPrincipal: boolean): StatementMatch {
  const { request, lookup, bounded } = question;
  // What cannot be decided counts as satisfied for an Allow and as unsatisfied for a Deny.
  const undecided = statement.effect === 'Allow' ? 'yes' : 'no';
  const compiled = compiledOf(statement);
  const action = compiled.coversAction(question.action);
  if (action === 'no') return NO;
  const named = !withPrincipal ? { match: 'yes', grade: 'direct' } as const
    : statement.principals === undefined ? NO : principalMatches(statement.principals, request.principal, undecided, bounded);
  if (named.match === 'no') return NO;
  const resource = compiled.coversResource(request.resource, lookup);
  if (resource === 'no') return NO;
  const conditions = allOf(statement.conditions, (condition) => conditionHolds(condition, lookup, undecided, statement.variables));
  if (conditions === 'no') return NO;
  const doubts = [
    ...(action === 'maybe' ? [`its actions cover ${request.action}`] : []),
    ...(named.match === 'maybe' ? [`its principals include ${readable(request.principal.arn)}`] : []),
    ...(resource === 'maybe' ? [`its resources (${listedAs(statement.resources!)}) cover ${readable(request.resource)}`] : []),
    ...(conditions === 'maybe' ? ['its conditions hold'] : []),
  ];
  const assuming = doubts.length === 0 ? undefined : doubts.join(' and ');
  return { match: assuming === undefined ? 'yes' : 'maybe', grade: named.grade, assuming };
}

/** Those statements of a list that may speak of a service's actions, found once for each service. */
export function statementsAbout(service: string, statements: readonly Statement[]): readonly Statement[] {
  let services = byService.get(statements);
  if (services === undefined) byService.set(statements, services = new Map<string, readonly Statement[]>());
  let found = services.get(service);
  if (found === undefined) {
    found = statements.filter((statement) => compiledOf(statement).speaksOf(service));
    services.set(service, found.length === statements.length ? statements : found);
  }
  return found;
}

const byService = new WeakMap<readonly Statement[], Map<string, readonly Statement[]>>();

interface Compiled {
  speaksOf(service: string): boolean;
  coversAction(action: string): Match;
  coversResource(resource: Text, lookup: Lookup): Match;
}

const compilations = new WeakMap<Statement, Compiled>();

function compiledOf(statement: Statement): Compiled {
  let compiled = compilations.get(statement);
  if (compiled === undefined) compilations.set(statement, compiled = compile(statement));
  return compiled;
}

function compile(statement: Statement): Compiled {
  const { actions, resources } = statement;
  // Most policies list most actions literally, some hundreds of them.
  const literal = new Set(actions.list.filter((action) => !/[*?\uE000]/.test(action)).map((action) => action.toLowerCase()));
  const patterns = actions.list.filter((action) => !literal.has(action.toLowerCase())).map((action) => patternOf(action, { ignoreCase: true }));
  const ofResources = resources === undefined ? () => 'yes' as const : resourceMatcher(statement, resources);
  return {
    speaksOf: (service) => actions.except || actions.list.some((action) => couldBeOf(service, action)),
    coversAction: (action) => {
      const match = literal.has(action) ? 'yes' : anyOf(patterns, (pattern) => covers(pattern, action));
      return actions.except ? opposite(match) : match;
    },
    coversResource: ofResources,
  };
}

function couldBeOf(service: string, action: Text): boolean {
  const colon = action.indexOf(':');
  const prefix = colon < 0 ? action : action.slice(0, colon);
  return prefix.toLowerCase() === service || /[*?\uE000]/.test(prefix);
}

/** What a `*` inside a segment of an ARN does at a colon is not decided by the documentation for every case. */
function resourceMatcher({ effect, variables }: Statement, resources: Listed<Text>): (resource: Text, lookup: Lookup) => Match {
  const undecided = (effect === 'Allow') !== resources.except ? 'yes' : 'no';
  const segments = undecided === 'no';
  const patterns: (Pattern | Text)[] = resources.list.map((text) =>
    variables && text.includes('${') ? text : patternOf(text, { segments }));
  const variablesFrom = (lookup: Lookup) => {
    const resolve = variableFrom(lookup);
    if (!resources.except) return resolve;
    // "If AWS cannot resolve a variable, this might cause the entire statement to be invalid": then nothing is excepted, or nothing said.
    return (key: string, fallback: boolean): VariableValue => {
      const value = resolve(key);
      return value.is === 'absent' && !fallback ? { is: 'unknown' } : value;
    };
  };
  return (resource, lookup) => {
    const match = anyOf(patterns, (pattern) =>
      covers(typeof pattern === 'string' ? patternOf(pattern, { segments, undecided, variables: variablesFrom(lookup) }) : pattern, resource));
    return resources.except ? opposite(match) : match;
  };
}

const listedAs = ({ except, list }: Listed<Text>): string =>
  `${except ? 'all but ' : ''}${readable(list.slice(0, 3).join(', '))}${list.length > 3 ? ', …' : ''}`;
