import type { Assembly, Resource, Value } from './model';
import { isSymbolic, parts, readable, unknown } from './text';
import { equalText } from './text-match';

/** One way in which the account is not what its template says. Values are short texts for people; what may be a secret is not shown. */
export interface Difference {
  readonly resource: string;
  readonly path: string;
  readonly type: string;
  readonly what: 'changed' | 'gone' | 'added';
  /** The property, e.g. `AccessPolicy`; nothing for a whole resource. */
  readonly property?: string;
  readonly template?: string;
  readonly account?: string;
}

/**
 * What differs between a template and the account that it was deployed to, by resource and property. Lists that AWS reorders count as
 * sets, a list of one as its entry. What AWS adds by itself is left out where that is known (`BY_ITSELF`); whatever is only known in one
 * of the two is no difference. `literal` puts in the ids that the account gave.
 */
export function differencesOf(template: Assembly, account: Assembly, literal: (value: Value) => Value): readonly Difference[] {
  const now = new Map(account.resources.map((resource) => [resource.id, resource]));
  const before = new Set(template.resources.map(({ id }) => id));
  const stacks = new Set(template.stacks.map(({ id }) => id));
  const ofResources = template.resources.flatMap((resource): readonly Difference[] => {
    const found = now.get(resource.id);
    return found ? changes(resource, found, literal) : [{ ...named(resource), what: 'gone' }];
  });
  const added = account.resources.filter(({ id, type, properties }) => !before.has(id) && type.startsWith('AWS::EC2::') && !IMPLIED.test(type) && ofStack(properties, stacks));
  return [...ofResources, ...added.map((resource): Difference => ({ ...named(resource), what: 'added', account: shown(literal(resource.properties)) }))];
}

const named = ({ id, path, type }: Resource) => ({ resource: id, path, type });

/** A thing that somebody put into a network of the stack. */
const ofStack = (properties: Resource['properties'], stacks: ReadonlySet<string>): boolean =>
  [...stacks].some((stack) => JSON.stringify(properties).includes(`\uE000g:${stack}.`));

/** Every network has these whether or not a template says so. */
const IMPLIED = /^AWS::EC2::(RouteTable|SubnetRouteTableAssociation)$/;

/** What AWS does by itself: a property that no template set, with the value that it has then. */
const BY_ITSELF: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  'AWS::EC2::SecurityGroup': { SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }] },
  'AWS::KMS::Key': { Enabled: true, EnableKeyRotation: false },
  'AWS::CloudWatch::Alarm': { ActionsEnabled: true, TreatMissingData: 'missing' },
  'AWS::Events::Rule': { State: 'ENABLED' },
  'AWS::S3::Bucket': {
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: false, ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  },
  'AWS::SSM::Document': { DocumentType: 'Command' },
};

/** Of no consequence for whoever can do what, and often changed by tools. */
const IGNORED = new Set(['Tags', 'BackupPlanTags', 'BackupVaultTags', 'Description']);

/** Their values may be secrets: only that they differ is said. */
const HIDDEN = /Environment|UserData|Password|Secret|Token/;

function changes(template: Resource, account: Resource, literal: (value: Value) => Value): readonly Difference[] {
  const names = [...new Set([...Object.keys(template.properties), ...Object.keys(account.properties)])].filter((name) => !IGNORED.has(name));
  return names.flatMap((property): readonly Difference[] => {
    const [was, is] = [template, account].map(({ properties }) => properties[property] === undefined ? undefined : literal(properties[property]));
    if (same(was ?? BY_ITSELF[template.type]?.[property], is)) return [];
    const text = (value: Value | undefined) => HIDDEN.test(property) ? '(not shown)' : shown(value);
    return [{ ...named(template), what: 'changed', property, template: text(was), account: text(is) }];
  });
}

/** Values that differ only in how AWS writes them are the same. */
function same(one: Value | undefined, other: Value | undefined): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (typeof a === 'string' && typeof b === 'string') return a === b || ((isSymbolic(a) || isSymbolic(b)) && equalText(loose(a), loose(b)) !== 'no');
  // A value that is only known in one of the two may be anything.
  if (typeof a === 'string') return isSymbolic(a) && parts(a).length === 1;
  if (typeof b === 'string') return isSymbolic(b) && parts(b).length === 1;
  if (Array.isArray(a) && Array.isArray(b)) return sameSet(a as readonly Value[], b as readonly Value[]);
  if (Array.isArray(a) || Array.isArray(b)) return false;
  const [left, right] = [a, b] as readonly { readonly [key: string]: Value }[];
  return [...new Set([...Object.keys(left!), ...Object.keys(right!)])].filter((key) => !IGNORED.has(key)).every((key) => same(left![key], right![key]));
}

function sameSet(one: readonly Value[], other: readonly Value[]): boolean {
  if (one.length !== other.length) return false;
  const rest = [...other];
  return one.every((entry) => {
    const at = rest.findIndex((candidate) => same(entry, candidate));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

/** CloudFormation takes numbers and booleans as text, documents as text, and one entry for a list of one; IAM writes an account as its root. */
function plain(value: Value | undefined): Value | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 1 ? plain((value as readonly Value[])[0]) : value;
  if (typeof value !== 'string') return value;
  const account = /^arn:[a-z-]+:iam::(\d{12}):root$/.exec(value)?.[1];
  return account ?? document(value);
}

function document(text: string): Value {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** Not there, empty and switched off are one for AWS. */
const isNothing = (value: Value | undefined): boolean => value === undefined || value === null || value === '' || value === 'false'
  || (typeof value === 'object' && Object.keys(value).length === 0);

/** A text with whatever is generated taken for unknown. */
const loose = (text: string): string => parts(text).map((part, index) => isSymbolic(part) ? unknown(`part ${index}`) : part).join('');

const LONGEST = 400;

function shown(value: Value | undefined): string {
  const text = value === undefined ? 'nothing' : readable(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
