import type { Answer, Asking } from './asking';

/** A stack as CloudFormation knows it, with the stacks inside it. */
export interface DeployedStack {
  /** Of `StackFacts`: the stack's name, followed by the logical ids of nested stacks, joined with `/`. */
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly template: string;
  /** Values of parameters, but for those that are hidden. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
  readonly nested: readonly { readonly logicalId: string; readonly stack: DeployedStack }[];
}

export interface DeployedResource {
  /** As in `Resource`. */
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

export type StackFound = { readonly do: 'found'; readonly stack: DeployedStack } | { readonly do: 'refuse'; readonly because: string };

/** Deeper than CloudFormation nests in practice. */
const NESTING = 10;

export async function deployedStack(asking: Asking, name: string, id = name, depth = 0): Promise<StackFound> {
  const described = await asking.ask('cloudformation:DescribeStacks', { StackName: name });
  const [stack] = described.do === 'seen' ? described.output.Stacks ?? [] : [];
  if (described.do === 'unseen' && !described.why.endsWith('ValidationError')) return refuse(described, `the stack ${name}`);
  const [, partition, , region, account] = (stack?.StackId ?? '').split(':');
  if (!stack?.StackId || !partition || !region || !account) {
    return { do: 'refuse', because: `there is no stack ${name} in this account and Region: deploy it, name another with --stack, or log in to its account and set AWS_REGION` };
  }
  const [template, resources] = await Promise.all([
    asking.ask('cloudformation:GetTemplate', { StackName: stack.StackId, TemplateStage: 'Processed' }),
    asking.all('cloudformation:ListStackResources', { StackName: stack.StackId }, (page) => page.StackResourceSummaries, ({ NextToken }) => NextToken ? { NextToken } : undefined),
  ]);
  if (template.do !== 'seen') return refuse(template, `the template of ${name}`);
  if (resources.do !== 'seen') return refuse(resources, `the resources of ${name}`);
  const found = resources.output.flatMap(({ LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus }) =>
    LogicalResourceId && PhysicalResourceId && ResourceType && ResourceStatus !== 'DELETE_COMPLETE'
      ? [{ id: `${id}.${LogicalResourceId}`, logicalId: LogicalResourceId, physicalId: PhysicalResourceId, type: ResourceType }] : []);
  const inside = await Promise.all(found.filter(({ type }) => type === 'AWS::CloudFormation::Stack' && depth < NESTING).map(async ({ logicalId, physicalId }) =>
    ({ logicalId, nested: await deployedStack(asking, physicalId, `${id}/${logicalId}`, depth + 1) })));
  return {
    do: 'found',
    stack: {
      id, arn: stack.StackId, account, region, partition, template: template.output.TemplateBody ?? '', resources: found,
      parameters: Object.fromEntries((stack.Parameters ?? []).flatMap(({ ParameterKey, ParameterValue, ResolvedValue }) => {
        const value = ResolvedValue ?? ParameterValue;
        // CloudFormation shows a hidden parameter as asterisks.
        return ParameterKey && value !== undefined && value !== '****' ? [[ParameterKey, value]] : [];
      })),
      nested: inside.flatMap(({ logicalId, nested }) => nested.do === 'found' ? [{ logicalId, stack: nested.stack }] : []),
    },
  };
}

const refuse = (answer: Answer<unknown>, what: string): StackFound => ({
  do: 'refuse', because: `${what} cannot be read: ${answer.do === 'unseen' ? answer.why : 'it is gone'}`,
});

/** All resources of a stack and of those inside it. */
export const allResources = ({ resources, nested }: DeployedStack): readonly DeployedResource[] =>
  [...resources, ...nested.flatMap(({ stack }) => allResources(stack))];
