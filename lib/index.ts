/** What cdk-agent-db-guardrails offers to apps: constructs, and the audit of what they make. */
export { auditAssembly, type AuditAssemblyOptions } from './audit-assembly';
export { AgentGuardrailsValidation, type AgentGuardrailsValidationProps } from './audit-plugin';
export type { AuditOutcome } from './audit/audit';
export type { Acknowledgement, Assumption, Finding, Report, RuleVerdict, Step, Verdict } from './audit/model';
export { AccessHost, type AccessHostProps, type AccessTarget } from './constructs/access-host';
export { acknowledge } from './constructs/acknowledge';
export { AgentAccess, type AgentAccessProps, type ConnectableDatabase } from './constructs/agent-access';
export {
  AgentDatabaseGuardrails,
  type AgentDatabaseGuardrailsProps,
  type AgentDefinition,
  type DatabaseRolesChoice,
} from './constructs/agent-database-guardrails';
export { AgentNetwork, type AgentNetworkOptions, type AgentNetworkProps, type Audience } from './constructs/agent-network';
export { AgentReplica, ReplicaPlacement, type AgentReplicaOptions, type AgentReplicaProps } from './constructs/agent-replica';
export {
  AgentTrust,
  type AgentCoreOptions,
  type BoundAgentTrust,
  type GithubRuns,
  type SourceIdentityOptions,
} from './constructs/agent-trust';
export type { AllowedConnectionProps } from './constructs/allowed-connection';
export { ApproverTrust } from './constructs/approver-trust';
export type { LogArchiveSettings } from './constructs/archive-bucket';
export type { DatabaseLogs, DatabaseLogsProps, RecordedDatabase } from './constructs/database-logs';
export { DatabaseRoles, type DatabaseRolesOptions, type DatabaseRolesProps, type ReadingAgent } from './constructs/database-roles';
export type { EvaluationInstanceProps } from './constructs/evaluation-instance';
export { ProductionAdmission } from './constructs/production-admission';
export { ProductionCheck, type ProductionCheckOptions, type ProductionCheckProps } from './constructs/production-check';
export {
  ProductionDatabase,
  type ProductionDatabaseInstanceProps,
  type ProductionInstanceAttributes,
  type ProductionSettings,
} from './constructs/production-database';
export { ProtectedBackups, type ProtectedBackupsOptions, type ProtectedBackupsProps } from './constructs/protected-backups';
export { SecretsAccess } from './constructs/secrets-access';
export { StagingClone, type StagingCloneOptions, type StagingCloneProps, type StagingSurroundings } from './constructs/staging-clone';
export { StatementLog, type StatementLogProps } from './constructs/statement-log';
export { VaultLock } from './constructs/vault-lock';
export type { PortForwardingHost } from './core/agent-permissions';
export {
  agentServiceControlPolicy,
  type AgentContainer,
  type AgentServiceControlPolicyOptions,
  type ServiceControlPolicy,
} from './core/agent-service-control';
export type { Permission, PolicyJson } from './core/agent-statement';
export type { DatabaseReading } from './core/agent-reading';
export type { CostLine, CostTable } from './core/cost';
export type { AgentRuntime, EndpointAudience } from './core/endpoints';
export type { RuleException } from './core/exception';
export type { EngineVersion } from './core/engine-version';
export type { ClosePublic, ColumnName, PublicHole, ReadAccess, RoleLimits, SchemaChoice } from './core/grants/wanted';
export { GUARANTEES, METADATA_KEY, type Declaration, type Guarantee, type GuaranteeId } from './core/guarantees';
export { RULE_IDS, type RuleId } from './core/rule-ids';
export type { DatabasePurpose, StandbyMinimums } from './core/parameters';
export { readEnvironments, renderMistakes, type Environment, type Mistake } from './environment';
export { addEnvironments, type EnvironmentsOutcome } from './guardrails-app';
export { GuardrailsStack, type GuardrailsStackProps } from './guardrails-stack';
