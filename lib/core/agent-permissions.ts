import type { Permission } from './agent-statement';

/** A host that forwards a port to the replica, and the session document that lets it do only that. `AccessHost` is one. */
export interface PortForwardingHost {
  readonly instanceArn: string;
  /** Of your own account: AWS's own documents open shells and forward to any target. */
  readonly replicaDocumentArn: string;
}

/**
 * Sessions with one document on one host, which the agent can end and carry on. `sessions` is the ARN of all sessions of
 * the account and Region.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
 */
export function portForwarding({ instanceArn, replicaDocumentArn }: PortForwardingHost, sessions: string): Permission[] {
  return [
    {
      sid: 'ForwardPort',
      actions: ['ssm:StartSession'],
      resources: [instanceArn, replicaDocumentArn],
      // Without it a session that names no document is checked against the host alone, and is a shell.
      conditions: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } },
      otherwise: { Bool: { 'ssm:SessionDocumentAccessCheck': 'false' } },
    },
    {
      sid: 'EndOwnForwarding',
      actions: ['ssm:ResumeSession', 'ssm:TerminateSession'],
      resources: [sessions],
      // Session Manager tags a session with the id of who started it. The resource cannot say it: of a role, that id has
      // a colon, and the name of the session has only what follows.
      conditions: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
      otherwise: { StringNotLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
      wildcards: [sessions],
    },
    // This call has no condition; it takes the token that StartSession gave to whoever started the session.
    { sid: 'CarryForwarding', actions: ['ssmmessages:OpenDataChannel'], resources: [sessions], wildcards: [sessions] },
  ];
}

/**
 * What AgentCore Runtime does with the role of the container that it runs: pull its one image, write its log.
 * @see https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html
 */
export function ownContainer(imageRepository: string, logGroups: string): Permission[] {
  return [
    { sid: 'PullOwnImage', actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [imageRepository] },
    // ECR's sign-in names no resource; what the token opens is decided by the statement above.
    { sid: 'SignInToEcr', actions: ['ecr:GetAuthorizationToken'], resources: ['*'], wildcards: ['*'] },
    // AWS adds an id to the runtime's name, and an endpoint's.
    {
      sid: 'WriteOwnLog', actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroups],
      wildcards: [logGroups],
    },
  ];
}
