import type { Text } from './model';
import { parts } from './text';

/** The six components of an ARN (the last may have colons of its own), or undefined if a text has fewer. */
export function splitArn(text: Text): readonly [Text, Text, Text, Text, Text, Text] | undefined {
  if (!text.includes('\uE000')) return sixOf(text.split(':'));
  const components = [''];
  for (const part of parts(text)) {
    const [first, ...rest] = part.startsWith('\uE000') ? [part] : part.split(':');
    components[components.length - 1] += first!;
    components.push(...rest);
  }
  return sixOf(components);
}

function sixOf(components: readonly Text[]): readonly [Text, Text, Text, Text, Text, Text] | undefined {
  if (components.length < 6 || components[0] !== 'arn') return undefined;
  const [prefix, partition, service, region, account] = components as [Text, Text, Text, Text, Text];
  return [prefix, partition, service, region, account, components.slice(5).join(':')];
}
