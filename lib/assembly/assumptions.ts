import type { Assumption, Resource } from '../audit/model';
import type { StackWorld } from './stack-world';

/** What cannot be known of a stack: what macros add, and nested stacks whose template is not there. */
export function stackAssumptions(stack: StackWorld): Assumption[] {
  const { id, file, template, nested } = stack.placed;
  const macros = template.transforms.filter((name) => name !== 'AWS::LanguageExtensions');
  const missing = [...nested].flatMap(([logicalId, child]) => ('missing' in child && stack.present(logicalId) ? [{ logicalId, why: child.missing }] : []));
  return [
    ...macros.map((name): Assumption => ({
      what: `the transform ${name} changes the template in a way that only CloudFormation knows; audit what it makes (aws cloudformation get-template --template-stage Processed)`,
      subject: id, path: file, affects: 'everything',
    })),
    ...missing.map(({ logicalId, why }): Assumption => ({
      what: `the nested stack ${logicalId} is not read: ${why}`, subject: `${id}.${logicalId}`, path: file, affects: 'everything',
    })),
  ];
}

/** Custom resources whose effect is known, when the function behind them is one of the assembly. */
const KNOWN_EFFECTS = new Set([
  'Custom::ProductionCheck', 'Custom::DatabaseRoles', 'Custom::VpcRestrictDefaultSG', 'Custom::LogRetention', 'Custom::S3BucketNotifications', 'Custom::CDKBucketDeployment',
]);

/** What deploys templates or code that are not in the assembly, with permissions of their own. */
const MAKES_OTHERS = new Set([
  'AWS::CloudFormation::StackSet', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct',
]);

/** What cannot be known of a resource: what a custom resource, a module or a type of somebody else's does. `functions` are the ARNs of the assembly's own. */
export function resourceAssumptions({ id, path, type, properties }: Resource, functions: ReadonlySet<string>): Assumption[] {
  if (type.endsWith('::MODULE')) return [{ what: `what the module ${type} contains`, subject: id, path, affects: 'everything' }];
  if (MAKES_OTHERS.has(type)) return [{ what: `what ${type} deploys`, subject: id, path, affects: 'everything' }];
  if (/^(AWS|Alexa)::/.test(type) && !/^AWS::CloudFormation::(CustomResource|Macro)$/.test(type)) return [];
  if (!type.startsWith('Custom::') && !type.startsWith('AWS::')) return [{ what: `what a resource of the type ${type}, which is not AWS's, does`, subject: id, path, affects: 'everything' }];
  const here = typeof properties.ServiceToken === 'string' && functions.has(properties.ServiceToken);
  return [{ what: `what the custom resource ${type} does`, subject: id, path, affects: KNOWN_EFFECTS.has(type) && here ? 'note' : 'everything' }];
}
