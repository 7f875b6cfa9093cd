import { isRollback, type CustomResourceRequest } from '../core/custom-resource';
import { nameOf, type AnsweringWorld, type Turn } from './custom-resource';

/** Reads the status of the function's own stack. */
export interface StackWorld {
  readonly cloudFormation: {
    readonly describeStacks: (
      input: { StackName: string }, signal: AbortSignal,
    ) => Promise<{ Stacks?: readonly { StackStatus?: string }[] }>;
  };
}

/** CloudFormation undoes a failed update with another update. Where that cannot be read, nothing is being undone. */
export async function isRollingBack(request: CustomResourceRequest, world: StackWorld & Pick<AnsweringWorld, 'log'>, turn: Turn): Promise<boolean> {
  if (request.RequestType !== 'Update') return false;
  try {
    const answer = await world.cloudFormation.describeStacks({ StackName: request.StackId }, turn.signal);
    return isRollback(answer.Stacks?.[0]?.StackStatus);
  } catch (error) {
    world.log({ level: 'warn', event: 'stack status unknown', error: nameOf(error) });
    return false;
  }
}
