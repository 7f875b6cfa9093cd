import type { Assembly, Resource, Text, Value } from './model';
import { statementsOf, type Condition, type Statement } from './policy-document';
import { isSymbolic, parts, unknown } from './text';

const READ = new WeakMap<Assembly, ReadonlyMap<string, readonly Statement[]>>();

/**
 * The policy of each resource that has one, by resource id, or by ARN where it is not in the template; of a role, its trust. The same
 * assembly is read once.
 */
export function resourcePolicyOf(assembly: Assembly): ReadonlyMap<string, readonly Statement[]> {
  let policies = READ.get(assembly);
  if (!policies) READ.set(assembly, (policies = read(assembly)));
  return policies;
}

function read(assembly: Assembly): ReadonlyMap<string, readonly Statement[]> {
  const policies = new Map<string, Statement[]>();
  const add = (id: string, statements: readonly Statement[]): void => {
    let own = policies.get(id);
    if (!own) policies.set(id, (own = []));
    for (const statement of statements) own.push(statement);
  };
  const named = new Names(assembly);
  for (const resource of assembly.resources) {
    const { id, type, path, properties } = resource;
    const inline = INLINE[type];
    if (inline !== undefined && properties[inline] !== undefined) add(id, statementsOf(properties[inline], id, path).statements);
    else if (type === 'AWS::KMS::Key') add(id, defaultKeyPolicy(resource, assembly));
    const attached = ATTACHED[type];
    if (attached !== undefined) {
      const { statements } = statementsOf(properties[attached.document], id, path);
      const of = properties[attached.to];
      const targets = named.all(of, attached.types);
      // A secret that RDS manages is no resource of the template, and is known by its ARN.
      for (const target of targets.length === 0 && typeof of === 'string' ? [of] : targets) add(target, statements);
    }
    if (type === 'AWS::Lambda::Permission') {
      for (const target of named.all(properties.FunctionName, FUNCTIONS)) add(target, [permission(resource)]);
    }
  }
  return policies;
}

/** Properties that hold a resource's own policy. */
const INLINE: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'AssumeRolePolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::KMS::ReplicaKey': 'KeyPolicy',
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::Backup::LogicallyAirGappedBackupVault': 'AccessPolicy',
  'AWS::EC2::VPCEndpoint': 'PolicyDocument',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::OpenSearchService::Domain': 'AccessPolicies',
  'AWS::Elasticsearch::Domain': 'AccessPolicies',
  'AWS::Logs::LogGroup': 'ResourcePolicyDocument',
  'AWS::EFS::FileSystem': 'FileSystemPolicy',
  'AWS::ApiGateway::RestApi': 'Policy',
};

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::Serverless::Function'];

/** Policies that are resources of their own, and the property that says whose they are. */
const ATTACHED: Readonly<Record<string, { readonly document: string; readonly to: string; readonly types: readonly string[] }>> = {
  'AWS::S3::BucketPolicy': { document: 'PolicyDocument', to: 'Bucket', types: ['AWS::S3::Bucket'] },
  'AWS::SecretsManager::ResourcePolicy': { document: 'ResourcePolicy', to: 'SecretId', types: ['AWS::SecretsManager::Secret'] },
  'AWS::SNS::TopicPolicy': { document: 'PolicyDocument', to: 'Topics', types: ['AWS::SNS::Topic'] },
  'AWS::SNS::TopicInlinePolicy': { document: 'PolicyDocument', to: 'TopicArn', types: ['AWS::SNS::Topic'] },
  'AWS::SQS::QueuePolicy': { document: 'PolicyDocument', to: 'Queues', types: ['AWS::SQS::Queue'] },
  'AWS::SQS::QueueInlinePolicy': { document: 'PolicyDocument', to: 'Queue', types: ['AWS::SQS::Queue'] },
};

