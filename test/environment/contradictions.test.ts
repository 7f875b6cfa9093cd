import { created, existing, mistakesAfter, readOne, type Written } from './fixture';

describe("the agents' network may not overlap production's", () => {
  test('fails when it lies inside a block of production, and names a free one', () => {
    expect(
      mistakesAfter((environment) => {
        environment.production.existing.vpcCidrs = ['172.16.0.0/16', '10.0.0.0/16'];
        environment.network = { cidr: '10.0.16.0/20' };
      }),
    ).toEqual([
      {
        path: 'network.cidr',
        seen: "10.0.16.0/20, which overlaps production's 10.0.0.0/16",
        write: 'a block outside of production\'s network, such as 10.1.0.0/20',
      },
    ]);
  });

  test('fails when the default overlaps', () => {
    expect(mistakesAfter((environment) => (environment.production.existing.vpcCidrs = ['10.213.8.0/24']))).toEqual([
      {
        path: 'network.cidr',
        seen: "10.213.0.0/20, the default, which overlaps production's 10.213.8.0/24",
        write: 'a block outside of production\'s network, such as 10.0.0.0/20',
      },
    ]);
  });

  test('fails when it overlaps the network of a database that is created', () => {
    expect(mistakesAfter((environment) => (environment.network = { cidr: '10.212.0.0/16' }), created)).toEqual([
      {
        path: 'network.cidr',
        seen: "10.212.0.0/16, which overlaps production's 10.212.0.0/20",
        write: 'a block outside of production\'s network, such as 10.0.0.0/16',
      },
    ]);
  });
});

describe('production and what is made beside it do not collide', () => {
  test.each([existing, created])("fails when production listens on the agents' port", (from) => {
    const kind = from === existing ? 'existing' : 'create';
    expect(mistakesAfter((environment) => (environment.production[kind].port = 6432), from)).toEqual([
      {
        path: `production.${kind}.port`,
        seen: "6432, the port of the agents' databases",
        write: "another port: production may not listen on the agents' port, so that no rule for agents can ever open production",
      },
    ]);
  });

  const named = (length: number) => (environment: Written) => {
    const identifier = 'o'.repeat(length);
    Object.assign(environment.production.existing, {
      instanceIdentifier: identifier, endpoint: `${identifier}.abc123.eu-central-1.rds.amazonaws.com`,
    });
  };

  test('fails when the name of the clone would be too long', () => {
    expect(mistakesAfter(named(53))).toEqual([
      {
        path: 'production.existing.instanceIdentifier',
        seen: 'an identifier of 53 characters',
        write: 'one of at most 52: its copy is named agentstage-…, and RDS allows 63',
      },
    ]);
    expect(mistakesAfter(named(52))).toEqual([]);
  });

  test('a name may be longer when there is no clone', () => {
    const without = (length: number) => (environment: Written) => {
      named(length)(environment);
      environment.staging = { enabled: false };
    };
    expect(mistakesAfter(without(53))).toEqual([]);
    expect(mistakesAfter(without(54)).map(({ write }) => write)).toEqual(['one of at most 53: its copy is named agentread-…, and RDS allows 63']);
  });

  test('fails when an undo window is asked of a version that has none', () => {
    const delayed = (engineVersion: string) => (environment: Written) => {
      environment.production.existing.engineVersion = engineVersion;
      environment.replica = { delayed: { hours: 1 } };
    };
    expect(mistakesAfter(delayed('16.9'))).toEqual([
      {
        path: 'replica.delayed',
        seen: 'an undo window, but PostgreSQL 16.9 has no delayed replicas; RDS supports them from 14.19, 15.14, 16.10, 17.6, 18.0',
        write: 'nothing: remove it, or upgrade production first',
      },
    ]);
    expect(mistakesAfter(delayed('16.10'))).toEqual([]);
  });
});

