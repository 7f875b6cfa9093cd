import { parseEngineVersion } from '../core/engine-version';
import { draftOf, kinds, valueAt, type Draft } from './draft';
import { pathText, type Mistake, type Path } from './mistakes';
import { create, existing } from './production';

const EXISTING = ['production', 'existing'] as const;
const ADMISSION = ['roles', 'admission'] as const;
const ENDPOINT = ['roles', 'secretsEndpointSecurityGroupId'] as const;

/** What about database roles depends on the database that they are made in. */
export function roleContradictions(raw: unknown, root: Path): Mistake[] {
  const draft = draftOf(raw, root);
  return [admission, endpoint, loginTrigger, readings].flatMap((check) => check(draft));
}

/** A function can be let in where it is known where to, and with which secret. */
function admission(draft: Draft): Mistake[] {
  if (valueAt(draft.raw, ADMISSION) === undefined) return [];
  if (!kinds(draft).includes('existing')) {
    return draft.mistake({ when: kinds(draft).includes('create'), at: ADMISSION, write: 'nothing: a database that is created lets the function in by itself' });
  }
  const needed = {
    vpcId: 'its VPC', subnetIds: 'its subnets', availabilityZones: 'the zones of its subnets', securityGroupId: 'its security group',
    masterSecretArn: 'the ARN of the secret of its master user',
  };
  return Object.entries(needed).flatMap(([field, words]) =>
    draft.mistake({
      when: valueAt(draft.raw, [...EXISTING, field]) === undefined,
      at: [...EXISTING, field],
      write: `${words}: with roles.admission a function in production's network sets up database roles`,
    }));
}

function endpoint(draft: Draft): Mistake[] {
  return draft.mistake({
    when: valueAt(draft.raw, ENDPOINT) !== undefined && valueAt(draft.raw, ADMISSION) === undefined,
    at: ENDPOINT,
    write: kinds(draft).includes('create')
      ? 'nothing: the network of a database that is created has no such endpoint'
      : 'nothing, or roles.admission too: without it there is no function that could use the endpoint',
  });
}

function loginTrigger(draft: Draft): Mistake[] {
  return kinds(draft).flatMap((kind) => {
    const schema = kind === 'existing' ? existing.shape.engineVersion : create.shape.engineVersion;
    const version = parseEngineVersion(draft.look<string>(schema, 'production', kind, 'engineVersion') ?? '');
    return draft.mistake({
      when: valueAt(draft.raw, ['roles', 'refuseOnPrimary']) === true && version !== undefined && version.major < 17,
      at: ['roles', 'refuseOnPrimary'],
      seen: `true, but production runs PostgreSQL ${version?.text}`,
      write: 'false: databases refuse logins by themselves from PostgreSQL 17 on',
    });
  });
}

/** What agents read is in a database that they may read, and each database is spoken of once. */
function readings(draft: Draft): Mistake[] {
  const databases = databasesOf(draft);
  const agents: unknown = valueAt(draft.raw, ['agents']);
  const lists: Path[] = [['roles', 'read'], ...(Array.isArray(agents) ? agents.map((_, i) => ['agents', i, 'read']) : [])];
  return lists.flatMap((at) => {
    const list: unknown = valueAt(draft.raw, at);
    const named = (Array.isArray(list) ? list : []).map((item: unknown, i) => ({ name: valueAt(item, ['database']), at: [...at, i, 'database'] }));
    return named.flatMap(({ name, at: place }, i) => {
      const before = named.slice(0, i).find((earlier) => typeof name === 'string' && earlier.name === name);
      return [
        ...draft.mistake({ when: before !== undefined, at: place, seen: `the same as ${pathText(before?.at ?? [])}`, write: 'each database once' }),
        ...draft.mistake({
          when: typeof name === 'string' && databases.length > 0 && !databases.includes(name),
          at: place,
          write: `one of the databases that agents may read: ${databases.join(', ')}`,
        }),
      ];
    });
  });
}

function databasesOf(draft: Draft): readonly string[] {
  return kinds(draft).flatMap((kind) => kind === 'existing'
    ? draft.strings(...EXISTING, 'databases').map(({ value }) => value)
    : draft.look(create.shape.database, 'production', 'create', 'database') ?? []);
}
