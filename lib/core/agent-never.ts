/**
 * What no agent may ever do, whoever grants it: the calls that destroy a database or its backups, that take a protection
 * away, or that lead to someone else's permissions. By the verbs that AWS uses, so that a call that is added tomorrow is
 * on the list too. Wildcards stand at the end only, so that a reader sees what they cover.
 *
 * Nothing that the kit allows an agent may match: an explicit denial would take it back without a word.
 */
export const AGENT_NEVER: Readonly<Record<string, readonly string[]>> = {
  DenyDestroyingDatabases: [
    ...calls('rds', 'Add* Apply* Authorize* Backtrack* Cancel* Copy* Create* Cross* Delete* Deregister* Disable* Enable* Failover*'),
    ...calls('rds', 'Modify* Promote* Purchase* Reboot* Register* Remove* Reset* Restore* Revoke* Start* Stop* Switchover*'),
    ...calls('rds-data', '*'), ...calls('dms', '*'), ...calls('dsql', '*'),
  ],
  DenyBackups: [
    ...calls('backup', 'Associate* Cancel* Copy* Create* Delete* Disassociate* Put* Revoke* Start* Stop* Tag* Untag* Update*'),
    ...calls('backup-storage', '*'), ...calls('backup-gateway', '*'), ...calls('drs', '*'),
  ],
  DenyKeys: calls('kms', 'Create* Delete* Disable* Disconnect* Import* Put* Replicate* Retire* Revoke* Schedule* Tag* Untag* Update*'),
  DenyIdentity: [
    ...calls('iam', '*'), ...calls('organizations', '*'), ...calls('account', '*'), ...calls('ram', '*'), ...calls('sso', '*'),
    ...calls('sts', 'Assume* GetDelegated* GetFederation* GetService* GetSession* GetWeb* Set* Tag*'),
  ],
  DenyNetwork: [
    ...calls('ec2', 'Accept* Allocate* Apply* Assign* Associate* Attach* Authorize* Create* Delete* Deregister* Detach* Disable*'),
    ...calls('ec2', 'Disassociate* Enable* Export* Modify* Move* Register* Reject* Release* Replace* Reset* Restore* Revoke*'),
    ...calls('ec2', 'Unassign* Unlock* Update*'),
    ...calls('vpc-lattice', '*'), ...calls('route53resolver', '*'),
  ],
  DenyLogs: [
    // Every Put of logs but PutLogEvents: a container writes its own log.
    ...calls('logs', 'Associate* Delete* Disassociate* PutA* PutB* PutD* PutI* PutLogG* PutM* PutP* PutQ* PutR* PutS* PutT* Untag* Update*'),
    ...calls('cloudtrail', 'Deregister* Delete* Disable* Put* Remove* Stop* Update*'), ...calls('config', 'Delete* Put* Stop*'),
    ...calls('cloudwatch', 'Delete* Disable* Put* Set* Stop*'), ...calls('firehose', '*'), ...calls('sns', '*'),
  ],
  DenySecrets: [...calls('secretsmanager', '*'), ...calls('ssm', 'GetAccessToken GetParameter*')],
  DenyDeployments: [
    ...calls('cloudformation', '*'), ...calls('codebuild', '*'), ...calls('codedeploy', '*'), ...calls('codepipeline', '*'),
    ...calls('servicecatalog', '*'),
  ],
  DenyCompute: [
    ...calls('lambda', 'Add* Create* Delete* Publish* Put* Remove* Update*'), ...calls('ecs', '*'),
    ...calls('ec2', 'Import* Reboot* Request* Run* Send* Start* Stop* Terminate*'),
    ...calls('ec2-instance-connect', '*'),
    // Not StartSession, which port forwarding needs and which is denied everywhere else by where it may go.
    ...calls('ssm', 'Create* Delete* Modify* Put* Register* StartA* StartC* StartE* Update*'),
  ],
  DenyApproving: [
    ...calls('ssm', 'Send*'), ...calls('mpa', '*'),
    ...calls('states', 'Create* Delete* Redrive* Send* Stop* Update*'),
  ],
  DenyStorage: calls('s3', 'Bypass* Create* Delete* ObjectOwner* Put* Replicate* Restore* Tag* Untag* Update*'),
};

/** The statement of `AGENT_NEVER` that a call falls under, if any. IAM compares without regard to case. */
export function neverAllowed(action: string): string | undefined {
  const asked = action.toLowerCase();
  const covers = (pattern: string) =>
    pattern.endsWith('*') ? asked.startsWith(pattern.slice(0, -1).toLowerCase()) : asked === pattern.toLowerCase();
  return Object.keys(AGENT_NEVER).find((sid) => AGENT_NEVER[sid]!.some(covers));
}

function calls(service: string, names: string): string[] {
  return names.split(' ').map((name) => `${service}:${name}`);
}
