import type { App } from 'aws-cdk-lib';
import { renderCostTable } from './core/cost';
import { expiredExceptions, misspeltChoice, misspeltEnvironments, readEnvironments, renderMistakes } from './environment';
import { GuardrailsStack, type GuardrailsStackProps } from './guardrails-stack';

export interface EnvironmentsOutcome {
  /** The stacks that were added; none when anything is mistaken. */
  readonly stacks: readonly GuardrailsStack[];
  /** Whether an environment, or the choice of one, is mistaken. */
  readonly mistaken: boolean;
  /** For people: the mistakes, otherwise what each environment costs in a month. */
  readonly report: string;
}

/**
 * Adds a stack to the app for every environment of its context (`environments`), or for the one that the context
 * `env` names. Adds nothing while any environment has a mistake, one of those that are added has an exception that is over, or a key
 * of the context looks like a misspelt `env`.
 */
export function addEnvironments(app: App, options: Pick<GuardrailsStackProps, 'deploymentId'> = {}): EnvironmentsOutcome {
  const context = app.node.getAllContext() as Readonly<Record<string, unknown>>;
  const misspelt = misspeltEnvironments(context) ?? misspeltChoice(context);
  if (misspelt !== undefined) return { stacks: [], mistaken: true, report: `${misspelt}\n` };
  const read = readEnvironments(app.node.tryGetContext('environments'));
  if ('mistakes' in read) return { stacks: [], mistaken: true, report: `${renderMistakes(read.mistakes)}\n` };
  const chosen: unknown = app.node.tryGetContext('env');
  const names = Object.keys(read.environments);
  if (chosen !== undefined && (typeof chosen !== 'string' || !names.includes(chosen))) {
    return { stacks: [], mistaken: true, report: `env is ${JSON.stringify(chosen)}; write one of: ${names.join(', ')}\n` };
  }
  const wanted = Object.fromEntries(Object.entries(read.environments).filter(([name]) => chosen === undefined || name === chosen));
  const expired = expiredExceptions(wanted, new Date().toISOString().slice(0, 10));
  if (expired.length > 0) return { stacks: [], mistaken: true, report: `${renderMistakes(expired)}\n` };
  const stacks = Object.entries(wanted)
    .map(([name, environment]) => new GuardrailsStack(app, `Guardrails-${name}`, { name, environment, ...options }));
  return { stacks, mistaken: false, report: stacks.map((stack) => `\n${stack.environmentName}\n${renderCostTable(stack.cost, { colour: false })}\n`).join('') };
}
