import { Stack, type CfnResource } from 'aws-cdk-lib';
import type { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { PolicyJson } from '../core/agent-statement';
import { MAXIMUM_MANAGED_POLICY_CHARACTERS as LIMIT } from '../core/policy';
import { resolvedCharacters } from '../core/policy-size';
import type { Check } from './invalid';
import { ProductionDatabase } from './production-database';
import { sameValue } from './same-value';
import { StagingClone } from './staging-clone';
import { synthesizedProperties } from './synthesized';

/** Databases of the kit that look like a replica and that no agent may log in to. */
export function refusedDatabase(replica: object): Check[] {
  return isForbidden(replica) ? [{ when: true, say: `replica is ${nameOf(replica)}; ${INSTEAD}` }] : [];
}

/** The same for what the app describes by other means, or after the agent: asked when the template is written. */
export function databaseProblems(agent: IConstruct, replica: { readonly resourceId: string }): string[] {
  return agent.node.root.node.findAll()
    .filter(isForbidden)
    .filter(({ resourceId }) => sameValue(resourceId, replica.resourceId))
    .map((database) => `replica has the resource id of ${nameOf(database)} (${database.node.path}); ${INSTEAD}`);
}

/**
 * Whether the boundary that the template will have is the agent's own. `PermissionsBoundary.of(app).apply(…)` replaces that
 * of every role, and an override any document, without a word.
 */
export function boundaryProblems(agent: string, role: CfnResource, boundary: CfnManagedPolicy, document: PolicyJson): string[] {
  const resolved = (value: unknown) => JSON.stringify(Stack.of(role).resolve(value));
  const [asRole, asPolicy] = [synthesizedProperties(role), synthesizedProperties(boundary)];
  if (asRole === undefined || asPolicy === undefined) {
    return [`this version of aws-cdk-lib does not show what the permissions boundary of agent ${agent} will be; use a version that does`];
  }
  const actual = resolved(asRole.PermissionsBoundary);
  const characters = resolvedCharacters(Stack.of(role).resolve(document));
  return [
    ...(actual === resolved(boundary.ref) ? [] : [
      `the permissions boundary of agent ${agent} was replaced by ${actual ?? 'none'}, so nothing holds the agent any more; ` +
        'take its role out of what PermissionsBoundary.of(…).apply(…), the context @aws-cdk/core:permissionsBoundary or an Aspect covers',
    ]),
    ...(resolved(asPolicy.PolicyDocument) === resolved(document) ? [] : [
      `the document of the permissions boundary of agent ${agent} was changed, so it may allow anything; remove the override or the Aspect that changes it`,
    ]),
    ...(characters <= LIMIT ? [] : [
      `the permissions boundary of agent ${agent} has about ${characters} characters and IAM allows ${LIMIT}; allow the agent fewer things`,
    ]),
  ];
}

const INSTEAD = 'pass the AgentReplica, or the resource id and identifier of another read replica';

function isForbidden(database: object): database is ProductionDatabase | StagingClone {
  return database instanceof ProductionDatabase || database instanceof StagingClone;
}

function nameOf(database: ProductionDatabase | StagingClone): string {
  return database instanceof StagingClone ? 'the staging clone, which is not proven clean' : 'production itself';
}
