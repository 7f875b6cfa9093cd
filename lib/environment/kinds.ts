import { enclosingBlock, parseCidr, sizedWithin, VPC_PREFIXES, type Prefixes } from '../core/cidr';
import { parseEngineVersion, unsupported } from '../core/engine-version';
import { insteadOfEndpoint } from '../core/endpoint';
import { isIdentifier, kitPrefix } from '../core/instance-identifier';
import { AGENT_NETWORK_PREFIXES, MAXIMUM_IDENTIFIER_LENGTH, SUPPORTED_POSTGRES_MAJORS } from '../core/policy';
import { text } from './fields';

/* What AWS calls things: one function for each kind of name, so that each field can say what it means itself. */

export const instanceClass = () =>
  text('instance class', 'an RDS instance class such as db.t4g.medium', (value) =>
    /^db\.(?!serverless)[a-z][a-z0-9-]{1,20}\.[a-z0-9-]{2,20}$/.test(value),
  );

/** A block for a network that the kit makes: it has to have room for the subnets. */
export const networkCidr = () => cidrBlock(AGENT_NETWORK_PREFIXES, '10.213.0.0/20');

/** A block of a VPC that exists. */
export const existingCidr = () => cidrBlock(VPC_PREFIXES, '10.0.0.0/16');

function cidrBlock(prefixes: Prefixes, example: string) {
  const kind = `IPv4 CIDR block of /${prefixes.largest} to /${prefixes.smallest}`;
  const holds = (value: string) => {
    const cidr = parseCidr(value);
    return cidr !== undefined && sizedWithin(cidr, prefixes);
  };
  const write = (seen: string) => {
    const block = enclosingBlock(seen);
    return block && block.text !== seen && sizedWithin(block, prefixes)
      ? `${block.text}, the block that address lies in`
      : `an ${kind}, such as ${example}`;
  };
  return text(kind, write, holds);
}

export const regionName = () => text('Region', 'an AWS Region such as eu-central-1', (value) => REGION.test(value));

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

export const instanceIdentifier = () =>
  text('RDS instance identifier', insteadOfIdentifier, (value) => isIdentifier(value) && kitPrefix(value) === undefined);

/** With its minor: a version without one was not copied from a database, and says nothing of what that database runs. */
export const engineVersion = (form: string) =>
  text('PostgreSQL version', `${form}; supported majors are ${SUPPORTED_POSTGRES_MAJORS.join(', ')}`, (value) => {
    const version = parseEngineVersion(value);
    return version !== undefined && unsupported(version) === undefined && version.minor !== undefined;
  });

export const databaseName = (pattern: RegExp, write: string) =>
  text('database name', write, (value) => pattern.test(value) && !['rdsadmin', 'template0', 'template1'].includes(value));

export const awsId = (kind: string, prefix: string) =>
  text(kind, `an id such as ${prefix}-0123456789abcdef0`, (value) =>
    new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(value),
  );

export const resourceId = () =>
  text(
    'resource id',
    (seen) => {
      const form = 'the DbiResourceId, such as db-ABCDEFGHIJKLMNOPQRSTUVWXY2';
      if (seen.startsWith('arn:')) return `${form}; an ARN is another thing, and permissions that name it match nothing`;
      if (seen.startsWith('cluster-')) return `${form}, of an RDS instance; Aurora clusters are not supported yet`;
      return `${form}; it is neither the identifier nor the ARN`;
    },
    (value) => /^db-[A-Z0-9]{10,64}$/.test(value),
  );

export const endpoint = () =>
  text(
    'host name',
    (seen) => insteadOfEndpoint(seen) ?? 'the address that RDS reports for the instance, such as orders.abc123.eu-central-1.rds.amazonaws.com, without a port',
    (value) => ENDPOINT.test(value),
  );

const ENDPOINT = /^([a-z][a-z0-9-]*)\.[a-z0-9]+\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.rds\.amazonaws\.(?:com|com\.cn|eu)$/;

/** The identifier and the Region that an endpoint address consists of. */
export function endpointParts(address: string): { readonly identifier: string; readonly region: string } | undefined {
  const [, identifier, region] = ENDPOINT.exec(address) ?? [];
  return identifier === undefined || region === undefined ? undefined : { identifier, region };
}

export const SECRET_ARN = /^arn:aws(?:-[a-z]+)*:secretsmanager:([a-z0-9-]+):\d{12}:secret:[\w/+=.@!-]{1,512}$/;

export const KEY_ARN = /^arn:aws(?:-[a-z]+)*:kms:([a-z0-9-]+):\d{12}:key\/[0-9a-z-]{1,128}$/;

function insteadOfIdentifier(seen: string): string {
  const prefix = kitPrefix(seen);
  if (prefix !== undefined) {
    return `the identifier of production; ${prefix} begins the names of the kit's own copies, which it may delete`;
  }
  if (isIdentifier(seen.toLowerCase())) return `${seen.toLowerCase()}; RDS keeps identifiers in lower case`;
  const most = MAXIMUM_IDENTIFIER_LENGTH;
  return `at most ${most} lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen`;
}
