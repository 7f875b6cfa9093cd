/**
 * What a deployment promises. One guarantee = one construct = one rule id = one row of the README's table.
 * The id is a claim: it reads true when it holds.
 */
export interface Guarantee {
  readonly id: GuaranteeId;
  /** The construct that provides it. */
  readonly construct: string;
  /** What a user can rely on, in one sentence. */
  readonly claim: string;
  /** Whether this version of the kit provides it. A planned guarantee is named so that nobody assumes it. */
  readonly state: 'provided' | 'planned';
}

const table = [
  {
    id: 'agent-reads-a-replica', construct: 'AgentReplica', state: 'provided',
    claim: 'agents read near-live data from a physical replica, over TLS, with 15-minute IAM tokens and no password',
  },
  {
    id: 'agent-role-cannot-write', construct: 'DatabaseRoles', state: 'provided',
    claim: "PostgreSQL itself refuses every write by the agent's database role on the replica; on the primary, where it cannot log in, "
      + 'that role could still not change an existing row or object',
  },
  {
    id: 'agent-has-no-route-to-production', construct: 'AgentNetwork', state: 'provided',
    claim: "the agents' network has no route, peering, gateway, security-group edge or endpoint that reaches the primary",
  },
  {
    id: 'agent-cannot-use-the-control-plane', construct: 'AgentAccess', state: 'provided',
    claim: "the agent's IAM role can connect to the databases made for it and nothing else, even with an administrator policy attached",
  },
  {
    id: 'staging-is-production-sized-and-masked', construct: 'StagingClone', state: 'planned',
    claim: 'agents get a writable full-size copy, masked and cleaned, with no way in before that is proven',
  },
  {
    id: 'production-writes-need-a-human', construct: 'WriteGate', state: 'planned',
    claim: 'production changes only by exact SQL that another person approved',
  },
  {
    id: 'freeze-is-enforced', construct: 'Freeze', state: 'planned',
    claim: 'while frozen no change executes',
  },
  {
    id: 'production-is-recoverable', construct: 'ProductionCheck', state: 'provided',
    claim: 'every deployment reads the real production database and stops unless it can be recovered',
  },
  {
    id: 'backups-outlive-the-agent', construct: 'ProtectedBackups', state: 'provided',
    claim: 'recovery points lie in a locked vault that neither the agent, nor the deployer, nor the gate can delete or shorten',
  },
  {
    id: 'backups-are-verified', construct: 'RestoreDrill', state: 'planned',
    claim: 'a restore runs on schedule and its contents are compared',
  },
  {
    id: 'statements-are-recorded', construct: 'StatementLog', state: 'provided',
    claim: 'every statement of agents is logged and kept where they cannot change it; refused and destructive attempts alarm',
  },
  {
    id: 'agent-can-be-locked-out', construct: 'Lockout', state: 'planned',
    claim: "one command ends an agent's sessions, tokens, logins and network path",
  },
] as const;

export type GuaranteeId = (typeof table)[number]['id'];

/** All guarantees of the design, in the order of the README's table. */
export const GUARANTEES: readonly Guarantee[] = table;

/**
 * What a construct states about itself in the template's `Metadata`, under `METADATA_KEY`. Tools that read a template
 * (the demo, an audit) learn from it which resources are the agents', which are production's, and what is promised.
 */
export interface Declaration {
  readonly guarantee: GuaranteeId;
  /** Name of the construct class. */
  readonly construct: string;
  /** Path of the construct in the app. */
  readonly path: string;
  /** Whether the guarantee holds with this template deployed. `false` says why in `detail`. */
  readonly inForce: boolean;
  /** What was deployed, in words a reviewer can check: numbers, names, what is left out. */
  readonly detail: string;
  /** Logical ids in this template by what they are, e.g. `{ instance: 'Replica1A2B' }`; `database` alone is an instance identifier. */
  readonly resources: Readonly<Record<string, string | readonly string[]>>;
  /** The database that is guarded, where the construct was told of it. */
  readonly production?: DeclaredProduction;
  /** The agent whose identity this is. */
  readonly agent?: DeclaredAgent;
  /** ARNs of those who approve changes, as `DeclaredProduction` writes values. */
  readonly approvers?: readonly string[];
}

/**
 * Production as a construct was told of it. Values may hold `{LogicalId.Attribute}` of what the same template makes, and
 * `{AWS::Region}`. What is not known, or made by another template, is missing.
 */
export interface DeclaredProduction {
  readonly identifier?: string;
  readonly arn?: string;
  readonly resourceId?: string;
  readonly endpoint?: string;
  readonly port: number;
  readonly vpc?: string;
  readonly securityGroup?: string;
  readonly masterSecret?: string;
  readonly encryptionKey?: string;
}

/** An agent: what it is called and, on which database, which user it may log in as. Values as in `DeclaredProduction`. */
export interface DeclaredAgent {
  readonly name: string;
  readonly logins: readonly { readonly resourceId?: string; readonly user: string }[];
}

/** Key of the template's `Metadata` section that holds the `Declaration[]` of the template. */
export const METADATA_KEY = 'cdk-agent-db-guardrails';

/** Key of the template's `Metadata` section that holds the findings that people accept: a list of `{ rule, reason, expires, path }`. */
export const ACKNOWLEDGED_KEY = `${METADATA_KEY}-acknowledged`;
