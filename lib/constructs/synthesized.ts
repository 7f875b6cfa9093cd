import { Stack, type CfnResource } from 'aws-cdk-lib';

/**
 * What a resource's properties will be in the template, with everything that Aspects and overrides made of them, as JSON.
 *
 * There is no public way to ask: a property of the L1 does not show `addPropertyOverride`. CDK renders a resource with
 * `_toCloudFormation`, which is internal to it; should it be gone, this answers `undefined`, and nothing is known.
 */
export function synthesizedProperties(resource: CfnResource): Readonly<Record<string, unknown>> | undefined {
  const renderable: { _toCloudFormation?: () => object } = resource;
  if (typeof renderable._toCloudFormation !== 'function') return undefined;
  const { Resources = {} } = Stack.of(resource).resolve(renderable._toCloudFormation()) as { Resources?: Record<string, { Properties?: object }> };
  const [rendered] = Object.values(Resources);
  return rendered && { ...rendered.Properties };
}