describe('agents can reach the replica, and the replica starts', () => {
  const atGithub = (network: Written) => (environment: Written) => {
    environment.agents = [{ name: 'inside', trust: { ecs: {} } }, { name: 'coding', trust: { github: { repository: 'acme/shop' } } }];
    if (network !== undefined) environment.network = network;
  };
  const write = "true: agents[1] runs at GitHub, outside of the agents' network, and could not reach the replica in any other way";

  test('fails when an agent runs at GitHub and there is no access host', () => {
    expect(mistakesAfter(atGithub(undefined))).toEqual([{ path: 'network.accessHost', seen: 'nothing, which is false', write }]);
    expect(mistakesAfter(atGithub({ accessHost: false }))).toEqual([{ path: 'network.accessHost', seen: 'false', write }]);
    expect(mistakesAfter(atGithub({ accessHost: true }))).toEqual([]);
  });

  test('an access host that is written wrong is one mistake, not two', () => {
    expect(mistakesAfter(atGithub({ accessHost: 'true' })).map(({ path }) => path)).toEqual(['network.accessHost']);
  });

  const classes = (replica: string, production: string, standbyMinimums?: object) => (environment: Written) => {
    environment.replica = { instanceClass: replica };
    Object.assign(environment.production.existing, { instanceClass: production, standbyMinimums });
  };
  const setting = (field: string, name: string, replica: string, production: string) => ({
    path: `production.existing.standbyMinimums.${field}`,
    seen: 'nothing',
    write: `what production has (in psql: SHOW ${name}), since ${replica} may be smaller than its ${production}: a replica with less does not start`,
  });

  test('fails when the replica is smaller and what it may not go below is not stated', () => {
    expect(mistakesAfter(classes('db.t4g.medium', 'db.m7g.large'))).toEqual([setting('maxConnections', 'max_connections', 'db.t4g.medium', 'db.m7g.large')]);
    expect(mistakesAfter(classes('db.m7g.large', 'db.m7g.2xlarge', { maxWalSenders: 20 }))).toEqual([
      setting('maxConnections', 'max_connections', 'db.m7g.large', 'db.m7g.2xlarge'),
      setting('maxWorkerProcesses', 'max_worker_processes', 'db.m7g.large', 'db.m7g.2xlarge'),
    ]);
  });

  test('nothing is said when it is stated, or when the replica is not smaller', () => {
    expect(mistakesAfter(classes('db.m7g.large', 'db.m7g.2xlarge', { maxConnections: 3400, maxWorkerProcesses: 16 }))).toEqual([]);
    expect(mistakesAfter(classes('db.m7g.large', 'db.m7g.large'))).toEqual([]);
    expect(mistakesAfter(classes('db.r7g.large', 'db.m7g.large'))).toEqual([]);
    expect(mistakesAfter((environment) => (environment.staging = { instanceClass: 'db.t4g.micro' }))).toEqual([]);
  });

  test('fails when the replica of a database that is created is smaller', () => {
    const smaller = (environment: Written) => {
      environment.production.create = { instanceClass: 'db.t4g.medium' };
      environment.replica = { instanceClass: 'db.t4g.micro' };
    };
    expect(mistakesAfter(smaller, created)).toEqual([
      { path: 'replica.instanceClass', seen: '"db.t4g.micro"', write: 'db.t4g.medium as production has, or a larger class: a smaller replica does not start' },
    ]);
  });
});

