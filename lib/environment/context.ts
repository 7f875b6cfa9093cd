import { nearest, show } from './mistakes';

type Context = Readonly<Record<string, unknown>>;

/** Where the environments were meant to be, when they are not there; `undefined` when nothing looks like them. */
export function misspeltEnvironments(context: Context): string | undefined {
  if (context.environments !== undefined) return undefined;
  const key = Object.keys(context).find((each) => typeof context[each] === 'object' && nearest(each, ['environments']) !== undefined);
  return key === undefined ? undefined : `context has ${show(key, [])}, which nothing reads; write environments`;
}

/**
 * The choice of an environment that was meant, when none was made: `-c evn=prod` would otherwise choose all of them. CDK
 * takes any key, so that only the ones near to `env` are taken for it.
 */
export function misspeltChoice(context: Context): string | undefined {
  if (context.env !== undefined) return undefined;
  const key = Object.keys(context).find((each) => typeof context[each] === 'string' && nearest(each, ['env', 'environment']) !== undefined);
  return key === undefined ? undefined : `${show(key, [])} is set in the context, but nothing reads it; write env, such as -c env=prod, or remove it`;
}
