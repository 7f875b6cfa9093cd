import fc from 'fast-check';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answering, lambdaWorld, nameOf, type Work } from '../../lib/handlers/custom-resource';
import { request, run, SIGNATURE, STACK, Surroundings } from './custom-resource-fixture';

const ID = `GuardrailsCheckResource0F1E@${STACK}`;
const succeeding: Work = () => Promise.resolve({ do: 'succeed', data: { A: 'b' } });

beforeEach(() => void jest.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') }));
afterEach(() => void jest.useRealTimers());

async function answer(world: Surroundings, work: Work, event: unknown): Promise<void> {
  await run(answering(world, work)(event, world.context));
}

describe('CloudFormation gets exactly one answer', () => {
  test.each(['Create', 'Update'])('when the work on %s succeeds', async (type) => {
    const world = new Surroundings();
    await answer(world, succeeding, request(type));
    expect(world.answers).toEqual([{ Status: 'SUCCESS', PhysicalResourceId: ID, StackId: STACK, RequestId: 'request-1', LogicalResourceId: 'GuardrailsCheckResource0F1E', Data: { A: 'b' } }]);
  });

  test('when the work fails', async () => {
    const world = new Surroundings();
    await answer(world, () => Promise.resolve({ do: 'fail', because: 'no backups' }), request('Update'));
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: 'no backups', PhysicalResourceId: ID }]);
  });

  test.each<[string, Work]>([
    ['throws', () => { throw new TypeError(`cannot reach https://x?Signature=${SIGNATURE}`); }],
    ['rejects', () => Promise.reject(new TypeError(`cannot reach https://x?Signature=${SIGNATURE}`))],
  ])('when the work %s, without the message of an error that nobody foresaw', async (_, work) => {
    const world = new Surroundings();
    await answer(world, work, request('Create'));
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: 'unforeseen error TypeError; see log group guardrails-log', PhysicalResourceId: ID }]);
    expect(world.records[0]).toMatchObject({ level: 'error', event: 'unforeseen', error: 'TypeError' });
    expect(world.logged).not.toContain(SIGNATURE);
  });

  test('when the work throws something that is no error', async () => {
    const world = new Surroundings();
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    await answer(world, () => { throw 'text'; }, request('Create'));
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: 'unforeseen error a thrown value; see log group guardrails-log' }]);
  });

  test('just before Lambda ends a function whose work never does', async () => {
    const world = new Surroundings(60);
    let stopped: boolean | undefined;
    await answer(world, (_, turn) => new Promise(() => turn.signal.addEventListener('abort', () => { stopped = true; })), request('Create'));
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: 'no result after 45 seconds; see log group guardrails-log' }]);
    expect(world.context.getRemainingTimeInMillis()).toBeGreaterThan(14_000);
    expect(stopped).toBe(true);
  });

  test('when the work ends after its time: the late result is not sent', async () => {
    const world = new Surroundings(20);
    await answer(world, async (_, turn) => {
      await world.pause(8_000, new AbortController().signal);
      expect(turn.signal.aborted).toBe(true);
      throw new Error('late');
    }, request('Create'));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: 'no result after 5 seconds; see log group guardrails-log' }]);
  });

  test('to a deletion, at once and without any work', async () => {
    const world = new Surroundings();
    const work = jest.fn<ReturnType<Work>, Parameters<Work>>();
    await answer(world, work, request('Delete', { PhysicalResourceId: '2026/11/20/[$LATEST]log-stream' }));
    expect(world.answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: '2026/11/20/[$LATEST]log-stream', Data: {} }]);
    expect(work).not.toHaveBeenCalled();
  });

  test('to a request of an unknown type', async () => {
    const world = new Surroundings();
    await answer(world, succeeding, request('Destroy'));
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: "request type 'Destroy' is unknown; Create, Update and Delete are known" }]);
  });

  test('after two attempts that failed', async () => {
    const world = new Surroundings();
    world.troubles = [503, Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(`connect ${SIGNATURE}`), { code: 'ECONNRESET' }) })];
    await answer(world, succeeding, request('Create'));
    expect(world.answers).toHaveLength(1);
    expect(world.records).toMatchObject([
      { event: 'answer not taken', problem: 'HTTP 503', attempt: 1 },
      { event: 'answer not taken', problem: 'ECONNRESET', attempt: 2 },
      { event: 'answered', answer: 'succeed', attempt: 3 },
    ]);
  });

  test('twice the same to an event that Lambda delivers twice', async () => {
    const world = new Surroundings();
    await answer(world, succeeding, request('Create'));
    await answer(world, succeeding, request('Create'));
    expect(world.answers[1]).toEqual(world.answers[0]);
    expect(world.answers).toHaveLength(2);
  });
});

