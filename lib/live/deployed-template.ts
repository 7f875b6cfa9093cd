import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly, type World as TemplateWorld } from '../assembly/read-assembly';
import { allResources, type DeployedStack } from './deployed-stack';

export type TemplateRead = { readonly do: 'read'; readonly world: TemplateWorld } | { readonly do: 'refuse'; readonly problems: readonly string[] };

/** What the template of a deployed stack says, read as any other template is. It is written to a folder of its own, for that long. */
export function deployedTemplate(stack: DeployedStack): TemplateRead {
  const folder = mkdtempSync(join(tmpdir(), 'dbguard-live-'));
  try {
    write(stack, folder);
    const read = readAssembly(join(folder, fileOf(stack)), { parameters: stack.parameters, account: stack.account, region: stack.region });
    if (read.do === 'refuse') return { do: 'refuse', problems: read.problems.map((problem) => `the deployed template ${problem}`) };
    // Conditions that are open for a reader were decided by the deployment: the world is the one with the resources that exist.
    const deployed = new Set(allResources(stack).map(({ id }) => id));
    const missed = ({ assembly }: TemplateWorld) => assembly.resources.filter(({ id }) => !deployed.has(id)).length
      + [...deployed].filter((id) => !assembly.resources.some((resource) => resource.id === id)).length;
    return { do: 'read', world: [...read.worlds].sort((one, other) => missed(one) - missed(other))[0]! };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fileOf = ({ id }: DeployedStack): string => `${id.replaceAll('/', '.')}.template.json`;

function write(stack: DeployedStack, folder: string): void {
  writeFileSync(join(folder, fileOf(stack)), stack.nested.length === 0 ? stack.template : withNested(stack));
  for (const { stack: nested } of stack.nested) write(nested, folder);
}

/** The template with the file of each nested stack, which is how the reader finds them. One in YAML is left: its nested stacks are assumptions. */
function withNested({ template, nested }: DeployedStack): string {
  try {
    const parsed = JSON.parse(template) as { Resources: Record<string, { Metadata?: object }> };
    for (const { logicalId, stack } of nested) {
      const resource = parsed.Resources[logicalId];
      if (resource) resource.Metadata = { ...resource.Metadata, 'aws:asset:path': fileOf(stack) };
    }
    return JSON.stringify(parsed, undefined, 1);
  } catch {
    return template;
  }
}
