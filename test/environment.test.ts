import fc from 'fast-check';
import { RULE_IDS } from '../lib/core/rule-ids';
import { readEnvironments, renderMistakes } from '../lib/environment';
import { created, existing, mistakesAfter, readOne } from './environment/fixture';

describe('an environment that is right', () => {
  test('around an existing database: everything that was left out has its default', () => {
    expect(readOne(existing())).toEqual({
      production: {
        existing: {
          instanceIdentifier: 'orders',
          resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
          endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
          port: 5432,
          engineVersion: '16.10',
          instanceClass: 'db.m7g.large',
          databases: ['orders'],
        },
      },
      network: { cidr: '10.213.0.0/20', reach: 'agent-network', endpointAvailabilityZones: 1, accessHost: false },
      replica: { instanceClass: 'db.m7g.large', deletionProtection: true },
      staging: { enabled: true, instanceClass: 'db.m7g.large', deletionProtection: true },
      agents: [{ name: 'coding', trust: { ecs: {} } }],
      approvers: ['arn:aws:iam::111122223333:role/Dba'],
      roles: { refuseOnPrimary: false },
      backups: { retentionDays: 35, lock: 'governance', copyTo: [], continuous: false },
      log: { retentionDays: 365, archive: { mode: 'governance', lockDays: 365 }, alarmEmails: [], silenceMinutes: 30 },
      exceptions: [],
      tags: {},
    });
  });

  test('with a database of its own: it is the cheapest one, with a week of point-in-time recovery', () => {
    const environment = readOne(created());
    expect(environment.production.create).toEqual({
      instanceIdentifier: 'evaluation',
      engineVersion: '17.9',
      instanceClass: 'db.t4g.micro',
      allocatedStorageGiB: 20,
      database: 'app',
      port: 5433,
      backupRetentionDays: 7,
      cidr: '10.212.0.0/20',
    });
    expect(environment.replica.instanceClass).toBe('db.t4g.micro');
  });

  test("the agents' databases have the class of production unless they are given another", () => {
    const environment = existing();
    environment.production.existing.instanceClass = 'db.r7g.large';
    environment.staging = { instanceClass: 'db.t4g.large' };
    const read = readOne(environment);
    expect([read.replica.instanceClass, read.staging.instanceClass]).toEqual(['db.r7g.large', 'db.t4g.large']);
  });

  test('with every field that there is', () => {
    const environment = {
      description: 'All of it',
      account: '111122223333',
      region: 'eu-central-1',
      production: {
        existing: {
          ...existing().production.existing,
          engineVersion: '17.6',
          port: 5433,
          instanceClass: 'db.r7g.large',
          allocatedStorageGiB: 100,
          vpcId: 'vpc-0123456789abcdef0',
          vpcCidrs: ['10.0.0.0/16'],
          subnetIds: ['subnet-01234567', 'subnet-0123456789abcdef0'],
          availabilityZones: ['eu-central-1a', 'eu-central-1b'],
          securityGroupId: 'sg-0123456789abcdef0',
          masterSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-01234567-89ab-cdef-0123-456789abcdef-AbCdEf',
          masterSecretKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11234567-89ab-cdef-0123-456789abcdef',
          encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef',
          standbyMinimums: { maxConnections: 500, maxWorkerProcesses: 8, maxWalSenders: 35, maxPreparedTransactions: 0, maxLocksPerTransaction: 64 },
        },
      },
      network: { cidr: '10.1.0.0/24', reach: 'lattice', endpointAvailabilityZones: 2, accessHost: true },
      replica: { instanceClass: 'db.r7g.large', deletionProtection: false, delayed: { hours: 24 } },
      staging: { enabled: false, instanceClass: 'db.t4g.micro', deletionProtection: false },
      agents: [
        { name: 'a1', trust: { github: { repository: 'acme/shop', branch: 'release/1.x' } } },
        { name: 'a2', trust: { github: { repository: 'acme@1/shop@2', environment: 'agents' } } },
        { name: 'a3', trust: { principal: { arn: 'arn:aws-us-gov:iam::111122223333:user/bots/Bot', sourceIdentities: ['jane@example.com'] } } },
        { name: 'a4', trust: { ecs: {} }, read: [{ database: 'orders', schemas: [] }] },
        { name: 'a5', trust: { agentCore: { imageRepositoryArn: 'arn:aws:ecr:eu-central-1:111122223333:repository/agents/a5' } } },
      ],
      approvers: [
        'arn:aws:iam::111122223333:user/jane',
        'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dba_0123/joe@example.com',
        'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dba_0123/jane@example.com',
      ],
      roles: {
        read: [{
          database: 'orders',
          schemas: [{ schema: 'public' }, { schema: 'sales "old"', tables: ['orders'] }],
          personalData: [{ schema: 'public', table: 'users', column: 'e-mail' }],
          openViews: [{ schema: 'public', view: 'user_counts' }],
          future: 'closed',
          limits: {
            connections: 1, statementSeconds: 2, lockSeconds: 3, idleInTransactionSeconds: 4, idleSessionSeconds: 5, transactionSeconds: 6,
            temporaryFileMegabytes: 7,
          },
        }],
        closePublic: { close: ['tables', 'create', 'temporary', 'connect', 'routines'], keepFor: ['app'] },
        refuseOnPrimary: true,
        admission: { securityGroupId: 'sg-0123456789abcdef0' },
        secretsEndpointSecurityGroupId: 'sg-01234567',
      },
      backups: {
        retentionDays: 7,
        lock: { compliance: { graceDays: 3 } },
        copyTo: ['arn:aws:backup:eu-west-1:111122223333:backup-vault:copies', 'arn:aws:backup:eu-central-1:444455556666:backup-vault:copies'],
        airGapped: { retentionDays: 7 },
        continuous: true,
      },
      log: { retentionDays: 3653, archive: { mode: 'compliance', lockDays: 30 }, alarmEmails: ['dba@example.com'], silenceMinutes: 60 },
      exceptions: [{ rule: 'stateful-resources-are-retained', reason: 'a database for trials, made anew every week', expires: '2027-03-31' }],
      tags: { owner: 'orders team', 'cost:center': '' },
    };
    expect(readOne(environment)).toEqual(environment);
  });
});

