import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { nextLook, type Sight } from '../core/production-check/check';
import { readExpected } from '../core/production-check/properties';
import { answerTo } from '../core/production-check/report';
import type { Expected, Report, SeenInstance } from '../core/production-check/types';
import { answering, lambdaWorld, nameOf, type AnsweringWorld, type LambdaContext, type Turn } from './custom-resource';
import { isRollingBack, type StackWorld } from './rollback';

/** What the check does to AWS: it reads one instance and the status of its own stack. */
export interface World extends AnsweringWorld, StackWorld {
  readonly rds: {
    readonly describeDBInstances: (
      input: { DBInstanceIdentifier: string }, signal: AbortSignal,
    ) => Promise<{ DBInstances?: readonly SeenInstance[] }>;
  };
}

/** The function behind `ProductionCheck`: every deployment that changes the stack calls it. */
export function make(world: World): (event: unknown, context: LambdaContext) => Promise<void> {
  return answering(world, async (request, turn) => {
    const read = readExpected(request.ResourceProperties);
    if ('wrong' in read) return { do: 'fail', because: `the check was called with wrong properties: ${read.wrong.join('; ')}` };
    const report = await reportOn(read.expected, world, turn);
    const outcome = answerTo(read.expected, report, {
      // Asked for only where it decides something.
      isRollingBack: report.verdict === 'fail' && (await isRollingBack(request, world, turn)),
      place: { logGroup: turn.context.logGroupName, isNewStack: request.RequestType === 'Create' },
      checkedAt: world.now(),
    });
    world.log({
      level: report.verdict === 'pass' ? 'info' : 'error', event: 'checked', instance: read.expected.identifier,
      verdict: report.verdict, answer: outcome.do, missing: report.missing, warnings: report.warnings,
    });
    return outcome;
  });
}

async function reportOn(expected: Expected, world: World, turn: Turn): Promise<Report> {
  const started = world.now().getTime();
  for (;;) {
    const sight = await look(expected, world, turn);
    const now = world.now();
    const next = nextLook(expected, sight, {
      now, waitedSeconds: (now.getTime() - started) / 1000, remainingSeconds: turn.remainingMilliseconds() / 1000,
    });
    if (next.do === 'report') return next.report;
    await world.pause(next.afterSeconds * 1000, turn.signal);
  }
}

async function look(expected: Expected, world: World, turn: Turn): Promise<Sight> {
  try {
    const answer = await world.rds.describeDBInstances({ DBInstanceIdentifier: expected.identifier }, turn.signal);
    return { kind: 'instances', instances: answer.DBInstances ?? [] };
  } catch (error) {
    return { kind: 'failure', failure: { name: nameOf(error), message: error instanceof Error ? error.message : '' } };
  }
}

/** The AWS side of the world. The SDK repeats what was throttled or lost on the way before it gives up. */
export function awsWorld(rds: RDSClient, cloudFormation: CloudFormationClient): Pick<World, 'rds' | 'cloudFormation'> {
  return {
    rds: { describeDBInstances: (input, abortSignal) => rds.send(new DescribeDBInstancesCommand(input), { abortSignal }) },
    cloudFormation: { describeStacks: (input, abortSignal) => cloudFormation.send(new DescribeStacksCommand(input), { abortSignal }) },
  };
}

const client = { maxAttempts: 6, requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true } };

export const handler = make({ ...lambdaWorld, ...awsWorld(new RDSClient(client), new CloudFormationClient(client)) });
