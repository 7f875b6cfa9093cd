import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { RDSClient } from '@aws-sdk/client-rds';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CustomResourceRequest } from '../../lib/core/custom-resource';
import type { ProductionCheckProperties } from '../../lib/core/production-check/properties';
import type { SeenInstance } from '../../lib/core/production-check/types';
import { awsWorld, make, type World } from '../../lib/handlers/production-check';
import { expected, sound } from '../core/production-check-fixture';
import { request, run, SIGNATURE, STACK, Surroundings, type Answer } from './custom-resource-fixture';

const ID = `GuardrailsCheckResource0F1E@${STACK}`;
const properties: ProductionCheckProperties = {
  InstanceIdentifier: expected.identifier, InstanceArn: expected.arn, ResourceId: expected.resourceId, Endpoint: expected.endpoint,
  Port: '5432', EngineVersion: expected.engineVersion, BackupRetentionDays: '7', IamAuthentication: 'not-required',
  ReplicaPlacement: 'agent-network', OwnReplicas: 'agentread-orders', DeploymentId: 'first',
};
const event = (type: string, more: Partial<ProductionCheckProperties> = {}): CustomResourceRequest =>
  request(type, { ResourceProperties: { ServiceToken: 'arn:aws:lambda:x', ...properties, ...more } });

/** An account with one database, which may change from one look to the next. */
class Account extends Surroundings implements World {
  looks = 0;
  readonly asked: string[] = [];
  /** What each look meets, the last one from then on: an instance, none, or an error. */
  instances: (Partial<SeenInstance> | 'none' | Error)[] = [{}];
  stackStatus: string | undefined | Error = 'UPDATE_IN_PROGRESS';
  lookSeconds = 0.2;

  readonly rds: World['rds'] = {
    describeDBInstances: async ({ DBInstanceIdentifier }, signal) => {
      this.asked.push(`instance ${DBInstanceIdentifier}`);
      await this.pause(this.lookSeconds * 1000, signal);
      const found = this.instances[Math.min(this.looks, this.instances.length - 1)]!;
      this.looks += 1;
      if (found instanceof Error) throw found;
      return { DBInstances: found === 'none' ? [] : [{ ...sound, LatestRestorableTime: new Date(), ...found }] };
    },
  };

  readonly cloudFormation: World['cloudFormation'] = {
    describeStacks: async ({ StackName }, signal) => {
      this.asked.push(`stack ${StackName}`);
      await this.pause(100, signal);
      if (this.stackStatus instanceof Error) throw this.stackStatus;
      return { Stacks: this.stackStatus === undefined ? [] : [{ StackStatus: this.stackStatus }] };
    },
  };
}

async function deploy(account: Account, type: string, more: Partial<ProductionCheckProperties> = {}): Promise<Answer> {
  await run(make(account)(event(type, more), account.context));
  return account.answers.at(-1)!;
}

const awsError = (name: string, message: string) => Object.assign(new Error(message), { name });

