/**
 * Which AWS endpoints the agents' network holds. The network has no way out, so an endpoint is both a cost and a door:
 * each is named here with the calls that may pass through it and why.
 */

/** Where agents run inside the network. Agents that run elsewhere need no endpoint for themselves. */
export type AgentRuntime = 'ecs' | 'agent-core';

/** Every runtime that the kit knows, for messages and schemas. */
export const AGENT_RUNTIMES: readonly AgentRuntime[] = ['ecs', 'agent-core'];

/** Who in the network may use an endpoint. */
export type EndpointAudience = 'agents' | 'access-host' | 'functions';

/** One kind of call that may pass through an endpoint. */
export interface EndpointUse {
  /** The service as endpoint names spell it: the part after `com.amazonaws.<region>.`. */
  readonly service: string;
  readonly actions: readonly string[];
  /**
   * On what: `none` for actions that name no resource; `own` for resources of this account and Region, e.g.
   * `ecr:repository/*`; `image-layers` for the bucket of AWS in which ECR keeps layers, read with links that ECR signed.
   */
  readonly on: 'none' | 'image-layers' | { readonly own: string };
  /** What stops working without it. */
  readonly because: string;
}

const PULL = {
  actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  on: { own: 'ecr:repository/*' },
} as const;

/**
 * A container on ECS Fargate (platform 1.4 and later) and one on AgentCore Runtime need the same: their image and a log.
 * No STS: both get the credentials of their role from inside the host, and a database token is signed locally.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
const CONTAINER: readonly EndpointUse[] = [
  { service: 'ecr.api', actions: ['ecr:GetAuthorizationToken'], on: 'none', because: 'signing in to the image registry' },
  { service: 'ecr.api', ...PULL, because: 'reading the description of the image' },
  { service: 'ecr.dkr', ...PULL, because: 'pulling the image' },
  { service: 's3', actions: ['s3:GetObject'], on: 'image-layers', because: 'downloading the layers of the image' },
  {
    service: 'logs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: { own: 'logs:log-group:*' },
    because: "writing the agent's own log",
  },
];

const NEEDED: Readonly<Record<AgentRuntime, readonly EndpointUse[]>> = { ecs: CONTAINER, 'agent-core': CONTAINER };

/** What the runtimes need, each need once. Nothing for no runtime. */
export function runtimeEndpoints(runtimes: readonly AgentRuntime[]): readonly EndpointUse[] {
  return [...new Set(runtimes.flatMap((runtime) => NEEDED[runtime]))];
}

/**
 * What the host for agents elsewhere needs. `ec2messages` is not among them: AWS retires it, and the Systems Manager agent
 * does without it since version 3.3.40.0.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
export const ACCESS_HOST_ENDPOINTS: readonly EndpointUse[] = [
  {
    service: 'ssm',
    actions: ['ssm:UpdateInstanceInformation'],
    on: { own: 'ec2:instance/*' },
    because: 'announcing the host to Systems Manager',
  },
  {
    service: 'ssmmessages',
    actions: [
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ],
    on: 'none',
    because: 'carrying the forwarded port',
  },
];

/** The services that get an interface endpoint, each once: what is paid for per hour and Availability Zone. */
export function endpointServices(features: {
  readonly runtimes: readonly AgentRuntime[];
  readonly accessHost: boolean;
}): readonly string[] {
  const uses = [...runtimeEndpoints(features.runtimes), ...(features.accessHost ? ACCESS_HOST_ENDPOINTS : [])];
  return [...new Set(uses.map((use) => use.service))];
}

/** What someone could do through the endpoint of a control plane, once its policy or a role was got wrong. */
const CONTROL_PLANES: Readonly<Record<string, string>> = {
  backup: 'delete recovery points',
  'backup-gateway': 'delete recovery points',
  cloudcontrolapi: 'delete any resource',
  cloudformation: 'delete stacks',
  dms: 'copy data out of or into a database',
  drs: 'delete recovery points',
  ebs: 'read snapshots',
  ec2: 'add routes, peerings and security group rules',
  ec2messages: 'take commands from Systems Manager',
  iam: 'change permissions',
  kms: 'disable keys',
  lambda: 'run functions that hold other permissions',
  organizations: 'change service control policies',
  ram: 'share resources with other accounts',
  rds: 'delete, restore or promote databases',
  'rds-data': 'run SQL without a network path',
  secretsmanager: 'read the passwords of databases',
  ssm: 'run commands and start sessions on other hosts',
  ssmmessages: 'carry sessions to other hosts',
  'vpc-lattice': 'make a path into another network',
};

/**
 * The only services that agents may have an endpoint of: what a container needs to start and to log, what signs in, and models.
 * A list of what is harmless, since AWS adds services faster than a list of what is harmful could grow.
 */
const FOR_AGENTS = ['ecr.api', 'ecr.dkr', 's3', 'logs', 'sts', 'bedrock-runtime'];

/** Exceptions. The endpoints of the access host admit its security group and its role only; agents cannot use them. */
const EXCEPTIONS: Readonly<Record<EndpointAudience, readonly string[]>> = {
  agents: [],
  functions: [],
  'access-host': ACCESS_HOST_ENDPOINTS.map((use) => use.service),
};

/**
 * Why the network may not hold this endpoint for this audience; `undefined` when it may. `kms-fips` is the same door as
 * `kms`. A name that is not understood is refused: it could be one of the list, spelt otherwise.
 */
export function refusedEndpoint(service: string, audience: EndpointAudience): string | undefined {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(service) || /(^|\.)amazonaws(\.|$)/.test(service)) {
    return `the service is '${service}'; write the part of the endpoint's name after 'com.amazonaws.<region>.', such as 'logs' or 'ecr.api'`;
  }
  const plain = service.replace(/\..*$/, '').replace(/-fips$/, '');
  const harm = CONTROL_PLANES[plain];
  if (audience === 'agents' && harm === undefined && !FOR_AGENTS.includes(service)) {
    return `agents may have endpoints of ${FOR_AGENTS.join(', ')}, not of '${service}'; call it from outside the agents' network`;
  }
  if (harm === undefined || EXCEPTIONS[audience].includes(service)) return undefined;
  return `an endpoint of '${service}' would be a way to ${harm} from the agents' network; no such endpoint is allowed there`;
}
