/** Writes lib/audit/data/stateful.ts from the specification of CloudFormation: `node --import tsx scripts/audit-stateful-data.ts`. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Types that keep data, and that the specification does not count among the stateful ones. */
const KEPT = ['AWS::Backup::LogicallyAirGappedBackupVault', 'AWS::RDS::ClusterSnapshot', 'AWS::RDS::DBSnapshot'];

/** A nested stack keeps nothing itself: its resources are looked at one by one. */
const NOT_KEPT = ['AWS::CloudFormation::Stack'];

const database = loadAwsServiceSpecSync();
type ResourceType = ReturnType<typeof everyType>[number];

function everyType() {
  return [...database.all('resource')];
}

/** Names of the properties of which a change replaces the resource, or may replace it. */
function replacing(type: ResourceType, when: 'yes' | 'maybe'): string[] {
  return Object.entries(type.properties).filter(([, property]) => property.causesReplacement === when).map(([name]) => name).sort();
}

/** Types whose identity stands in a replacing property of a stateful one: replacing them replaces it. */
function referenced(types: readonly ResourceType[]): string[] {
  return types.flatMap((type) => [...replacing(type, 'yes'), ...replacing(type, 'maybe')]
    .flatMap((name) => (type.properties[name]?.relationshipRefs ?? []).map((to) => to.cloudFormationType)));
}

/** The text of lib/audit/data/stateful.ts. */
export function statefulData(): string {
  const all = everyType();
  const kept = all.filter((type) => (type.isStateful === true || KEPT.includes(type.cloudFormationType)) && !NOT_KEPT.includes(type.cloudFormationType));
  const keptNames = kept.map((type) => type.cloudFormationType);
  const names = [...new Set([...keptNames, ...referenced(kept)])].sort();
  const list = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;
  const line = (name: string) => {
    const type = all.find((candidate) => candidate.cloudFormationType === name);
    if (!type) throw new Error(`the specification has no type ${name}`);
    return `  '${name}': {\n    stateful: ${keptNames.includes(name)},\n    always: ${list(replacing(type, 'yes'))},\n    may: ${list(replacing(type, 'maybe'))},\n  },`;
  };
  return `${INTRODUCTION}${names.map(line).join('\n')}\n};\n`;
}

const INTRODUCTION = `// Written by scripts/audit-stateful-data.ts from @aws-cdk/aws-service-spec. Change that, not this.

/** What CloudFormation does to a resource of a type when one of its properties changes. */
export interface Replacement {
  /** Whether it keeps what cannot be made again. Other types are here because their identity stands in a property of one that does. */
  readonly stateful: boolean;
  /** A change of these makes a new resource in place of the old one. */
  readonly always: readonly string[];
  /** A change of these may, depending on values or on what is deployed. */
  readonly may: readonly string[];
}

/** By resource type. */
export const REPLACEMENT: { readonly [type: string]: Replacement | undefined } = {
`;

if (require.main === module) writeFileSync(join(__dirname, '..', 'lib', 'audit', 'data', 'stateful.ts'), statefulData());
