import type { CustomResourceRequest, Outcome } from '../core/custom-resource';
import { isAnswer, readOrder, renderFindings, type ProvisioningAnswer, type ProvisioningOrder } from '../core/role-provisioning';
import { callAws } from './aws-request';
import { answering, lambdaWorld, nameOf, type AnsweringWorld, type LambdaContext, type Turn } from './custom-resource';
import { isRollingBack, type StackWorld } from './rollback';

/** What the function does: it asks another function, and reads the status of its own stack. */
export interface World extends AnsweringWorld, StackWorld {
  /** Runs a function to its end: the status, whether the function itself failed, and what it returned. */
  readonly invoke: (functionArn: string, payload: string, signal: AbortSignal) => Promise<Invocation>;
}

export interface Invocation {
  readonly status: number;
  /** The function ended with an error instead of a result. */
  readonly failed: boolean;
  readonly payload: string;
}

/**
 * The function behind `DatabaseRoles` that CloudFormation calls. It stands outside of any network, since CloudFormation is
 * answered on the Internet, and holds no secret. The function that does hold one stands in production's network and can
 * reach nothing else.
 */
export function make(world: World): (event: unknown, context: LambdaContext) => Promise<void> {
  return answering(world, async (request, turn) => {
    const read = readOrder(request);
    if ('wrong' in read) return { do: 'fail', because: `the function was called with wrong properties: ${read.wrong.join('; ')}` };
    const answer = await ask(read.provisioner, read.order, world, turn);
    const outcome = await outcomeOf(request, read.order, answer, world, turn);
    world.log({
      level: answer.did === 'all' ? 'info' : 'error', event: 'roles', work: read.order.do, answer: outcome.do, ...answer,
    });
    return outcome;
  }, 'undoes-work');
}

/** Kept for answering after the other function's time is up. */
const MARGIN_MS = 5_000;
const PAUSE_MS = 3_000;

/** Asks until there is a result. A function in a network that nobody called for weeks has to be woken up first. */
async function ask(provisioner: string, order: ProvisioningOrder, world: World, turn: Turn): Promise<ProvisioningAnswer> {
  for (;;) {
    const attempt = await tryOnce(provisioner, order, world, turn);
    if ('answer' in attempt) return attempt.answer;
    if (turn.remainingMilliseconds() < PAUSE_MS + MARGIN_MS) return { did: 'nothing', because: attempt.again };
    world.log({ level: 'warn', event: 'asking again', because: attempt.again });
    await world.pause(PAUSE_MS, turn.signal);
  }
}

type Attempt = { readonly answer: ProvisioningAnswer } | { readonly again: string };

async function tryOnce(provisioner: string, order: ProvisioningOrder, world: World, turn: Turn): Promise<Attempt> {
  let invocation: Invocation;
  try {
    invocation = await world.invoke(provisioner, JSON.stringify(order), turn.signal);
  } catch (error) {
    return { again: `the function in production's network could not be asked (${nameOf(error)})` };
  }
  const { status, failed, payload } = invocation;
  if (status === 409 || status === 429 || status >= 500) return { again: `the function in production's network is not ready (HTTP ${status})` };
  if (status !== 200) return { answer: { did: 'nothing', because: `Lambda refused to run the function in production's network (HTTP ${status})` } };
  const result = failed ? undefined : parsed(payload);
  if (isAnswer(result)) return { answer: result };
  // What a failed function returns may repeat anything.
  return { answer: { did: 'some', because: "the function in production's network ended without a result; its log says why" } };
}

async function outcomeOf(
  request: CustomResourceRequest, order: ProvisioningOrder, answer: ProvisioningAnswer, world: World, turn: Turn,
): Promise<Outcome> {
  if (answer.did === 'all') {
    const changes = answer.databases.reduce((sum, each) => sum + each.changes, 0);
    return { do: 'succeed', data: { Changes: String(changes), Findings: renderFindings(answer.databases) } };
  }
  // A failure would leave the stack in UPDATE_ROLLBACK_FAILED and take nothing back; the next deployment comes here again.
  if (await isRollingBack(request, world, turn)) return { do: 'succeed', data: { Changes: 'unknown', Findings: answer.because } };
  const kept = answer.did === 'nothing' ? 'Nothing was changed.' : 'Part of it may have been done; deploying again does the rest.';
  return { do: 'fail', because: `The database roles of agents on ${order.host} were not set up: ${answer.because}. ${kept}` };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The AWS side of the world: two calls of two services. The ARNs name the Region. */
export function awsWorld(now: () => Date): Pick<World, 'invoke' | 'cloudFormation'> {
  return {
    invoke: async (functionArn, payload, signal) => {
      const answer = await callAws({
        ...placeOf(functionArn),
        path: `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
        headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'RequestResponse' },
        body: payload,
      }, now(), signal);
      return { status: answer.status, failed: answer.header('x-amz-function-error') !== undefined, payload: answer.body };
    },
    cloudFormation: {
      describeStacks: async ({ StackName }, signal) => {
        const answer = await callAws({
          ...placeOf(StackName),
          path: '/',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName }).toString(),
        }, now(), signal);
        if (answer.status !== 200) throw Object.assign(new Error('DescribeStacks was refused'), { code: `HTTP ${answer.status}` });
        return { Stacks: [{ StackStatus: /<StackStatus>([A-Z_]+)<\/StackStatus>/.exec(answer.body)?.[1] }] };
      },
    },
  };
}

function placeOf(arn: string): { readonly service: string; readonly region: string; readonly host: string } {
  const [, partition = '', service = '', region = ''] = arn.split(':');
  return { service, region, host: `${service}.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}` };
}

export const handler = make({ ...lambdaWorld, ...awsWorld(lambdaWorld.now) });
