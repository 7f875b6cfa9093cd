/** The longest that AWS spells what a template leaves open, in characters. */
const OPEN: Readonly<Record<string, number>> = {
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-southeast-1'.length,
  'AWS::AccountId': 12,
};

/** For references to resources: a resource id of a database has 29 characters, an id of an instance 19. */
const REFERENCE = 64;

/**
 * About how many characters a policy of a template will have when CloudFormation has filled in what it leaves open,
 * counted as IAM does: without white space.
 */
export function resolvedCharacters(value: unknown): number {
  return JSON.stringify(filled(value)).replace(/\s/g, '').length;
}

function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && key === 'Ref') return 'x'.repeat(OPEN[String(argument)] ?? REFERENCE);
  if (others.length === 0 && key === 'Fn::Join' && Array.isArray(argument)) {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(filled).join(separator);
  }
  if (others.length === 0 && key.startsWith('Fn::')) return 'x'.repeat(REFERENCE);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner)]));
}