describe('what is wrong is told with its place, what was seen and what to write', () => {
  const exception = { rule: 'stateful-resources-are-retained', reason: 'a database for trials, made anew every week', expires: '2027-03-31' };
  const identifiers = 'at most 63 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen';
  const resourceId = 'the DbiResourceId, such as db-ABCDEFGHIJKLMNOPQRSTUVWXY2';
  const endpoint = 'the address that RDS reports for the instance, such as orders.abc123.eu-central-1.rds.amazonaws.com, without a port';
  const version = 'a PostgreSQL version with its minor, as RDS reports it, such as 16.10; supported majors are 15, 16, 17, 18';
  const ofAgents = 'an IPv4 CIDR block of /16 to /24, such as 10.213.0.0/20';
  const repository = 'one repository as owner/name, or owner@id/name@id, without wildcards, such as acme/shop';
  const branch = 'one branch, without wildcards and without refs/heads/, such as main';
  const agentArn =
    'the ARN of the one role or user that the agent runs as, such as arn:aws:iam::111122223333:role/Name: no wildcard, no account root, no group';
  const approverArn =
    "the ARN of a human's role, user or role session, such as arn:aws:iam::111122223333:role/Dba: no wildcard, no account root, no group";
  const trusts = 'an object with exactly one of github, principal, ecs, agentCore';
  const vault = 'the ARN of a backup vault, such as arn:aws:backup:eu-west-1:111122223333:backup-vault:name';

  test.each<[string, string, (value: unknown) => unknown, unknown, string, string]>([
    // [path, field, how the value is wrapped, value, seen, write]
    ['account', 'account', (v) => v, 111122223333, '111122223333', '12 digits in quotes, such as "111122223333"'],
    ['account', 'account', (v) => v, '1111-2222-3333', '"1111-2222-3333"', '12 digits in quotes, such as "111122223333"'],
    ['region', 'region', (v) => v, 'Frankfurt', '"Frankfurt"', 'an AWS Region such as eu-central-1'],
    ['description', 'description', (v) => v, 'a\u0007b', 'a string of 3 characters', 'at most 1024 characters, without control characters'],
    ['production', 'production', (v) => v, undefined, 'nothing', 'an object with exactly one of existing, create'],
    ['production', 'production', (v) => v, {}, 'an empty object', 'an object with exactly one of existing, create'],
    ['exceptions[0].rule', 'exceptions', (rule) => [{ ...exception, rule }], 'no-such-rule', '"no-such-rule"', `the id of a rule: one of ${RULE_IDS.join(', ')}`],
    ['exceptions[0].reason', 'exceptions', (reason) => [{ ...exception, reason }], 'because', '"because"', 'a sentence that says why this is right here, without control characters'],
    ['exceptions[0].expires', 'exceptions', (expires) => [{ ...exception, expires }], '2027-02-30', '"2027-02-30"', 'a day that exists, such as 2027-03-31'],
    ['network.cidr', 'network', (cidr) => ({ cidr }), '10.213.0.0', '"10.213.0.0"', ofAgents],
    ['network.cidr', 'network', (cidr) => ({ cidr }), '10.213.0.0/28', '"10.213.0.0/28"', ofAgents],
    ['network.cidr', 'network', (cidr) => ({ cidr }), '10.213.5.0/20', '"10.213.5.0/20"', '10.213.0.0/20, the block that address lies in'],
    ['network.reach', 'network', (reach) => ({ reach }), 'peering', '"peering"', 'one of "agent-network", "lattice"'],
    ['network.endpointAvailabilityZones', 'network', (n) => ({ endpointAvailabilityZones: n }), 3, '3', 'a whole number from 1 to 2'],
    ['network.accessHost', 'network', (accessHost) => ({ accessHost }), 'true', '"true"', 'true or false, without quotes'],
    ['network.accessHost', 'network', (accessHost) => ({ accessHost }), null, 'null; to leave a field out, remove its key', 'true or false, without quotes'],
    ['replica', 'replica', (v) => v, [], 'an empty list', 'an object with the keys instanceClass, deletionProtection, delayed, as far as they are needed'],
    ['replica.instanceClass', 'replica', (instanceClass) => ({ instanceClass }), 'db.serverless', '"db.serverless"', 'an RDS instance class such as db.t4g.medium'],
    ['replica.delayed.hours', 'replica', (hours) => ({ delayed: { hours } }), 25, '25', 'a whole number of hours from 1 to 24'],
    ['replica.delayed.hours', 'replica', (hours) => ({ delayed: { hours } }), 1.5, '1.5', 'a whole number of hours from 1 to 24'],
    ['replica.delayed.hours', 'replica', (hours) => ({ delayed: { hours } }), '2', '"2"', 'without quotes, a whole number of hours from 1 to 24'],
    ['staging.enabled', 'staging', (enabled) => ({ enabled }), 1, '1', 'true or false, without quotes'],
    ['agents', 'agents', (v) => v, [], 'an empty list', 'a list with at least one item such as [{ "name": "coding", "trust": { "ecs": {} } }]'],
    ['agents', 'agents', (v) => v, { coding: {} }, 'an object with coding', 'a list with at least one item such as [{ "name": "coding", "trust": { "ecs": {} } }]'],
    ['agents[0].name', 'agents', (name) => [{ name, trust: { ecs: {} } }], 'Coding', '"Coding"', '2 to 30 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen, such as coding'],
    ['agents[0].trust', 'agents', (trust) => [{ name: 'coding', trust }], {}, 'an empty object', trusts],
    ['agents[0].trust', 'agents', (trust) => [{ name: 'coding', trust }], 'acme/shop', 'a string', trusts],
    ['agents[0].trust', 'agents', (trust) => [{ name: 'coding', trust }], { ecs: {}, agentCore: {} }, 'an object with ecs, agentCore', trusts],
    ['agents[0].trust.github.repository', 'agents', (r) => [{ name: 'coding', trust: { github: { repository: r } } }], 'acme/*', '"acme/*"', repository],
    ['agents[0].trust.github.repository', 'agents', (r) => [{ name: 'coding', trust: { github: { repository: r } } }], undefined, 'nothing', repository],
    ['agents[0].trust.github.branch', 'agents', (b) => [{ name: 'coding', trust: { github: { repository: 'a/b', branch: b } } }], 'feature/*', '"feature/*"', branch],
    ['agents[0].trust.github.branch', 'agents', (b) => [{ name: 'coding', trust: { github: { repository: 'a/b', branch: b } } }], 'refs/heads/main', '"refs/heads/main"', branch],
    ['agents[0].trust.github.environment', 'agents', (e) => [{ name: 'coding', trust: { github: { repository: 'a/b', environment: e } } }], '*', '"*"', 'one GitHub environment, without wildcards, such as agents'],
    ['agents[0].trust.github', 'agents', (g) => [{ name: 'coding', trust: { github: g } }], { repository: 'a/b', branch: 'x', environment: 'y' }, 'an object with repository, branch, environment', 'branch or environment, not both: a workflow token names only one of them'],
    ['agents[0].trust.principal.arn', 'agents', (arn) => [{ name: 'coding', trust: { principal: { arn } } }], '*', '"*"', agentArn],
    ['agents[0].trust.principal.arn', 'agents', (arn) => [{ name: 'coding', trust: { principal: { arn } } }], 'arn:aws:iam::111122223333:root', '"arn:aws:iam::111122223333:root"', agentArn],
    ['agents[0].trust.principal.arn', 'agents', (arn) => [{ name: 'coding', trust: { principal: { arn } } }], 'arn:aws:iam::111122223333:role/*', '"arn:aws:iam::111122223333:role/*"', agentArn],
    ['agents[0].trust.principal.arn', 'agents', (arn) => [{ name: 'coding', trust: { principal: { arn } } }], 'arn:aws:sts::111122223333:assumed-role/Bot/session', '"arn:aws:sts::111122223333:assumed-role/Bot/session"', 'the ARN of the role Bot itself, with its path, not of one session of it'],
    ['agents[0].trust.principal.sourceIdentities', 'agents', (s) => [{ name: 'coding', trust: { principal: { arn: 'arn:aws:iam::111122223333:role/Bot', sourceIdentities: s } } }], [], 'an empty list', 'a list with at least one item such as ["jane"]'],
    ['agents[0].trust.agentCore.imageRepositoryArn', 'agents', (i) => [{ name: 'coding', trust: { agentCore: { imageRepositoryArn: i } } }], 'agent', '"agent"', 'the ARN of one ECR repository, such as arn:aws:ecr:eu-central-1:111122223333:repository/agent, without wildcards'],
    ['approvers', 'approvers', (v) => v, [], 'an empty list', 'a list with at least one item such as ["arn:aws:iam::111122223333:role/Dba"]'],
    ['approvers', 'approvers', (v) => v, undefined, 'nothing', 'a list with at least one item such as ["arn:aws:iam::111122223333:role/Dba"]'],
    ['approvers[0]', 'approvers', (arn) => [arn], 'arn:aws:iam::111122223333:root', '"arn:aws:iam::111122223333:root"', approverArn],
    ['approvers[0]', 'approvers', (arn) => [arn], 'arn:aws:iam::11112222333:role/Dba', '"arn:aws:iam::11112222333:role/Dba"', approverArn],
    ['approvers[0]', 'approvers', (arn) => [arn], 'arn:aws:iam::111122223333:group/Dba', '"arn:aws:iam::111122223333:group/Dba"', approverArn],
    ['backups.retentionDays', 'backups', (retentionDays) => ({ retentionDays }), 6, '6', 'a whole number of days from 7 to 35500'],
    ['backups.lock', 'backups', (lock) => ({ lock }), 'compliance', '"compliance"', '"governance" or { "compliance": { "graceDays": 3 or more } }'],
    ['backups.lock.compliance', 'backups', (lock) => ({ lock }), {}, 'nothing', 'an object with the keys graceDays, as far as they are needed'],
    ['backups.lock.compliance.graceDays', 'backups', (lock) => ({ lock }), { compliance: { graceDays: 2 } }, '2', 'a whole number of days from 3 to 36500'],
    ['backups.copyTo[0]', 'backups', (arn) => ({ copyTo: [arn] }), 'copies', '"copies"', vault],
    ['backups.airGapped.retentionDays', 'backups', (d) => ({ airGapped: { retentionDays: d } }), 6, '6', 'a whole number of days from 7 to 35500'],
    ['log.retentionDays', 'log', (retentionDays) => ({ retentionDays }), 364, '364', 'a number of days that CloudWatch Logs accepts: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653'],
    ['log.archive.mode', 'log', (mode) => ({ archive: { mode } }), 'none', '"none"', 'one of "governance", "compliance"'],
    ['log.archive.lockDays', 'log', (lockDays) => ({ archive: { lockDays } }), 0, '0', 'a whole number of days from 1 to 36500'],
    ['log.alarmEmails[0]', 'log', (email) => ({ alarmEmails: [email] }), 'dba', '"dba"', 'an e-mail address such as dba@example.com'],
    ['log.silenceMinutes', 'log', (silenceMinutes) => ({ silenceMinutes }), 4, '4', 'a whole number of minutes from 5 to 1440'],
    ['tags.owner', 'tags', (owner) => ({ owner }), 5, '5', 'in quotes, a value of at most 256 letters, digits, spaces and _ . : / = + - @'],
    ['tags["aws:owner"]', 'tags', (owner) => ({ 'aws:owner': owner }), 'x', 'a key that AWS does not take', 'a key of 1 to 128 letters, digits, spaces and _ . : / = + - @ that does not begin with aws: and is not cdk-agent-db-guardrails'],
    ['tags', 'tags', (v) => v, ['a'], 'a list of 1', 'an object with a string for each tag'],
  ])('%s (%s)', (path, field, wrap, value, seen, write) => {
    const mistakes = mistakesAfter((environment) => {
      // The way in for agents that run at GitHub.
      if (field === 'agents') environment.network = { accessHost: true };
      environment[field] = wrap(value);
    });
    expect(mistakes).toEqual([{ path, seen, write }]);
  });

  test.each<[string, unknown, string, string]>([
    ['instanceIdentifier', 'orders-', '"orders-"', identifiers],
    ['instanceIdentifier', 'or--ders', '"or--ders"', identifiers],
    ['instanceIdentifier', '1orders', '"1orders"', identifiers],
    ['instanceIdentifier', 'Orders', '"Orders"', 'orders; RDS keeps identifiers in lower case'],
    ['instanceIdentifier', 'agentstage-orders', '"agentstage-orders"', "the identifier of production; agentstage- begins the names of the kit's own copies, which it may delete"],
    ['resourceId', 'orders', '"orders"', `${resourceId}; it is neither the identifier nor the ARN`],
    ['resourceId', 'arn:aws:rds:eu-central-1:111122223333:db:orders', '"arn:aws:rds:eu-central-1:111122223333:db:orders"', `${resourceId}; an ARN is another thing, and permissions that name it match nothing`],
    ['resourceId', 'cluster-ABCDEFGHIJKLMNOP', '"cluster-ABCDEFGHIJKLMNOP"', `${resourceId}, of an RDS instance; Aurora clusters are not supported yet`],
    ['resourceId', undefined, 'nothing', `${resourceId}; it is neither the identifier nor the ARN`],
    ['endpoint', 'orders.abc123.eu-central-1.rds.amazonaws.com:5432', '"orders.abc123.eu-central-1.rds.amazonaws.com:5432"', endpoint],
    ['endpoint', 'orders.cluster-abc123.eu-central-1.rds.amazonaws.com', '"orders.cluster-abc123.eu-central-1.rds.amazonaws.com"',
      'the address of an RDS for PostgreSQL instance; this is the one of an Aurora cluster, which is not supported yet, nor are its instances'],
    ['endpoint', 'orders.proxy-abc123.eu-central-1.rds.amazonaws.com', '"orders.proxy-abc123.eu-central-1.rds.amazonaws.com"', 'the address of the instance itself; this is the one of an RDS Proxy in front of it'],
    ['endpoint', 'orders.abc123.eu-central-1.rds.amazonaws.com:5432', '"orders.abc123.eu-central-1.rds.amazonaws.com:5432"', endpoint],
    ['endpoint', 'postgres://app:hunter2@orders.abc123.eu-central-1.rds.amazonaws.com', 'a string that seems to be, or to hold, a credential; if it is, rotate it: whoever has this file, or a copy of it, has the credential', endpoint],
    ['port', 80, '80', 'a whole number from 1150 to 65535'],
    ['engineVersion', '14.19', '"14.19"', version],
    ['engineVersion', 16.1, '16.1', `in quotes, ${version}`],
    ['engineVersion', '16', '"16"', version],
    ['databases', [], 'an empty list', 'a list with at least one item such as ["orders"]'],
    ['databases[0]', ['rdsadmin'], '"rdsadmin"', 'the name of a database on the server, such as orders'],
    ['instanceClass', 'r7g.large', '"r7g.large"', 'an RDS instance class such as db.t4g.medium'],
    ['allocatedStorageGiB', 0, '0', 'a whole number of GiB from 5 to 65536'],
    ['vpcId', 'vpc-1', '"vpc-1"', 'an id such as vpc-0123456789abcdef0'],
    ['vpcCidrs', [], 'an empty list', 'a list with at least one item such as ["10.0.0.0/16"]'],
    ['vpcCidrs[0]', ['11.0.0.0/8'], '"11.0.0.0/8"', 'an IPv4 CIDR block of /16 to /28, such as 10.0.0.0/16'],
    ['vpcCidrs[0]', ['10.0.1.0/16'], '"10.0.1.0/16"', '10.0.0.0/16, the block that address lies in'],
    ['securityGroupId', 'default', '"default"', 'an id such as sg-0123456789abcdef0'],
    ['masterSecretArn', 'hunter2', 'a string that is not a Secrets Manager ARN, and may be the secret itself; if it is, rotate it: whoever has this file, or a copy of it, has the credential', 'the ARN of the secret, such as arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-AbCdEf; never its value'],
    ['masterSecretArn', 4711, 'a number that is not a Secrets Manager ARN, and may be the secret itself; if it is, rotate it: whoever has this file, or a copy of it, has the credential', 'in quotes, the ARN of the secret, such as arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-AbCdEf; never its value'],
    ['encryptionKeyArn', 'alias/orders', '"alias/orders"', 'the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef; not an alias'],
    ['standbyMinimums.maxConnections', { maxConnections: -1 }, '-1', 'a whole number from 0 to 262143'],
  ])('production.existing.%s is %j', (path, value, seen, write) => {
    const field = path.replace(/[.[].*/, '');
    expect(mistakesAfter((environment) => (environment.production.existing[field] = value))).toEqual([
      { path: `production.existing.${path}`, seen, write },
    ]);
  });

  test.each<[string, unknown, string, string]>([
    ['backupRetentionDays', 6, '6', 'a whole number of days from 7 to 35'],
    ['backupRetentionDays', 36, '36', 'a whole number of days from 7 to 35'],
    ['engineVersion', '17', '"17"', 'a PostgreSQL version with its minor, such as 17.9; supported majors are 15, 16, 17, 18'],
    ['allocatedStorageGiB', 19, '19', 'a whole number of GiB from 20 to 65536'],
    ['database', 'my-app', '"my-app"', 'letters, digits and underscores, the first a letter, such as app'],
    ['cidr', '10.212.0.0/25', '"10.212.0.0/25"', ofAgents],
  ])('production.create.%s is %j', (field, value, seen, write) => {
    expect(mistakesAfter((environment) => (environment.production.create[field] = value), created)).toEqual([
      { path: `production.create.${field}`, seen, write },
    ]);
  });
});

describe('an unknown key', () => {
  test('is named, with the key that was most likely meant, and its value is not shown', () => {
    expect(mistakesAfter((environment) => (environment.back_ups = { password: 'hunter2' }))).toEqual([
      { path: 'back_ups', seen: 'an unknown key', write: 'the key backups, if that is meant; otherwise remove it' },
    ]);
  });

  test('is answered with the known ones when none is close', () => {
    expect(mistakesAfter((environment) => (environment.network = { password: 'hunter2' }))).toEqual([
      {
        path: 'network.password',
        seen: 'an unknown key, whose value may be a credential; if it is, rotate it: whoever has this file, or a copy of it, has the credential',
        write: 'one of the known keys (cidr, reach, endpointAvailabilityZones, accessHost), or remove it',
      },
    ]);
  });

  test('has nothing to become where no keys belong', () => {
    expect(mistakesAfter((environment) => (environment.agents[0].trust.ecs.cluster = 'x'))).toEqual([
      { path: 'agents[0].trust.ecs.cluster', seen: 'an unknown key', write: 'nothing: no keys belong here; remove it' },
    ]);
  });

  test('instead of a choice is one mistake, not two', () => {
    expect(mistakesAfter((environment) => (environment.agents[0].trust = { githb: {} }))).toEqual([
      { path: 'agents[0].trust.githb', seen: 'an unknown key', write: 'the key github, if that is meant; otherwise remove it' },
    ]);
  });

  test('that JavaScript treats specially is a key like others', () => {
    const environment: unknown = JSON.parse(JSON.stringify(existing()).replace('{', '{"__proto__": {"account": "hunter2"}, "constructor": 1, '));
    const read = readEnvironments({ prod: environment });
    expect('mistakes' in read && read.mistakes.map(({ path, seen }) => [path, seen])).toEqual([
      ['environments.prod.__proto__', 'an unknown key'],
      ['environments.prod.constructor', 'an unknown key'],
    ]);
  });
});

describe('all mistakes are told at once', () => {
  test('of all environments, of the shape and of what does not fit together', () => {
    const first = existing();
    first.production.existing.port = 6432;
    first.backups = { retentionDays: 5, lock: { compliance: { graceDays: 1 } } };
    first.network = { cidr: '10.0.0.0/20', reach: 'latice' };
    first.production.existing.vpcCidrs = ['10.0.0.0/16', 'everything'];
    const second = created();
    delete second.agents;
    second.tagz = {};
    const read = readEnvironments({ prod: first, 'Not A Name': 7, test: second, good: existing() });
    expect('mistakes' in read && renderMistakes(read.mistakes)).toBe(`10 mistakes in the environments; nothing was synthesized

environments.prod.production.existing.vpcCidrs[1]
  seen:  "everything"
  write: an IPv4 CIDR block of /16 to /28, such as 10.0.0.0/16

environments.prod.network.reach
  seen:  "latice"
  write: one of "agent-network", "lattice"

environments.prod.backups.retentionDays
  seen:  5
  write: a whole number of days from 7 to 35500

environments.prod.backups.lock.compliance.graceDays
  seen:  1
  write: a whole number of days from 3 to 36500

environments.prod.network.cidr
  seen:  10.0.0.0/20, which overlaps production's 10.0.0.0/16
  write: a block outside of production's network, such as 10.1.0.0/20

environments.prod.production.existing.port
  seen:  6432, the port of the agents' databases
  write: another port: production may not listen on the agents' port, so that no rule for agents can ever open production

environments["Not A Name"]
  seen:  the name "Not A Name"
  write: a name of at most 32 lower-case letters, digits and single hyphens, the first a letter

environments["Not A Name"]
  seen:  7
  write: an object with the keys description, account, region, production, network, replica, staging, agents, approvers, roles, backups, log, exceptions, tags, as far as they are needed

environments.test.agents
  seen:  nothing
  write: a list with at least one item such as [{ "name": "coding", "trust": { "ecs": {} } }]

environments.test.tagz
  seen:  an unknown key
  write: the key tags, if that is meant; otherwise remove it`);
  });

  test('both kinds of production with mistakes in each', () => {
    const mistakes = mistakesAfter((environment) => {
      environment.production.existing.engineVersion = '9.6';
      environment.production.create = { port: 6432 };
    });
    expect(mistakes.map(({ path, seen }) => [path, seen])).toEqual([
      ['production.existing.engineVersion', '"9.6"'],
      ['production', 'an object with existing, create'],
      ['production.create.port', "6432, the port of the agents' databases"],
    ]);
  });

  test.each([[undefined, 'nothing'], [null, 'null; to leave a field out, remove its key'], [{}, 'an empty object'], [[], 'an empty list'], ['prod', 'a string'], [3, '3']])(
    'without any environment: %j',
    (environments, seen) => {
      expect(readEnvironments(environments)).toEqual({
        mistakes: [{ path: 'environments', seen, write: 'an object with at least one environment, by name' }],
      });
    },
  );
});

describe('whatever is written', () => {
  const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
  const section = fc.constantFrom('production', 'network', 'replica', 'staging', 'agents', 'approvers', 'backups', 'log', 'tags', 'account');
  const key = fc.constantFrom('existing', 'create', 'cidr', 'reach', 'delayed', '0', 'lock', 'copyTo', 'archive', 'retentionDays', 'alarmEmails');

  /** An environment with anything in some of its places. */
  const damaged = fc
    .tuple(fc.constantFrom(existing, created), fc.array(fc.tuple(section, fc.option(key), anything), { minLength: 1, maxLength: 4 }))
    .map(([make, changes]) => {
      const environment = make();
      for (const [field, inner, value] of changes) {
        const before = environment[field];
        environment[field] = inner === null ? value : Array.isArray(before) ? [...before, value] : { ...before, [inner]: value };
      }
      return environment as unknown;
    });

  test('the answer is environments or mistakes, never an exception, and mistakes are short lines without control characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), damaged.map((environment) => ({ prod: environment }))), (environments) => {
        const read = readEnvironments(environments);
        if ('environments' in read) return;
        expect(read.mistakes.length).toBeGreaterThan(0);
        for (const { path, seen, write } of read.mistakes) {
          expect(`${path}${seen}${write}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
          expect(path).toMatch(/^environments/);
          expect([seen.length > 0, seen.length < 700, write.length > 0]).toEqual([true, true, true]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('reading what was read changes nothing', () => {
    for (const environment of [existing(), created()]) {
      const once = readOne(environment);
      expect(readOne(once)).toEqual(once);
    }
  });

  test('a secret under an unknown key, as a tag, or in place of the secret ARN is never shown', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJ0123456789'), minLength: 12, maxLength: 40 });
    fc.assert(
      fc.property(secret, fc.constantFrom('password', 'masterPassword', 'tokn', 'aproverz'), (value, key) => {
        const environment = existing();
        environment[key] = value;
        environment.network = { [key]: { deep: value } };
        environment.agents[0].trust = { github: value, [key]: value };
        environment.production.existing.masterSecretArn = value;
        environment.tags = { a: `${value}\u0000`, 'aws:b': value };
        environment.description = `${value}\u0000`;
        environment.replica = value;
        const read = readEnvironments({ prod: environment });
        expect('mistakes' in read && read.mistakes.length).toBeGreaterThanOrEqual(8);
        expect(JSON.stringify(read)).not.toContain(value);
      }),
    );
  });
});

test('two environments around one database are told: the copies and logs of both would have one name', () => {
  const read = readEnvironments({ prod: existing(), again: existing() });
  expect(read).toEqual({
    mistakes: [{
      path: 'environments.again.production.existing.resourceId',
      seen: 'the database of the environment prod',
      write: 'another database: one database has one environment, with all its agents',
    }],
  });
});
