import type { Assembly, Resource, StackDeclaration, Value } from '../../../lib/audit/model';
import { generated, pseudo, unknown } from '../../../lib/audit/text';
import { METADATA_KEY, type Declaration } from '../../../lib/core/guarantees';

export interface WrittenResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Written {
  readonly Resources: Readonly<Record<string, WrittenResource>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** An assembly of one stack as a template has it. References become symbols, functions that are not resolved here unknown. */
export function written(template: Written, stack = 'Stack'): Assembly {
  const resources = Object.entries(template.Resources).map(([logicalId, { Type: type, Properties, Metadata }]): Resource => ({
    id: `${stack}.${logicalId}`,
    stack,
    logicalId,
    type,
    path: (Metadata?.['aws:cdk:path'] as string) ?? logicalId,
    properties: resolved(Properties ?? {}) as Resource['properties'],
    deletionPolicy: undefined,
    updateReplacePolicy: undefined,
    source: undefined,
  }));
  const declarations = ((template.Metadata?.[METADATA_KEY] ?? []) as Declaration[]).map((declaration): StackDeclaration => ({ ...declaration, stack }));
  const facts = { id: stack, file: `${stack}.template.json`, account: pseudo('AWS::AccountId'), region: pseudo('AWS::Region'), partition: pseudo('AWS::Partition') };
  return { stacks: [facts], resources, declarations, acknowledgements: [], assumptions: [] };

  function resolved(value: unknown): Value {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value as Value;
    const [[key, argument] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && key === 'Ref') {
      const name = argument as string;
      if (name.startsWith('AWS::')) return pseudo(name);
      const own = template.Resources[name];
      if (!own) return unknown(`parameter ${name}`);
      const given = own.Properties?.[NAMES[own.Type] ?? ''];
      return typeof given === 'string' ? given : generated(`${stack}.${name}`, 'Ref');
    }
    if (more.length === 0 && key === 'Fn::GetAtt') {
      const [name, ...attribute] = Array.isArray(argument) ? (argument as string[]) : (argument as string).split('.');
      return generated(`${stack}.${name}`, attribute.join('.'));
    }
    if (more.length === 0 && key === 'Fn::Join') {
      const [separator, items] = argument as [string, unknown[]];
      return items.map((item) => resolved(item) as string).join(separator);
    }
    if (more.length === 0 && key.startsWith('Fn::')) return unknown(`${key} ${JSON.stringify(argument)}`);
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, resolved(entry)]));
  }
}

/** Types whose `Ref` is a name that may be given. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBProxy': 'DBProxyName',
};
