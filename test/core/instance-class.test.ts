import { lowerOnReplica, sizeOf } from '../../lib/core/instance-class';

test.each([
  ['db.t4g.micro', { vcpus: 2, memory: 1 }],
  ['db.t3.2xlarge', { vcpus: 8, memory: 32 }],
  ['db.m7g.large', { vcpus: 2, memory: 8 }],
  ['db.m6gd.12xlarge', { vcpus: 48, memory: 192 }],
  ['db.m3.xlarge', { vcpus: 4, memory: 15 }],
  ['db.r4.large', { vcpus: 2, memory: 15.25 }],
  ['db.r7g.xlarge', { vcpus: 4, memory: 32 }],
  ['db.c6gd.medium', { vcpus: 1, memory: 2 }],
  ['db.x1e.xlarge', { vcpus: 4, memory: 122 }],
  ['db.x2g.large', { vcpus: 2, memory: 32 }],
  ['db.x2iedn.xlarge', { vcpus: 4, memory: 128 }],
])('%s has %j', (instanceClass, size) => {
  expect(sizeOf(instanceClass)).toEqual(size);
});

test.each(['db.t1.micro', 'db.q1.large', 'db.x9.large', 'db.m7g.metal', 'db.m7g.constructor', 'db.t4g.toString', 'm7g.large', 'db.serverless', '${Token[TOKEN.1]}'])('%s does not tell', (instanceClass) => {
  expect(sizeOf(instanceClass)).toBeUndefined();
});

describe('what could be lower on the replica', () => {
  test.each([
    ['the same class', 'db.m7g.large', 'db.m7g.large', []],
    ['the same class, unknown', 'db.q1.large', 'db.q1.large', []],
    ['a larger class', 'db.m7g.xlarge', 'db.m7g.large', []],
    ['another family of the same size', 'db.t4g.large', 'db.m7g.large', []],
    ['less memory', 'db.t4g.medium', 'db.m7g.large', ['maxConnections']],
    ['less memory and, above four, fewer vCPUs', 'db.r7g.large', 'db.r7g.2xlarge', ['maxConnections', 'maxWorkerProcesses']],
    ['fewer vCPUs, up to four', 'db.r7g.large', 'db.m7g.xlarge', []],
    ['fewer vCPUs, with memory to spare', 'db.r7g.2xlarge', 'db.r7g.4xlarge', ['maxWorkerProcesses']],
    ['a class that does not tell', 'db.q1.large', 'db.m7g.large', ['maxConnections', 'maxWorkerProcesses']],
    ['a production that does not tell', 'db.m7g.large', 'db.q1.large', ['maxConnections', 'maxWorkerProcesses']],
  ])('%s', (_, replica, production, settings) => {
    expect(lowerOnReplica(replica, production)).toEqual(settings);
  });
});
