import type { LocatedInstance } from '../core/preflight/types';

/** What preflight asks AWS: it reads, and changes nothing. */
export interface World {
  readonly now: () => Date;
  /** The Region that is asked. */
  readonly region: () => Promise<string>;
  readonly describeDBInstances: (input: { DBInstanceIdentifier: string }) => Promise<{ DBInstances?: readonly LocatedInstance[] }>;
  readonly getRole: (input: { RoleName: string }) => Promise<{ Role?: { Arn?: string } }>;
  readonly getUser: (input: { UserName: string }) => Promise<{ User?: { Arn?: string } }>;
  readonly listOpenIDConnectProviders: () => Promise<{ OpenIDConnectProviderList?: readonly { Arn?: string }[] }>;
}

/** Whoever waits at a terminal wants to hear soon that there is no network. */
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } };

/** The real AWS, with the credentials that the AWS CLI would use. The clients are loaded here, since other commands need none. */
export async function awsWorld(region: string | undefined): Promise<World> {
  // The SDK's notice about future versions of Node.js is for those who maintain the kit, not for those who use it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { DescribeDBInstancesCommand, RDSClient } = await import('@aws-sdk/client-rds');
  const { GetRoleCommand, GetUserCommand, IAMClient, ListOpenIDConnectProvidersCommand } = await import('@aws-sdk/client-iam');
  const rds = new RDSClient({ ...client, region });
  // One look for credentials, which may take a while where there are none.
  const iam = new IAMClient({ ...client, region, credentials: rds.config.credentials });
  return {
    now: () => new Date(),
    region: () => rds.config.region(),
    describeDBInstances: (input) => rds.send(new DescribeDBInstancesCommand(input)),
    getRole: (input) => iam.send(new GetRoleCommand(input)),
    getUser: (input) => iam.send(new GetUserCommand(input)),
    listOpenIDConnectProviders: () => iam.send(new ListOpenIDConnectProvidersCommand({})),
  };
}
