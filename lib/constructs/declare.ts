import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { GUARANTEES, METADATA_KEY, type Declaration } from '../core/guarantees';

/**
 * Writes what a construct guarantees into the `Metadata` section of its template (see `Declaration`).
 * Resources of the template are given by logical id: `stack.getLogicalId(resource)`.
 */
export function declare(scope: IConstruct, declaration: Omit<Declaration, 'path' | 'construct'>): void {
  const { construct } = GUARANTEES.find((guarantee) => guarantee.id === declaration.guarantee)!;
  const options = Stack.of(scope).templateOptions;
  options.metadata ??= {};
  const declarations = (options.metadata[METADATA_KEY] ??= []) as Declaration[];
  declarations.push({ ...declaration, construct, path: scope.node.path });
}
