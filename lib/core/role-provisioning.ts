import { emptied, unwanted, type WantedDatabase } from './agent-reading';

/** What passes between CloudFormation, the function that answers it, and the function in production's network. */

/** Properties of the custom resource `Custom::DatabaseRoles`. CloudFormation knows strings only. Nothing in them is secret. */
export interface DatabaseRolesProperties {
  /** ARN of the function in production's network. */
  readonly Provisioner: string;
  readonly Host: string;
  readonly Port: string;
  /** JSON: the databases, with the roles wanted in each. */
  readonly Databases: string;
  /** The ARN, never the value: it is read where it is used. */
  readonly SecretArn: string;
  /** The name under which Secrets Manager is reached from production's network. */
  readonly SecretsHost: string;
  /** Differs from one deployment to the next, so that tables that are new are covered. */
  readonly DeploymentId: string;
}

/** What the function in production's network is asked to do: to make the roles so, or to retire all of them. */
export interface ProvisioningOrder {
  readonly do: 'apply' | 'retire';
  readonly host: string;
  readonly port: number;
  readonly databases: readonly OrderedDatabase[];
  readonly secretArn: string;
  readonly secretsHost: string;
}

export interface OrderedDatabase extends WantedDatabase {
  /** There is nothing to do where the database is gone: it is here only to take back what was given in it. */
  readonly mayBeGone?: boolean;
}

/** What it answers: what was changed and what it found, or why not. */
export type ProvisioningAnswer =
  | { readonly did: 'all'; readonly databases: readonly DatabaseAnswer[] }
  | { readonly did: 'nothing' | 'some'; readonly because: string };

export interface DatabaseAnswer {
  readonly database: string;
  /** How many statements changed something; none when all was as wanted. */
  readonly changes: number;
  /** What a person should know: what other users are given by PUBLIC, what the server refused, each with what mends it. */
  readonly findings: readonly string[];
}

/** What of a request of CloudFormation is read here. */
export interface RolesRequest {
  readonly RequestType: string;
  readonly ResourceProperties?: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

/** The order in a request, and who carries it out; or what is wrong with its properties. Names only, no values. */
export function readOrder(
  { RequestType, ResourceProperties, OldResourceProperties }: RolesRequest,
): { readonly provisioner: string; readonly order: ProvisioningOrder } | { readonly wrong: readonly string[] } {
  const text = (name: keyof DatabaseRolesProperties): string => textIn(ResourceProperties, name);
  const port = Number(text('Port'));
  const databases = parsed(text('Databases'));
  const named = (['Provisioner', 'Host', 'SecretArn', 'SecretsHost'] as const).filter((name) => text(name) === '');
  const wrong = [
    ...named.map((name) => `${name} is missing`),
    ...(Number.isInteger(port) && port >= 1 && port <= 65_535 ? [] : ['Port is not a port']),
    ...(areDatabases(databases) ? [] : ['Databases describes no roles']),
  ];
  if (wrong.length > 0 || !areDatabases(databases)) return { wrong };
  const retire = RequestType === 'Delete';
  return {
    provisioner: text('Provisioner'),
    order: {
      do: retire ? 'retire' : 'apply', host: text('Host'), port, secretArn: text('SecretArn'), secretsHost: text('SecretsHost'),
      databases: retire
        ? databases.map((each) => ({ ...unwanted(each), mayBeGone: true }))
        : [...databases, ...leftDatabases(databases, parsed(textIn(OldResourceProperties, 'Databases')))],
    },
  };
}

/** Databases that were among the agents' and are no more: what was given there is taken back. */
function leftDatabases(now: readonly WantedDatabase[], before: unknown): readonly OrderedDatabase[] {
  const [first] = now;
  if (first === undefined || !areDatabases(before)) return [];
  return before
    .filter(({ database }) => !now.some((each) => each.database === database))
    .map(({ database }) => ({ ...emptied(database, first), mayBeGone: true }));
}

function textIn(properties: Readonly<Record<string, unknown>> | undefined, name: keyof DatabaseRolesProperties): string {
  const value = properties?.[name];
  return typeof value === 'string' ? value : '';
}

/** Whether something that was received is an order. */
export function isOrder(event: unknown): event is ProvisioningOrder {
  const order = (typeof event === 'object' && event !== null ? event : {}) as Partial<Record<keyof ProvisioningOrder, unknown>>;
  return (order.do === 'apply' || order.do === 'retire') && typeof order.host === 'string' && typeof order.port === 'number'
    && areDatabases(order.databases) && typeof order.secretArn === 'string' && typeof order.secretsHost === 'string';
}

/** Whether something that was received is an answer. */
export function isAnswer(value: unknown): value is ProvisioningAnswer {
  const answer = (typeof value === 'object' && value !== null ? value : {}) as { did?: unknown; databases?: unknown; because?: unknown };
  return answer.did === 'all' ? Array.isArray(answer.databases) : (answer.did === 'nothing' || answer.did === 'some') && typeof answer.because === 'string';
}

/** Findings of all databases, one a line, as an attribute of the resource has them. */
export function renderFindings(databases: readonly DatabaseAnswer[]): string {
  const lines = databases.flatMap(({ database, findings }) => findings.map((finding) => `${database}: ${finding}`));
  return lines.length === 0 ? 'none' : lines.map((line, i) => `(${i + 1}) ${line}`).join('\n');
}

/** A secret of a master user, as RDS and CDK write it; `undefined` for anything else. */
export function readMasterSecret(text: string | undefined): { readonly user: string; readonly password: string } | undefined {
  const { username, password } = (parsed(text ?? '') ?? {}) as { username?: unknown; password?: unknown };
  return typeof username === 'string' && username !== '' && typeof password === 'string' && password !== ''
    ? { user: username, password }
    : undefined;
}

/** The Region in the address of an RDS instance; `undefined` for any other name. */
export function regionOfAddress(host: string): string | undefined {
  return /^[^.]+\.[^.]+\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.rds\.amazonaws\.(?:com|com\.cn|eu)$/.exec(host)?.[1];
}

function areDatabases(value: unknown): value is readonly WantedDatabase[] {
  return Array.isArray(value) && value.length > 0 && value.every((each: Partial<WantedDatabase> | null) =>
    typeof each?.database === 'string' && each.database !== '' && Array.isArray(each.wanted?.agents));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