describe('fails loudly, so that the dead-letter topic hears of it', () => {
  test('when CloudFormation takes no answer', async () => {
    const world = new Surroundings();
    world.troubles = [500, 'silence', 403, 500, 'silence', 200];
    await expect(answer(world, succeeding, request('Update'))).rejects.toMatchObject({
      name: 'AnswerNotDelivered', message: 'CloudFormation did not take the answer to Update GuardrailsCheckResource0F1E: TimeoutError',
    });
    expect(world.urls).toHaveLength(5);
    expect(world.answers).toEqual([]);
  });

  test('when no time is left to answer in', async () => {
    const world = new Surroundings(1);
    await expect(answer(world, succeeding, request('Update'))).rejects.toMatchObject({
      message: 'CloudFormation did not take the answer to Update GuardrailsCheckResource0F1E: no time was left',
    });
  });

  test('when the event is not CloudFormation\'s', async () => {
    await expect(answer(new Surroundings(), succeeding, { RequestType: 'Create' })).rejects.toMatchObject({
      name: 'NotARequest', message: 'the event is no request of CloudFormation: it lacks ResponseURL, StackId, RequestId, LogicalResourceId',
    });
  });
});

test('no log line holds the URL, its signature or a property of the request', async () => {
  const world = new Surroundings();
  world.troubles = ['silence', new TypeError(`Failed to parse URL from https://x?X-Amz-Signature=${SIGNATURE}`), 500];
  await answer(world, () => Promise.reject(new Error(`password ${SIGNATURE}`)), request('Create', { ResourceProperties: { Password: 'hunter2' } }));
  expect(world.records.length).toBeGreaterThan(3);
  for (const secret of [SIGNATURE, 'hunter2', 'https://']) expect(world.logged).not.toContain(secret);
});

test('the physical id is the same over any history of a resource, whatever fails in it', async () => {
  const step = fc.record({
    type: fc.constantFrom('Update', 'Update', 'Delete', 'Rename'),
    how: fc.constantFrom('succeed', 'fail', 'throw', 'hang'),
    twice: fc.boolean(),
    properties: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
  });
  const works: Record<string, Work> = {
    succeed: succeeding,
    fail: () => Promise.resolve({ do: 'fail', because: 'x' }),
    throw: () => Promise.reject(new Error('x')),
    hang: () => new Promise(() => undefined),
  };
  await fc.assert(fc.asyncProperty(fc.constantFrom('succeed', 'fail', 'throw', 'hang'), fc.array(step, { maxLength: 6 }), async (creation, steps) => {
    const ids = new Set<string>();
    let known: string | undefined;
    for (const { type, how, twice, properties } of [{ type: 'Create', how: creation, twice: false, properties: {} }, ...steps]) {
      for (let i = 0; i < (twice ? 2 : 1); i += 1) {
        const world = new Surroundings(16);
        await answer(world, works[how]!, request(type, { PhysicalResourceId: known, ResourceProperties: properties, RequestId: String(Math.random()) }));
        expect(world.answers).toHaveLength(1);
        known = world.answers[0]!.PhysicalResourceId;
        ids.add(known);
      }
    }
    expect([...ids]).toEqual([ID]);
  }), { numRuns: 30 });
});

test.each<[string, unknown, string]>([
  ['a system error', Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'ENOTFOUND'],
  ['a system error inside another', new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) }), 'ECONNREFUSED'],
  ['an AWS error', Object.assign(new Error('x'), { name: 'AccessDenied' }), 'AccessDenied'],
  ['a timeout', new DOMException('x', 'TimeoutError'), 'TimeoutError'],
  ['no error', { code: 'SECRET' }, 'a thrown value'],
])('%s is known by its kind', (_, error, name) => {
  expect(nameOf(error)).toBe(name);
});

describe('in Lambda', () => {
  beforeEach(() => void jest.useRealTimers());

  test('an answer is one PUT with an empty content type', async () => {
    const seen: { method?: string; type?: string; length?: string; body: string }[] = [];
    const server = createServer((incoming: IncomingMessage, response) => {
      let body = '';
      incoming.on('data', (part: Buffer) => { body += part.toString(); });
      incoming.on('end', () => {
        seen.push({ method: incoming.method, type: incoming.headers['content-type'], length: incoming.headers['content-length'], body });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { port } = server.address() as AddressInfo;
    expect(await lambdaWorld.put(`http://127.0.0.1:${port}/x?Signature=y`, '{"Status":"SUCCESS"}', AbortSignal.timeout(2000))).toBe(200);
    await new Promise((resolve) => { server.close(resolve); });
    expect(seen).toEqual([{ method: 'PUT', type: '', length: '20', body: '{"Status":"SUCCESS"}' }]);
  });

  test('a pause ends with its signal', async () => {
    const over = new AbortController();
    const started = Date.now();
    setTimeout(() => over.abort(), 20);
    await lambdaWorld.pause(5_000, over.signal);
    await lambdaWorld.pause(5_000, over.signal);
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test('a record is one line of JSON', () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      lambdaWorld.log({ level: 'info', event: 'answered', text: 'two\nlines' });
      expect(write.mock.calls).toEqual([['{"level":"info","event":"answered","text":"two\\nlines"}\n']]);
    } finally {
      write.mockRestore();
    }
  });
});