beforeEach(() => void jest.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') }));
afterEach(() => void jest.useRealTimers());

describe('a deployment', () => {
  test.each(['Create', 'Update'])('goes on after %s when nothing is missing', async (type) => {
    const account = new Account();
    expect(await deploy(account, type)).toMatchObject({
      Status: 'SUCCESS', PhysicalResourceId: ID, Data: { Verdict: 'pass', Warnings: 'none', CheckedAt: '2026-11-20T12:00:00.200Z' },
    });
    expect(account.asked).toEqual(['instance orders']);
    expect(account.answers).toHaveLength(1);
  });

  test('goes on and says what could be better', async () => {
    const account = new Account();
    account.instances = [{ MultiAZ: false }];
    expect((await deploy(account, 'Update')).Data).toMatchObject({
      Verdict: 'pass',
      Warnings: '(1) A standby in another Availability Zone should be on: it is off. Fix: aws rds modify-db-instance --db-instance-identifier orders '
        + '--multi-az --apply-immediately --region eu-central-1 | Careful: it doubles the price of the instance.',
    });
    expect(account.records[0]).toMatchObject({ level: 'info', event: 'checked', instance: 'orders', verdict: 'pass', answer: 'succeed', warnings: [{ saw: 'it is off' }] });
  });

  test.each(['Create', 'Update'])('stops at %s when production can be deleted, with the command that mends it', async (type) => {
    const account = new Account();
    account.instances = [{ DeletionProtection: false }];
    expect(await deploy(account, type)).toMatchObject({
      Status: 'FAILED', PhysicalResourceId: ID,
      Reason: 'Production database orders (account 123456789012, eu-central-1) does not meet 1 requirement. Nothing in it was changed.\n'
        + '(1) Deletion protection must be on: it is off. Fix: aws rds modify-db-instance --db-instance-identifier orders --deletion-protection --region eu-central-1\n'
        + 'Then deploy again.',
    });
    expect(account.records[0]).toMatchObject({ level: 'error', event: 'checked', verdict: 'fail', answer: 'fail', missing: [{ what: 'deletion protection must be on' }] });
  });

  test('waits for a database that is being created', async () => {
    const account = new Account();
    const creating = { DBInstanceStatus: 'creating', Endpoint: undefined };
    account.instances = [creating, creating, { DBInstanceStatus: 'backing-up' }];
    expect(await deploy(account, 'Create')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.looks).toBe(3);
  });

  test('waits for a change that was just made, and stops in time when it does not come', async () => {
    const account = new Account();
    account.instances = [{ DBInstanceStatus: 'modifying', DeletionProtection: false }];
    expect(await deploy(account, 'Update')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Deletion protection must be on') as string });
    expect(account.looks).toBe(8);
    expect(account.answers).toHaveLength(1);
  });

  test('waits for a permission that was just given', async () => {
    const account = new Account();
    const denied = awsError('AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/check-role/check is not authorized');
    account.instances = [denied, denied, {}];
    expect(await deploy(account, 'Create')).toMatchObject({ Status: 'SUCCESS' });
  });

  test('stops when the permission stays away', async () => {
    const account = new Account();
    account.instances = [awsError('AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/check-role/check is not authorized')];
    expect((await deploy(account, 'Create')).Reason).toContain('role check-role may not use rds:DescribeDBInstances on arn:aws:rds:eu-central-1:123456789012:db:orders');
    expect(account.looks).toBe(5);
  });

  test('stops when the database is not there', async () => {
    const account = new Account();
    account.instances = [awsError('DBInstanceNotFoundFault', 'DBInstance orders not found.')];
    expect((await deploy(account, 'Create')).Reason).toContain('RDS knows no instance orders in account 123456789012, Region eu-central-1');
    account.instances = ['none'];
    expect((await deploy(account, 'Create')).Reason).toContain('RDS knows no instance orders in account 123456789012, Region eu-central-1');
  });

  test('stops when RDS is too busy', async () => {
    const account = new Account();
    account.instances = [awsError('Throttling', 'Rate exceeded')];
    expect((await deploy(account, 'Update')).Reason).toContain('(1) RDS must answer: it was still too busy after several attempts (Throttling). Fix: deploy again in a few minutes');
  });

  test('stops when RDS never answers', async () => {
    const account = new Account();
    account.lookSeconds = 3600;
    expect(await deploy(account, 'Create')).toMatchObject({ Status: 'FAILED', Reason: 'no result after 45 seconds; see log group guardrails-log' });
  });

  test('stops when the check is called with less than it needs', async () => {
    const account = new Account();
    expect(await deploy(account, 'Create', { Port: '', OwnReplicas: undefined })).toMatchObject({
      Status: 'FAILED', Reason: 'the check was called with wrong properties: Port must be a number from 1 to 65535; OwnReplicas must be a text',
    });
    expect(account.asked).toEqual([]);
  });

  test('looks again when Lambda delivers the same event twice, and answers the same', async () => {
    const account = new Account();
    account.instances = [{ StorageEncrypted: false }];
    const [first, second] = [await deploy(account, 'Update'), await deploy(account, 'Update')];
    expect(second).toEqual(first);
    expect(account.looks).toBe(2);
  });
});

describe('a stack is never stuck', () => {
  test('a rollback goes on although production fails, and says what is missing', async () => {
    const account = new Account();
    account.instances = [{ DeletionProtection: false }];
    account.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const answer = await deploy(account, 'Update');
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID, Data: { Verdict: 'fail' } });
    expect(answer.Data!.Warnings).toContain('(1) Deletion protection must be on: it is off.');
    expect(account.asked).toEqual(['instance orders', `stack ${STACK}`]);
  });

  test('a rollback goes on although RDS does not answer', async () => {
    const account = new Account();
    account.instances = [awsError('InternalFailure', 'x')];
    account.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await deploy(account, 'Update')).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each<[string, Account['stackStatus']]>([
    ['the status cannot be read', awsError('AccessDenied', 'no')], ['there is no status', undefined], ['an update is going on', 'UPDATE_IN_PROGRESS'],
  ])('an update is not taken for a rollback when %s', async (_, status) => {
    const account = new Account();
    account.instances = [{ DeletionProtection: false }];
    account.stackStatus = status;
    expect(await deploy(account, 'Update')).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
  });

  test('a creation is never taken for a rollback', async () => {
    const account = new Account();
    account.instances = [{ DeletionProtection: false }];
    account.stackStatus = 'ROLLBACK_IN_PROGRESS';
    expect(await deploy(account, 'Create')).toMatchObject({ Status: 'FAILED' });
    expect(account.asked).toEqual(['instance orders']);
  });

  test('a deletion asks nobody', async () => {
    const account = new Account();
    account.instances = [awsError('InternalFailure', 'x')];
    expect(await deploy(account, 'Delete')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(account.asked).toEqual([]);
  });

  test('creation that fails, its deletion; creation, update that fails, its rollback, deletion', async () => {
    const account = new Account();
    account.instances = [{ DeletionProtection: false }, {}, { BackupRetentionPeriod: 0 }];
    const statuses: string[] = [];
    for (const [type, stackStatus] of [
      ['Create', 'CREATE_IN_PROGRESS'], ['Delete', 'ROLLBACK_IN_PROGRESS'],
      ['Create', 'CREATE_IN_PROGRESS'], ['Update', 'UPDATE_IN_PROGRESS'], ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS'], ['Delete', 'DELETE_IN_PROGRESS'],
    ] as const) {
      account.stackStatus = stackStatus;
      statuses.push((await deploy(account, type)).Status);
    }
    expect(statuses).toEqual(['FAILED', 'SUCCESS', 'SUCCESS', 'FAILED', 'SUCCESS', 'SUCCESS']);
    expect(new Set(account.answers.map((answer) => answer.PhysicalResourceId))).toEqual(new Set([ID]));
  });
});

test('nothing secret is logged, and no property but the identifier', async () => {
  const account = new Account();
  account.instances = [{ DeletionProtection: false, PendingModifiedValues: { MasterUserPassword: 'hunter2' } as SeenInstance['PendingModifiedValues'] }];
  account.troubles = [500, 'silence'];
  const answer = await deploy(account, 'Create', { DeploymentId: 'a-property' });
  for (const secret of [SIGNATURE, 'hunter2', 'a-property', 'https://']) expect(account.logged).not.toContain(secret);
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

describe('with the AWS SDK', () => {
  /** What RDS and CloudFormation say on the wire, one answer after the other; the last one stays. */
  let answers: { status: number; body: string }[];
  let requests: string[];
  let server: Server;
  let world: Pick<World, 'rds' | 'cloudFormation'>;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    jest.useRealTimers();
    requests = [];
    server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (part: Buffer) => { body += part.toString(); });
      incoming.on('end', () => {
        requests.push(body);
        const { status, body: text } = answers[Math.min(requests.length, answers.length) - 1]!;
        response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const settings = {
      region: 'eu-central-1', endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' }, maxAttempts: 3,
    };
    world = awsWorld(new RDSClient(settings), new CloudFormationClient(settings));
  });
  afterEach(() => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }));

  const described = {
    status: 200,
    body: `<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult><DBInstances><DBInstance>
      <DBInstanceIdentifier>orders</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus><Engine>postgres</Engine>
      <EngineVersion>16.10</EngineVersion><DbiResourceId>db-ABCDEFGHIJKLMNOPQRSTUVWXY2</DbiResourceId>
      <Endpoint><Address>orders.abc123.eu-central-1.rds.amazonaws.com</Address><Port>5432</Port><HostedZoneId>Z1</HostedZoneId></Endpoint>
      <BackupRetentionPeriod>7</BackupRetentionPeriod><DeletionProtection>false</DeletionProtection><StorageEncrypted>true</StorageEncrypted>
      <PubliclyAccessible>false</PubliclyAccessible><IAMDatabaseAuthenticationEnabled>false</IAMDatabaseAuthenticationEnabled>
      <CopyTagsToSnapshot>true</CopyTagsToSnapshot><MultiAZ>true</MultiAZ><AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade>
      <LatestRestorableTime>2026-11-20T11:55:00Z</LatestRestorableTime><PendingModifiedValues/>
      <ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>agentread-orders</ReadReplicaDBInstanceIdentifier></ReadReplicaDBInstanceIdentifiers>
      <VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId><Status>active</Status></VpcSecurityGroupMembership>
      <VpcSecurityGroupMembership><VpcSecurityGroupId>sg-2</VpcSecurityGroupId><Status>active</Status></VpcSecurityGroupMembership></VpcSecurityGroups>
      <DBParameterGroups><DBParameterGroup><DBParameterGroupName>orders-16</DBParameterGroupName></DBParameterGroup></DBParameterGroups>
      <DBSubnetGroup><DBSubnetGroupName>orders-subnets</DBSubnetGroupName></DBSubnetGroup>
      <CertificateDetails><CAIdentifier>rds-ca-rsa2048-g1</CAIdentifier><ValidTill>2027-11-20T00:00:00Z</ValidTill></CertificateDetails>
      </DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
  };
  const refused = (status: number, code: string, message: string) => ({
    status, body: `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  });

  test('an instance is read as RDS describes it', async () => {
    answers = [described];
    const { DBInstances } = await world.rds.describeDBInstances({ DBInstanceIdentifier: 'orders' }, signal);
    expect(DBInstances).toMatchObject([{ ...sound, DeletionProtection: false }]);
    expect(requests).toEqual([expect.stringMatching(/Action=DescribeDBInstances.*DBInstanceIdentifier=orders/)]);
  });

  test('two refusals for being too busy are repeated', async () => {
    answers = [refused(400, 'Throttling', 'Rate exceeded'), refused(503, 'ServiceUnavailable', 'x'), described];
    expect((await world.rds.describeDBInstances({ DBInstanceIdentifier: 'orders' }, signal)).DBInstances).toHaveLength(1);
    expect(requests).toHaveLength(3);
  });

  test.each<[string, number, string, string, string]>([
    ['an instance that does not exist', 404, 'DBInstanceNotFound', 'DBInstance orders not found.', 'RDS knows no instance orders in account 123456789012, Region eu-central-1'],
    ['a denial', 403, 'AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/check-role/check is not authorized to perform: rds:DescribeDBInstances',
      'role check-role may not use rds:DescribeDBInstances'],
    ['being too busy for good', 400, 'Throttling', 'Rate exceeded', 'it was still too busy after several attempts (Throttling)'],
  ])('%s is known by the name that the SDK gives it', async (_, status, code, message, saw) => {
    answers = [refused(status, code, message)];
    // With so little time left the check does not wait for permissions to spread.
    const account = new Surroundings(25);
    await make({ ...account, ...world })(event('Create'), account.context);
    expect(account.answers[0]?.Reason).toContain(saw);
  });

  test('the status of the stack is read by its id', async () => {
    answers = [{
      status: 200,
      body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
        <StackName>guardrails</StackName><StackId>${STACK}</StackId><CreationTime>2026-11-20T11:55:00Z</CreationTime><StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</StackStatus>
        </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    }];
    expect((await world.cloudFormation.describeStacks({ StackName: STACK }, signal)).Stacks).toMatchObject([{ StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }]);
    expect(requests[0]).toContain('Action=DescribeStacks');
  });
});
