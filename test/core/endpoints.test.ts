import { ACCESS_HOST_ENDPOINTS, AGENT_RUNTIMES, endpointServices, refusedEndpoint, runtimeEndpoints } from '../../lib/core/endpoints';

describe('endpoints that the agents network needs', () => {
  test('a network in which no agent runs needs no endpoint', () => {
    expect(runtimeEndpoints([])).toEqual([]);
    expect(endpointServices({ runtimes: [], accessHost: false })).toEqual([]);
  });

  test.each(AGENT_RUNTIMES)('a container on %s needs its image and its log, nothing else', (runtime) => {
    expect(endpointServices({ runtimes: [runtime], accessHost: false })).toEqual(['ecr.api', 'ecr.dkr', 's3', 'logs']);
  });

  test('two runtimes share what both need', () => {
    expect(runtimeEndpoints(['ecs', 'agent-core'])).toEqual(runtimeEndpoints(['ecs']));
  });

  test('the access host needs two endpoints and not the retired ec2messages', () => {
    expect(endpointServices({ runtimes: [], accessHost: true })).toEqual(['ssm', 'ssmmessages']);
    expect(endpointServices({ runtimes: ['ecs'], accessHost: true })).toEqual(['ecr.api', 'ecr.dkr', 's3', 'logs', 'ssm', 'ssmmessages']);
  });

  test('images can be pulled and not pushed, logs written and not read or deleted', () => {
    expect([...new Set(runtimeEndpoints(AGENT_RUNTIMES).flatMap((use) => use.actions))].sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
    ]);
  });

  test('every call names the resources of this account where AWS lets it', () => {
    const unnamed = [...runtimeEndpoints(AGENT_RUNTIMES), ...ACCESS_HOST_ENDPOINTS].filter((use) => use.on === 'none').flatMap((use) => use.actions);
    expect(unnamed).toEqual([
      'ecr:GetAuthorizationToken',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ]);
  });
});

describe('endpoints that are refused', () => {
  test.each([
    ['rds', 'delete, restore or promote databases'],
    ['rds-data', 'run SQL without a network path'],
    ['backup', 'delete recovery points'],
    ['backup-gateway', 'delete recovery points'],
    ['drs', 'delete recovery points'],
    ['kms', 'disable keys'],
    ['secretsmanager', 'read the passwords of databases'],
    ['cloudformation', 'delete stacks'],
    ['cloudcontrolapi', 'delete any resource'],
    ['iam', 'change permissions'],
    ['organizations', 'change service control policies'],
    ['lambda', 'run functions that hold other permissions'],
    ['ram', 'share resources with other accounts'],
    ['dms', 'copy data out of or into a database'],
    ['ebs', 'read snapshots'],
    ['ec2', 'add routes, peerings and security group rules'],
    ['ec2messages', 'take commands from Systems Manager'],
    ['ssm', 'run commands and start sessions on other hosts'],
    ['ssmmessages', 'carry sessions to other hosts'],
    ['vpc-lattice', 'make a path into another network'],
  ])('agents get no endpoint of %s', (service, harm) => {
    const sentence = `an endpoint of '${service}' would be a way to ${harm} from the agents' network; no such endpoint is allowed there`;
    expect(refusedEndpoint(service, 'agents')).toBe(sentence);
    expect(refusedEndpoint(service, 'functions')).toBe(sentence);
  });

  test.each(['kms-fips', 'rds-fips', 'backup.eu', 'ssm-fips'])('%s is the same door as the one without the suffix', (service) => {
    expect(refusedEndpoint(service, 'agents')).toContain(`an endpoint of '${service}' would be a way to`);
  });

  test.each(['ssm', 'ssmmessages'])('the access host alone may use %s', (service) => {
    expect(refusedEndpoint(service, 'access-host')).toBeUndefined();
  });

  test.each(['rds', 'kms', 'iam', 'ec2messages', 'ssm-fips'])('the access host may not use %s', (service) => {
    expect(refusedEndpoint(service, 'access-host')).toBeDefined();
  });

  test.each(['logs', 'ecr.api', 'ecr.dkr', 's3', 'sts', 'bedrock-runtime'])('%s is allowed', (service) => {
    expect(refusedEndpoint(service, 'agents')).toBeUndefined();
  });

  test.each(['states', 'execute-api', 'cloudtrail', 'monitoring', 'ecs', 'sns', 'datasync', 'a-service-of-tomorrow'])('agents get no endpoint of %s', (service) => {
    expect(refusedEndpoint(service, 'agents')).toBe(
      `agents may have endpoints of ecr.api, ecr.dkr, s3, logs, sts, bedrock-runtime, not of '${service}'; call it from outside the agents' network`,
    );
  });

  // A name that is not understood must not slip past the list of names that are refused.
  test.each(['com.amazonaws.eu-central-1.rds', 'cn.com.amazonaws.cn-north-1.rds', 'KMS', 'rds ', '', '${Token[TOKEN.1]}', 'aws.api.eu-central-1.kms/x'])(
    "fails when the service is written as '%s'",
    (service) => {
      expect(refusedEndpoint(service, 'agents')).toBe(
        `the service is '${service}'; write the part of the endpoint's name after 'com.amazonaws.<region>.', such as 'logs' or 'ecr.api'`,
      );
    },
  );
});
