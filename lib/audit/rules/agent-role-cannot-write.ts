import { GATE_WRITER_ROLE, readRoleName, stagingRoleName } from '../../core/policy';
import { arnOf } from '../identities';
import { anyOf, at, declarationsOf, declaredResource, is, listOf, missing, property, resourcesOf, shown, unless, type Certainty } from '../look';
import type { Assembly, AuditModel, Finding, Resource, Rule, StackDeclaration, Value } from '../model';
import { guardedBy } from '../subjects';
import { functionProblems } from './kit-function';

const RULE = 'agent-role-cannot-write';

/**
 * Every user that an agent may log in as is a role that the kit sets up on production, for reading: the function that does it is the
 * kit's own, is told of exactly those roles, and is pointed at production. What PostgreSQL made of it is not in a template.
 */
export const agentRoleCannotWrite: Rule = {
  id: RULE,
  claim: "PostgreSQL itself refuses every write by the agent's database role on the replica; on the primary, where it cannot log in, "
    + 'that role could still not change an existing row or object',
  applies: ({ assembly }) => declarationsOf(assembly, RULE).length > 0,
  check: (model) => declarationsOf(model.assembly, RULE).flatMap((declaration) => {
    const roles = declaredResource(model.assembly, declaration, 'roles');
    return roles ? [...rolesProblems(model, declaration, roles), ...loginProblems(model, roles)] : missing(RULE, declaration, 'roles');
  }),
};

function rolesProblems({ assembly, subjects }: AuditModel, declaration: StackDeclaration, roles: Resource): Finding[] {
  const provisioner = declaredResource(assembly, declaration, 'function');
  if (!provisioner) return missing(RULE, declaration, 'function');
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: roles, because, fix });
  const own = guardedBy(assembly, roles.stack);
  const guarded = own.length > 0 ? own : subjects.described;
  const endpoints = guarded.flatMap(({ endpoint }) => endpoint ?? []);
  const ports = guarded.flatMap(({ port }) => port ?? []);
  const secrets = guarded.flatMap(({ masterSecret }) => masterSecret ?? []);
  const callers = resourcesOf(assembly, 'AWS::Lambda::Function').filter((each) => is(property(roles, 'ServiceToken'), arn(assembly, each)) === true);
  return [
    ...has(roles.type === 'Custom::DatabaseRoles', `${roles.logicalId} is a ${roles.type} and sets up no roles`, 'leave the custom resource as DatabaseRoles makes it'),
    ...has(callers.length > 0, `${roles.logicalId} is answered by ${shown(property(roles, 'ServiceToken'))}, which is no function of the template`, 'leave ServiceToken as DatabaseRoles sets it'),
    ...has(
      is(property(roles, 'Provisioner'), arn(assembly, provisioner)),
      `the roles are set up by ${shown(property(roles, 'Provisioner'))} and not by ${provisioner.logicalId}`, 'leave Provisioner as DatabaseRoles sets it',
    ),
    ...(endpoints.length === 0 ? [] : has(
      endpoints.some((endpoint) => is(property(roles, 'Host'), endpoint) === true),
      `the roles are set up on ${shown(property(roles, 'Host'))}, which is not production`, 'set Host to the endpoint of production',
    )),
    ...(secrets.length === 0 ? [] : has(
      secrets.some((secret) => is(property(roles, 'SecretArn'), secret) === true),
      `the function logs in with ${shown(property(roles, 'SecretArn'))}, which is not the master secret of production`, 'set SecretArn to the master secret of production',
    )),
    ...(ports.length === 0 ? [] : has(
      anyOf(...ports.map((port) => is(property(roles, 'Port'), String(port)))),
      `the roles are set up on port ${shown(property(roles, 'Port'))}, where production does not listen`, 'set Port to the port of production',
    )),
    ...[...callers, provisioner].flatMap((each) => functionProblems(RULE, each, 'that sets up the roles')),
    ...has(property(roles, 'DeploymentId') !== undefined && property(roles, 'DeploymentId') !== '', 'the roles have no DeploymentId, so that tables made later are never covered', 'leave DeploymentId as DatabaseRoles sets it'),
    ...has(wanted(roles) === undefined ? 'unknown' : true, `${roles.logicalId} describes the roles that are wanted`, 'leave Databases as DatabaseRoles writes it'),
  ];
}

/** An agent that logs in as a role nobody sets up has whatever somebody gave that role. */
function loginProblems({ assembly, subjects }: AuditModel, roles: Resource): Finding[] {
  const known = wanted(roles);
  if (known === undefined) return [];
  const readers = known.filter(({ kind }) => kind === 'read').map(({ name }) => name);
  const writers = known.filter(({ kind }) => kind !== 'read');
  return subjects.logins.flatMap(({ agent, name, user }) => {
    const role = assembly.resources.find(({ id }) => id === agent) ?? roles;
    if (ofAnotherProduction(assembly, role, roles)) return [];
    const writer = writers.find((one) => one.name === user);
    return [
      ...unless(writer === undefined, {
        rule: RULE, subject: role, because: `agent ${name} logs in as ${user}, which is a ${writer?.kind} role`, fix: 'let agents log in with their read role',
      }),
      ...unless(writer !== undefined || readers.includes(user), {
        rule: RULE, subject: role, because: `agent ${name} logs in as ${user}, a role that ${roles.logicalId} does not set up`, fix: 'name the agent in the agents of DatabaseRoles',
      }),
    ];
  });
}

/** Whether an agent belongs to guardrails of another database, whose roles are not these. */
function ofAnotherProduction(assembly: Assembly, role: Resource, roles: Resource): boolean {
  const guarded = guardedBy(assembly, role.stack);
  return guarded.length > 0 && guarded.every(({ endpoint }) => endpoint !== undefined && is(property(roles, 'Host'), endpoint) === false);
}

interface WantedRole { readonly name: string; readonly kind: 'read' | 'staging' | 'writer' }

/** The roles in the text that CloudFormation hands to the function; nothing where it cannot be read. */
function wanted(roles: Resource): readonly WantedRole[] | undefined {
  const text = property(roles, 'Databases');
  if (typeof text !== 'string') return undefined;
  try {
    return listOf(JSON.parse(text) as Value).flatMap((database): readonly WantedRole[] => [
      ...listOf(at(database, 'wanted', 'agents')).flatMap((agent) => rolesOf(agent)),
      ...(at(database, 'wanted', 'writer') === undefined ? [] : [{ name: GATE_WRITER_ROLE, kind: 'writer' as const }]),
    ]);
  } catch {
    return undefined;
  }
}

function rolesOf(agent: Value): readonly WantedRole[] {
  const name = shown(at(agent, 'name'));
  return [
    ...(at(agent, 'read') === undefined ? [] : [{ name: readRoleName(name), kind: 'read' as const }]),
    ...(at(agent, 'staging') === undefined ? [] : [{ name: stagingRoleName(name), kind: 'staging' as const }]),
  ];
}

const arn = (assembly: Assembly, resource: Resource) => arnOf(resource, assembly.stacks.find(({ id }) => id === resource.stack)!) ?? '';
