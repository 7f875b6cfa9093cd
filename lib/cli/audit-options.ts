import { parseArgs } from 'node:util';

export const FORMATS = ['text', 'json', 'sarif', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** What `dbguard audit` was asked for. Paths are as they were written. */
export interface AuditRequest {
  readonly path: string;
  readonly formats: readonly Format[];
  readonly output: string | undefined;
  readonly agents: readonly string[];
  readonly production: readonly string[];
  readonly approvers: readonly string[];
  readonly against: string | undefined;
  readonly serviceControl: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** What of the real account is read instead of a template. */
  readonly live: LiveRequest | undefined;
}

export interface LiveRequest {
  readonly environment: string | undefined;
  readonly stack: string | undefined;
  /** Only show what the caller must be allowed. */
  readonly printPolicy: boolean;
}

/** Options that may be given several times, and those that may not; each with what stands for its value in the help. */
const REPEATED = { agent: 'X', production: 'X', approver: 'X', parameter: 'K=V', 'service-control': 'FILE' } as const;
const SINGLE = { format: 'LIST', output: 'PATH', against: 'DIR', account: 'ID', region: 'NAME', env: 'NAME', stack: 'NAME' } as const;
const SWITCHES = ['json', 'live', 'print-policy'] as const;
const VALUED: Readonly<Record<string, string>> = { ...REPEATED, ...SINGLE };

/** Reads the arguments, and says everything that is wrong with them at once. */
export function readAuditRequest(args: readonly string[]): AuditRequest | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const { values, paths, switches } = read(args, problems);
  const given = (name: keyof typeof REPEATED): readonly string[] => values.get(name) ?? [];
  const only = (name: keyof typeof SINGLE): string | undefined => {
    const all = values.get(name) ?? [];
    if (all.length > 1) problems.push(`--${name} was given ${all.length} times; give it once${name === 'format' ? ', as a list: --format text,sarif' : ''}`);
    return all[0];
  };
  if (paths.length > 1) problems.push(`one assembly at a time, and these are ${paths.length}: ${paths.join(', ')}`);
  const formats = formatsOf(only('format'), switches.has('json'), problems);
  const output = only('output');
  if (formats.length > 1 && output === undefined) {
    problems.push(`${formats.length} formats do not fit in one output: name a folder for them, --output FOLDER`);
  }
  const account = only('account');
  if (account !== undefined && !/^\d{12}$/.test(account)) problems.push(`--account ${account} is not the 12 digits of an account`);
  const region = only('region');
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) problems.push(`--region ${region} is not the name of a Region, such as eu-central-1`);
  const live = liveOf({ live: switches.has('live'), printPolicy: switches.has('print-policy'), environment: only('env'), stack: only('stack') }, problems);
  const ofTemplates = [...paths, ...(['against', 'parameter', 'account'] as const).filter((name) => values.has(name)).map((name) => `--${name}`)];
  if (live && ofTemplates.length > 0) problems.push(`${ofTemplates.join(', ')} is for templates, and --live reads the account: leave one of them out`);
  const request = {
    path: paths[0] ?? 'cdk.out', formats, output, agents: given('agent'), production: given('production'), approvers: given('approver'),
    against: only('against'), serviceControl: given('service-control'), parameters: parametersOf(given('parameter'), problems), account, region, live,
  };
  return problems.length > 0 ? { problems } : request;
}

/** Sorts the arguments into values by option, and paths. */
function read(args: readonly string[], problems: string[]) {
  const options = {
    ...Object.fromEntries(Object.keys(VALUED).map((name) => [name, { type: 'string', multiple: true } as const])),
    ...Object.fromEntries(SWITCHES.map((name) => [name, { type: 'boolean' } as const])),
  };
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  const paths: string[] = [];
  const switches = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') paths.push(token.value);
    if (token.kind !== 'option') continue;
    if ((SWITCHES as readonly string[]).includes(token.name)) {
      switches.add(token.name);
      if (token.value !== undefined) problems.push(`--${token.name} takes no value`);
    } else if (!Object.hasOwn(VALUED, token.name)) {
      problems.push(`there is no option ${token.rawName}; ${KNOWN}`);
    } else if (token.value === undefined || token.value === '' || (token.inlineValue === false && token.value.startsWith('--'))) {
      problems.push(`--${token.name} needs a value: --${token.name} ${VALUED[token.name]}`);
    } else {
      values.set(token.name, [...(values.get(token.name) ?? []), token.value]);
    }
  }
  return { values, paths, switches };
}

const KNOWN = `the options are ${[...Object.entries(VALUED).map(([name, value]) => `--${name} ${value}`), ...SWITCHES.map((name) => `--${name}`), '--help'].join(', ')}`;

function liveOf({ live, printPolicy, environment, stack }: LiveRequest & { readonly live: boolean }, problems: string[]): LiveRequest | undefined {
  if (!live) {
    const without = [...(environment === undefined ? [] : ['--env']), ...(stack === undefined ? [] : ['--stack']), ...(printPolicy ? ['--print-policy'] : [])];
    if (without.length > 0) problems.push(`${without.join(', ')} goes with --live`);
    return undefined;
  }
  if (environment !== undefined && stack !== undefined) problems.push('--env and --stack both name a stack: write one of them');
  if (environment === undefined && stack === undefined && !printPolicy) problems.push('--live needs to know what is deployed: --env NAME, an environment of cdk.json, or --stack NAME');
  return { environment, stack, printPolicy };
}

/** `--json` is `--format json`, as for every command. */
function formatsOf(list: string | undefined, json: boolean, problems: string[]): readonly Format[] {
  const named = (list?.split(',') ?? []).map((name) => name.trim()).filter((name) => name !== '');
  const unknown = named.filter((name) => !isFormat(name));
  if (unknown.length > 0) problems.push(`there is no format ${unknown.join(', ')}; the formats are ${FORMATS.join(', ')}`);
  const formats = [...new Set([...named.filter(isFormat), ...(json ? ['json' as const] : [])])];
  return formats.length > 0 ? formats : ['text'];
}

const isFormat = (name: string): name is Format => (FORMATS as readonly string[]).includes(name);

function parametersOf(given: readonly string[], problems: string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(given.flatMap((pair) => {
    const at = pair.indexOf('=');
    // The value may be a secret: it is not repeated.
    if (at < 1) problems.push('--parameter needs a name and a value: --parameter Stage=prod');
    return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
  }));
}
