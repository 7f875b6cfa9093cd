import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
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

/**
 * A value as a declaration writes it: text that is known, or with `{LogicalId.Attribute}` of what the same template makes.
 * Without the dollar of `Fn::Sub`, which linters take for a substitution that was forgotten.
 * CloudFormation resolves nothing in `Metadata`, and CDK prepares no reference to another stack there, so that is left out.
 */
export function declaredValue(scope: IConstruct, text: string | undefined): string | undefined {
  if (text === undefined || !Token.isUnresolved(text)) return text;
  const elsewhere = Tokenization.reverseString(text).tokens.some((token) => Reference.isReference(token) && Stack.of(token.target) !== Stack.of(scope));
  return elsewhere ? undefined : asSubstitution(Stack.of(scope).resolve(text));
}

function asSubstitution(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return `{${Ref}}`;
  if (attribute !== undefined) return `{${attribute.join('.')}}`;
  const parts = join?.[1].map(asSubstitution);
  return parts === undefined || parts.includes(undefined) ? undefined : parts.join(join![0]);
}
