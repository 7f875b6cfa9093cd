import type { Raw, Template } from './template';

/** A resource that CDK adds for its own statistics. It does nothing, and its condition compares some thirty Regions. */
export const WITHOUT_EFFECT = 'AWS::CDK::Metadata';

const memo = new WeakMap<Template, readonly string[]>();

/** The conditions that resources, their values and outputs depend on, in the order of the template. */
export function usedConditions(template: Template): readonly string[] {
  const known = memo.get(template);
  if (known) return known;
  const used = new Set<string>();
  const add = (name: string | undefined): unknown => name !== undefined && template.conditions.has(name) && used.add(name);
  const open: unknown[] = [];
  for (const { type, condition, properties, deletionPolicy, updateReplacePolicy } of template.resources.values()) {
    if (type === WITHOUT_EFFECT) continue;
    add(condition);
    open.push(properties, deletionPolicy, updateReplacePolicy);
  }
  for (const { condition, value, exportName } of template.outputs.values()) {
    add(condition);
    open.push(value, exportName);
  }
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const list: unknown = Array.isArray(value) ? undefined : (value as { readonly [key: string]: Raw })['Fn::If'];
    if (Array.isArray(list) && typeof list[0] === 'string') add(list[0]);
    for (const inner of Object.values(value)) if (typeof inner === 'object') open.push(inner);
  }
  const inOrder = [...template.conditions.keys()].filter((name) => used.has(name));
  memo.set(template, inOrder);
  return inOrder;
}