describe('what is said of one place fits together', () => {
  const everywhere = (environment: Written) => {
    environment.region = 'eu-central-1';
    Object.assign(environment.production.existing, {
      encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0123',
      masterSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-AbCdEf',
      subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    });
  };
  const besides = (path: string, value: unknown) => (environment: Written) => {
    everywhere(environment);
    if (path === 'region') environment.region = value;
    else environment.production.existing[path] = value;
  };

  test.each<[string, unknown, string, string]>([
    ['region', 'us-east-1', '"us-east-1"', 'eu-central-1, where production.existing.endpoint is'],
    ['endpoint', 'orders.abc123.us-east-1.rds.amazonaws.com', 'an address in us-east-1', 'the address in eu-central-1, where region is'],
    ['encryptionKeyArn', 'arn:aws:kms:us-east-1:111122223333:key/0123', 'a key in us-east-1', 'the ARN of a key in eu-central-1, where production.existing.endpoint is'],
    ['masterSecretArn', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:orders-AbCdEf', 'a secret in us-east-1', 'the ARN of a secret in eu-central-1, where production.existing.endpoint is'],
    ['availabilityZones', ['us-east-1a', 'us-east-1b'], 'zones in us-east-1', 'Availability Zones of eu-central-1'],
  ])('a wrong Region in %s is one mistake, told where it is', (path, value, seen, write) => {
    expect(mistakesAfter(everywhere)).toEqual([]);
    expect(mistakesAfter(besides(path, value))).toEqual([{ path: path === 'region' ? path : `production.existing.${path}`, seen, write }]);
  });

  test('where two fields say two things, the endpoint is believed', () => {
    expect(mistakesAfter((environment) => (environment.region = 'us-east-1')).map(({ path }) => path)).toEqual(['region']);
  });

  test('fails when the endpoint is that of another instance', () => {
    expect(mistakesAfter((environment) => (environment.production.existing.instanceIdentifier = 'invoices'))).toEqual([
      {
        path: 'production.existing.endpoint',
        seen: '"orders.abc123.eu-central-1.rds.amazonaws.com"',
        write: 'the address of invoices, which begins with invoices.',
      },
    ]);
  });

  test('fails when production is in another Region than the deployment', () => {
    expect(mistakesAfter((environment) => (environment.region = 'us-east-1'))).toEqual([
      { path: 'region', seen: '"us-east-1"', write: 'eu-central-1, where production.existing.endpoint is' },
    ]);
  });

  test('fails when the key is in another Region than production', () => {
    expect(
      mistakesAfter((environment) => (environment.production.existing.encryptionKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/mrk-0123')),
    ).toEqual([
      {
        path: 'production.existing.encryptionKeyArn',
        seen: 'a key in us-east-1',
        write: 'the ARN of a key in eu-central-1, where production.existing.endpoint is',
      },
    ]);
  });

  test('fails when zones do not belong to the subnets', () => {
    const mistakes = mistakesAfter((environment) =>
      Object.assign(environment.production.existing, { subnetIds: ['subnet-0123456789abcdef0'], availabilityZones: ['eu-central-1a', 'us-east-1a'] }),
    );
    expect(mistakes).toEqual([
      { path: 'production.existing.availabilityZones', seen: '2 for 1 subnets', write: 'the zone of each of subnetIds, in the same order' },
      { path: 'production.existing.availabilityZones[1]', seen: '"us-east-1a"', write: 'an Availability Zone of eu-central-1' },
    ]);
  });

  test("fails when a replica shall stand in production's network and that is not described", () => {
    const because = "with network.reach lattice the replica stands in production's network";
    expect(mistakesAfter((environment) => (environment.network = { reach: 'lattice' }))).toEqual([
      { path: 'production.existing.vpcId', seen: 'nothing', write: `its VPC: ${because}` },
      { path: 'production.existing.vpcCidrs', seen: 'nothing', write: `the CIDR blocks of its VPC: ${because}` },
      { path: 'production.existing.subnetIds', seen: 'nothing', write: `its subnets: ${because}` },
      { path: 'production.existing.availabilityZones', seen: 'nothing', write: `the zones of its subnets: ${because}` },
    ]);
  });

  test("fails when a replica in production's network would have subnets in one zone only", () => {
    expect(
      mistakesAfter((environment) => {
        environment.network = { reach: 'lattice' };
        Object.assign(environment.production.existing, {
          vpcId: 'vpc-0123456789abcdef0', vpcCidrs: ['10.0.0.0/16'],
          subnetIds: ['subnet-01234567', 'subnet-89abcdef'], availabilityZones: ['eu-central-1a', 'eu-central-1a'],
        });
      }),
    ).toEqual([
      {
        path: 'production.existing.availabilityZones',
        seen: 'one Availability Zone',
        write: 'subnets in at least two: RDS makes no subnet group in one',
      },
    ]);
  });

  test('the network of a database that is created is known, so it needs no description', () => {
    expect(readOne({ ...created(), network: { reach: 'lattice' } }).network.reach).toBe('lattice');
  });

  test('fails when a copy goes to the Region and account that the original is in', () => {
    const copies = (environment: Written) => {
      environment.account = '111122223333';
      environment.backups = {
        copyTo: ['eu-central-1:111122223333', 'eu-west-1:111122223333', 'eu-central-1:444455556666'].map((place) => `arn:aws:backup:${place}:backup-vault:copies`),
      };
    };
    expect(mistakesAfter(copies)).toEqual([
      {
        path: 'backups.copyTo[0]',
        seen: '"arn:aws:backup:eu-central-1:111122223333:backup-vault:copies"',
        write: 'a vault in another Region or account than eu-central-1, 111122223333: this copy would be lost with the original',
      },
    ]);
  });
});

describe('continuous backups', () => {
  test('fail when recovery points are kept longer than they can reach back', () => {
    expect(mistakesAfter((environment) => (environment.backups = { continuous: true, retentionDays: 90 }))).toEqual([
      {
        path: 'backups.continuous',
        seen: 'true, with recovery points that are kept 90 days',
        write: 'false, or a retentionDays of at most 35, as far as continuous backups reach back',
      },
    ]);
    expect(mistakesAfter((environment) => (environment.backups = { continuous: true }))).toEqual([]);
  });
});

describe('no agent approves its own changes', () => {
  test.each([
    ['the same role', 'arn:aws:iam::111122223333:role/Bot', 'arn:aws:iam::111122223333:role/Bot'],
    ['the same role, with another path and case', 'arn:aws:iam::111122223333:role/agents/Bot', 'arn:aws:iam::111122223333:role/bot'],
    ['a session of the role', 'arn:aws:iam::111122223333:role/agents/Bot', 'arn:aws:sts::111122223333:assumed-role/Bot/jane'],
    ['the same user', 'arn:aws:iam::111122223333:user/bot', 'arn:aws:iam::111122223333:user/team/bot'],
  ])('fails when an approver is %s that an agent runs as', (_, agent, approver) => {
    const mistakes = mistakesAfter((environment) => {
      environment.agents.push({ name: 'bot', trust: { principal: { arn: agent } } });
      environment.approvers.push(approver);
    });
    expect(mistakes).toEqual([
      { path: 'approvers[1]', seen: JSON.stringify(approver), write: 'someone else: this is who agents[1] is, and no agent approves its own changes' },
    ]);
  });

  test.each([
    ['a role of the same name in another account', 'arn:aws:iam::444455556666:role/Bot'],
    ['a user of the same name', 'arn:aws:iam::111122223333:user/Bot'],
    ['a role whose name begins like it', 'arn:aws:iam::111122223333:role/BotKeeper'],
  ])('%s is someone else', (_, approver) => {
    const mistakes = mistakesAfter((environment) => {
      environment.agents.push({ name: 'bot', trust: { principal: { arn: 'arn:aws:iam::111122223333:role/Bot' } } });
      environment.approvers.push(approver);
    });
    expect(mistakes).toEqual([]);
  });
});

describe('everything is named once', () => {
  test.each<[string, string, (environment: Written) => void, string]>([
    ['agents[1].name', 'agents[0].name', (e) => e.agents.push({ name: 'coding', trust: { agentCore: {} } }), 'a name of its own for each agent, also without hyphens'],
    ['approvers[1]', 'approvers[0]', (e) => e.approvers.push('arn:aws:iam::111122223333:role/people/DBA'), 'each person once'],
    ['production.existing.databases[1]', 'production.existing.databases[0]', (e) => e.production.existing.databases.push('orders'), 'each database once'],
    ['log.alarmEmails[1]', 'log.alarmEmails[0]', (e) => (e.log = { alarmEmails: ['a@example.com', 'a@example.com'] }), 'each address once'],
    ['backups.copyTo[1]', 'backups.copyTo[0]', (e) => (e.backups = { copyTo: Array(2).fill('arn:aws:backup:eu-west-1:111122223333:backup-vault:copies') }), 'each vault once'],
    [
      'production.existing.subnetIds[1]', 'production.existing.subnetIds[0]',
      (e) => Object.assign(e.production.existing, { subnetIds: Array(2).fill('subnet-01234567'), availabilityZones: ['eu-central-1a', 'eu-central-1b'] }),
      'each subnet once',
    ],
  ])('fails when %s repeats %s', (path, before, edit, write) => {
    expect(mistakesAfter(edit)).toEqual([{ path, seen: `the same as ${before}`, write }]);
  });

  test('two people who share a role are two people', () => {
    const people = ['jane', 'joe'].map((person) => `arn:aws:sts::111122223333:assumed-role/Dba/${person}@example.com`);
    expect(mistakesAfter((environment) => (environment.approvers = people))).toEqual([]);
  });
});
