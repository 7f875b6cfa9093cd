import { parseEngineVersion, undelayable } from '../core/engine-version';
import { AGENT_DATABASE_PORT, DATABASE_PREFIX, MAXIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_IDENTIFIER_LENGTH } from '../core/policy';
import { samePrincipal } from '../core/principal';
import { staging } from './agent-databases';
import { draftOf, kinds, valueAt, type Draft } from './draft';
import { backups } from './keeping';
import { pathText, type Mistake, type Path } from './mistakes';
import { oneRegion } from './one-region';
import { addresses, copies, lattice, overlaps, zones } from './places';
import { create, existing } from './production';
import { standby, wayIn } from './reach';

/** Fields that are right by themselves and wrong together. `root` is the path of the environment. */
export function contradictions(raw: unknown, root: Path): Mistake[] {
  const draft = draftOf(raw, root);
  const checks = [overlaps, ports, names, undoWindow, addresses, zones, oneRegion, lattice, standby, wayIn, selfApproval, copies, continuity, duplicates];
  return checks.flatMap((check) => check(draft));
}

function ports(draft: Draft): Mistake[] {
  return kinds(draft).flatMap((kind) => {
    const at = ['production', kind, 'port'];
    return draft.mistake({
      when: valueAt(draft.raw, at) === AGENT_DATABASE_PORT,
      at,
      seen: `${AGENT_DATABASE_PORT}, the port of the agents' databases`,
      write: "another port: production may not listen on the agents' port, so that no rule for agents can ever open production",
    });
  });
}

function names(draft: Draft): Mistake[] {
  const prefixes = [
    DATABASE_PREFIX.replica,
    ...(draft.look(staging.shape.enabled, 'staging', 'enabled') === false ? [] : [DATABASE_PREFIX.staging]),
    ...(valueAt(draft.raw, ['replica', 'delayed']) === undefined ? [] : [DATABASE_PREFIX.delayed]),
  ];
  const longest = prefixes.reduce((one, other) => (other.length > one.length ? other : one));
  const most = MAXIMUM_IDENTIFIER_LENGTH - longest.length;
  return kinds(draft).flatMap((kind) => {
    const at = ['production', kind, 'instanceIdentifier'];
    const { length } = draft.look(existing.shape.instanceIdentifier, ...at) ?? '';
    return draft.mistake({
      when: length > most,
      at,
      seen: `an identifier of ${length} characters`,
      write: `one of at most ${most}: its copy is named ${longest}…, and RDS allows ${MAXIMUM_IDENTIFIER_LENGTH}`,
    });
  });
}

function undoWindow(draft: Draft): Mistake[] {
  return kinds(draft).flatMap((kind) => {
    const schema = kind === 'existing' ? existing.shape.engineVersion : create.shape.engineVersion;
    const version = parseEngineVersion(draft.look<string>(schema, 'production', kind, 'engineVersion') ?? '');
    const why = version && undelayable(version);
    return draft.mistake({
      when: valueAt(draft.raw, ['replica', 'delayed']) !== undefined && why !== undefined,
      at: ['replica', 'delayed'],
      seen: `an undo window, but ${why}`,
      write: 'nothing: remove it, or upgrade production first',
    });
  });
}

/** Whoever is an agent cannot be the person who approves what agents want. */
function selfApproval(draft: Draft): Mistake[] {
  const principals = itemsOf(draft, 'agents').map((agent) => valueAt(agent, ['trust', 'principal', 'arn']));
  return draft.strings('approvers').flatMap(({ value, at }) => {
    const agent = principals.findIndex((arn) => typeof arn === 'string' && samePrincipal(arn, value));
    return draft.mistake({
      when: agent >= 0,
      at,
      write: `someone else: this is who agents[${agent}] is, and no agent approves its own changes`,
    });
  });
}

function continuity(draft: Draft): Mistake[] {
  const days = draft.look(backups.shape.retentionDays, 'backups', 'retentionDays') ?? 0;
  return draft.mistake({
    when: valueAt(draft.raw, ['backups', 'continuous']) === true && days > MAXIMUM_BACKUP_RETENTION_DAYS,
    at: ['backups', 'continuous'],
    seen: `true, with recovery points that are kept ${days} days`,
    write: `false, or a retentionDays of at most ${MAXIMUM_BACKUP_RETENTION_DAYS}, as far as continuous backups reach back`,
  });
}

function duplicates(draft: Draft): Mistake[] {
  const agentNames = itemsOf(draft, 'agents').flatMap((agent, i) => {
    const value = valueAt(agent, ['name']);
    return typeof value === 'string' ? [{ value, at: ['agents', i, 'name'] }] : [];
  });
  const equal = (one: string, other: string) => one === other;
  // Two sessions of a role are two people; the same session, or a role with its path or in another case, is one.
  const oneApprover = (one: string, other: string) =>
    one === other || (!one.includes(':assumed-role/') && !other.includes(':assumed-role/') && samePrincipal(one, other));
  const repeated = (values: ReturnType<Draft['strings']>, same: typeof equal, write: string) =>
    values.flatMap(({ value, at }, i) => {
      const before = values.slice(0, i).find((earlier) => same(earlier.value, value));
      return draft.mistake({ when: before !== undefined, at, seen: `the same as ${pathText(before?.at ?? [])}`, write });
    });
  return [
    ...repeated(agentNames, (one, other) => one.replaceAll('-', '') === other.replaceAll('-', ''), 'a name of its own for each agent, also without hyphens'),
    ...repeated(draft.strings('approvers'), oneApprover, 'each person once'),
    ...repeated(draft.strings('production', 'existing', 'databases'), equal, 'each database once'),
    ...repeated(draft.strings('production', 'existing', 'subnetIds'), equal, 'each subnet once'),
    ...repeated(draft.strings('backups', 'copyTo'), equal, 'each vault once'),
    ...repeated(draft.strings('log', 'alarmEmails'), equal, 'each address once'),
  ];
}

function itemsOf(draft: Draft, ...path: Path): readonly unknown[] {
  const items: unknown = valueAt(draft.raw, path);
  return Array.isArray(items) ? items : [];
}
