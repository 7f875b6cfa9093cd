import { Reference, Token, Tokenization } from 'aws-cdk-lib';

/** Whether two values are the same when deployed: the same text, or the same attribute of the same resource of this app. */
export function sameValue(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [referenceOf(one), referenceOf(other)];
  return a !== undefined && b !== undefined && a.target === b.target && a.displayName === b.displayName;
}

/** The attribute of a resource that a value stands for, when it stands for nothing else. */
export function referenceOf(value: string): Reference | undefined {
  if (!Token.isUnresolved(value)) return undefined;
  const token = Tokenization.reverse(value, { failConcat: false });
  return Reference.isReference(token) ? token : undefined;
}
