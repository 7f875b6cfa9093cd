/** The public constructs of cdk-agent-db-guardrails. */
export { AccessHost, type AccessHostProps } from './constructs/access-host';
export { AgentAccess, type AgentAccessProps, type ConnectableDatabase } from './constructs/agent-access';
export {
  AgentDatabaseGuardrails,
  type AgentDatabaseGuardrailsProps,
  type AgentDefinition,
  type DatabaseRolesChoice,
} from './constructs/agent-database-guardrails';
export { AgentNetwork, type AgentNetworkProps } from './constructs/agent-network';
export { AgentReplica, ReplicaPlacement, type AgentReplicaProps } from './constructs/agent-replica';
export { AgentTrust } from './constructs/agent-trust';
export { ApproverTrust } from './constructs/approver-trust';
export type { DatabaseLogs } from './constructs/database-logs';
export { DatabaseRoles, type DatabaseRolesOptions, type DatabaseRolesProps, type ReadingAgent } from './constructs/database-roles';
export type { EvaluationInstanceProps } from './constructs/evaluation-instance';
export { ProductionAdmission } from './constructs/production-admission';
export { ProductionCheck, type ProductionCheckProps } from './constructs/production-check';
export {
  ProductionDatabase,
  type ProductionDatabaseInstanceProps,
  type ProductionInstanceAttributes,
  type ProductionSettings,
} from './constructs/production-database';
export { ProtectedBackups, type ProtectedBackupsProps } from './constructs/protected-backups';
export { SecretsAccess } from './constructs/secrets-access';
export { StagingClone, type StagingCloneProps } from './constructs/staging-clone';
export { StatementLog, type StatementLogProps } from './constructs/statement-log';
export { VaultLock } from './constructs/vault-lock';
export type { DatabaseReading } from './core/agent-reading';
export { agentServiceControlPolicy } from './core/agent-policy';
export type { ClosePublic, ColumnName, PublicHole, ReadAccess, RoleLimits, SchemaChoice } from './core/grants/wanted';
export { GUARANTEES, METADATA_KEY, type Declaration, type Guarantee, type GuaranteeId } from './core/guarantees';
export type { StandbyMinimums } from './core/parameters';
export { readEnvironments, renderMistakes, type Environment } from './environment';
export { addEnvironments, type EnvironmentsOutcome } from './guardrails-app';
export { GuardrailsStack, type GuardrailsStackProps } from './guardrails-stack';
