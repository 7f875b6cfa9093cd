/** Writes ENVIRONMENTS.md from the schema: `node --import tsx scripts/environments-reference.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readEnvironments, renderMistakes } from '../lib/environment';
import { environment } from '../lib/environment/schema';

/** What is used of a JSON schema. `kind` is the name that the schema gives a type. */
interface Node {
  readonly type?: string;
  readonly kind?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

const REQUIRED = '**required**';

export interface Row {
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly meaning: string;
}

/** Every field of an environment, in the order of the schema. */
export function rows(): Row[] {
  return below('', z.toJSONSchema(environment, { io: 'input', unrepresentable: 'any' }) as Node);
}

function below(path: string, node: Node): Row[] {
  const inside = [node, ...(node.anyOf ?? [])].find((candidate) => candidate.properties);
  if (node.items) return below(`${path}[]`, node.items);
  return Object.entries(inside?.properties ?? {}).flatMap(([key, field]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return [
      {
        path: at,
        type: typeOf(field),
        default: defaultOf(field, inside?.required?.includes(key) ?? false),
        meaning: field.description ?? '',
      },
      ...below(at, field),
    ];
  });
}

function typeOf(node: Node): string {
  return node.kind ?? (node.items ? 'list' : (node.type ?? ''));
}

function defaultOf(node: Node, required: boolean): string {
  if (required) return REQUIRED;
  const value = node.default;
  return value === undefined || (node.properties && JSON.stringify(value) === '{}') ? 'none' : `\`${JSON.stringify(value)}\``;
}

function table(fields: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [
    '| Field | Type | Default | Meaning |',
    '|---|---|---|---|',
    ...fields.map((row) => `| \`${row.path}\` | ${cell(row.type)} | ${cell(row.default)} | ${cell(row.meaning)} |`),
  ].join('\n');
}

/** The text of ENVIRONMENTS.md. */
export function environmentsReference(): string {
  const all = rows();
  const sections = all.filter((row) => !/[.[]/.test(row.path));
  const nested = (section: Row) =>
    all.filter((row) => row.path.startsWith(`${section.path}.`) || row.path.startsWith(`${section.path}[`));
  const plain = sections.filter((section) => nested(section).length === 0);
  const heading = (section: Row) =>
    `### \`${section.path}\`\n\n${section.meaning}${section.default === REQUIRED ? ' Required.' : ''}`;
  return [
    INTRODUCTION,
    `## Fields\n\n${table(plain)}`,
    ...sections
      .filter((section) => !plain.includes(section))
      .map((section) => `${heading(section)}\n\n${table(nested(section))}`),
  ]
    .join('\n\n')
    .concat('\n');
}

const MINIMAL = {
  prod: {
    account: '111122223333',
    region: 'eu-central-1',
    production: {
      existing: {
        instanceIdentifier: 'orders',
        resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
        endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
        engineVersion: '16.10',
        instanceClass: 'db.m7g.large',
        databases: ['orders'],
        vpcCidrs: ['10.0.0.0/16'],
      },
    },
    network: { accessHost: true },
    agents: [{ name: 'coding', trust: { github: { repository: 'acme/shop' } } }],
    approvers: ['arn:aws:iam::111122223333:role/DatabaseAdministrator'],
  },
};

function exampleOfMistakes(): string {
  const { existing } = MINIMAL.prod.production;
  const wrong = {
    prod: {
      ...MINIMAL.prod,
      production: { existing: { ...existing, vpcCidrs: ['10.213.0.0/16'] } },
      backups: { retentionDays: 5 },
      netwrok: {},
    },
  };
  const read = readEnvironments(wrong);
  return 'mistakes' in read ? renderMistakes(read.mistakes) : '';
}

const INTRODUCTION = `# Environments

<!-- Written by scripts/environments-reference.ts from the schema. Change that, not this. -->

An environment is one deployment of the kit around one production database: one stack. Environments stand in \`cdk.json\`
under \`context.environments\`, by name; \`npx cdk deploy -c env=prod\` deploys the one called \`prod\`. \`demo\`,
\`prod-example\` and \`lattice-example\` are there to copy from; the accounts, names and ids in them are made up.

## A minimal environment for an existing database

\`\`\`json
${JSON.stringify({ context: { environments: MINIMAL } }, null, 2)}
\`\`\`

Everything else has a default that is safe. \`accessHost\` is the way in for agents that run elsewhere, such as workflows of
GitHub; agents in the network (\`ecs\`, \`agentCore\`) need none. To try the kit out without a database of your own, write
\`"production": { "create": {} }\`, which makes one.

## Where to find what

One command prints what \`production.existing\` is made of, under the names it has here. Remove what is \`null\`, and
\`encryptionKeyArn\` if the database is encrypted with the key of AWS (\`aws/rds\`).

\`\`\`sh
aws rds describe-db-instances --db-instance-identifier orders --query 'DBInstances[0].{
  instanceIdentifier: DBInstanceIdentifier, resourceId: DbiResourceId, endpoint: Endpoint.Address, port: Endpoint.Port,
  engineVersion: EngineVersion, instanceClass: DBInstanceClass, allocatedStorageGiB: AllocatedStorage,
  vpcId: DBSubnetGroup.VpcId, subnetIds: DBSubnetGroup.Subnets[].SubnetIdentifier,
  availabilityZones: DBSubnetGroup.Subnets[].SubnetAvailabilityZone.Name,
  securityGroupId: VpcSecurityGroups[0].VpcSecurityGroupId,
  masterSecretArn: MasterUserSecret.SecretArn, encryptionKeyArn: KmsKeyId }'
\`\`\`

RDS does not say three things: \`databases\` (in psql: \`\\l\`), \`vpcCidrs\` (\`aws ec2 describe-vpcs --vpc-ids VPC --query
'Vpcs[0].CidrBlockAssociationSet[].CidrBlock'\`) and, if the class of the replica is smaller than production's, \`standbyMinimums\`
(in psql: \`SELECT name, setting FROM pg_settings WHERE name IN ('max_connections', 'max_worker_processes',
'max_wal_senders', 'max_prepared_transactions', 'max_locks_per_transaction')\`).

## When something is wrong

All environments are read before anything is synthesized. All mistakes of all of them are reported at once, each with its
path, what was seen and what to write; there is no template then, and the exit status is 2 (1 from \`cdk\`). Values that may be secret are
not shown.

\`\`\`
${exampleOfMistakes()}
\`\`\``;

if (require.main === module) writeFileSync(join(__dirname, '..', 'ENVIRONMENTS.md'), environmentsReference());