/** "If you do not provide a key policy, AWS KMS attaches a default key policy": the account's own policies decide. */
function defaultKeyPolicy({ id, stack }: Resource, { stacks }: Assembly): readonly Statement[] {
  const { partition, account } = stacks.find((facts) => facts.id === stack)!;
  return [{
    source: id, sid: undefined, effect: 'Allow', variables: false, conditions: [],
    actions: { except: false, list: ['kms:*'] }, resources: { except: false, list: ['*'] },
    principals: { except: false, list: [{ kind: 'AWS', value: `arn:${partition}:iam::${account}:root` }] },
  }];
}

/** A Lambda permission is written as a statement of the function's policy. */
function permission({ id, properties }: Resource): Statement {
  const text = (name: string): Text => (typeof properties[name] === 'string' ? properties[name] : '');
  const given = (operator: string, key: string, name: string): Condition[] => {
    const value = properties[name];
    return value === undefined ? [] : [{ operator, key, values: [typeof value === 'object' ? unknown(`${name} of ${id}`) : String(value)] }];
  };
  const principal = text('Principal');
  const service = /^[a-z0-9.-]+\.amazon(aws)?\.com/.test(principal);
  return {
    source: id, sid: undefined, effect: 'Allow', variables: false,
    actions: { except: false, list: [text('Action')] }, resources: { except: false, list: ['*'] },
    principals: { except: false, list: [{ kind: service ? 'Service' : 'AWS', value: principal }] },
    conditions: [
      ...given('ArnLike', 'aws:SourceArn', 'SourceArn'),
      ...given('StringEquals', 'aws:SourceAccount', 'SourceAccount'),
      ...given('StringEquals', 'aws:PrincipalOrgID', 'PrincipalOrgID'),
      ...given('StringEquals', 'lambda:FunctionUrlAuthType', 'FunctionUrlAuthType'),
      ...given('StringEquals', 'lambda:EventSourceToken', 'EventSourceToken'),
      ...given('Bool', 'lambda:InvokedViaFunctionUrl', 'InvokedViaFunctionUrl'),
    ],
  };
}

const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName', 'AWS::SecretsManager::Secret': 'Name', 'AWS::SNS::Topic': 'TopicName', 'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName', 'AWS::Serverless::Function': 'FunctionName',
};

/** Finds resources of the assembly by a name, ARN or URL of theirs. */
class Names {
  readonly #byId: ReadonlyMap<string, Resource>;
  readonly #byName = new Map<string, string[]>();

  constructor({ resources }: Assembly) {
    this.#byId = new Map(resources.map((resource) => [resource.id, resource]));
    for (const { id, type, properties } of resources) {
      const name = properties[NAME_PROPERTIES[type] ?? ''];
      if (typeof name !== 'string') continue;
      const before = this.#byName.get(`${type} ${name}`);
      if (before) before.push(id);
      else this.#byName.set(`${type} ${name}`, [id]);
    }
  }

  all(value: Value | undefined, types: readonly string[]): readonly string[] {
    const list = Array.isArray(value) ? value as readonly Value[] : [value];
    return [...new Set(list.flatMap((text) => (typeof text === 'string' ? this.#one(text, types) : [])))];
  }

  #one(text: Text, types: readonly string[]): readonly string[] {
    const generated = parts(text).filter(isSymbolic).flatMap((symbol) => this.#ofSymbol(symbol, types));
    if (generated.length > 0) return generated;
    // A name is what follows the last colon or slash of an ARN or URL; a secret's name has slashes of its own.
    const names = [text, text.slice(text.lastIndexOf(':') + 1), text.slice(text.lastIndexOf('/') + 1), text.replace(/^.*:secret:/, '').replace(/-[^-]*$/, '')];
    return types.flatMap((type) => names.flatMap((name) => this.#byName.get(`${type} ${name}`) ?? []));
  }

  /** The resource whose attribute a generated symbol is: its id is followed by a dot and the attribute. */
  #ofSymbol(symbol: string, types: readonly string[]): readonly string[] {
    const name = symbol.slice(3, -1);
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      const resource = this.#byId.get(name.slice(0, dot));
      if (resource && types.includes(resource.type)) return [resource.id];
    }
    return [];
  }
}
