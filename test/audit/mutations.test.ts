import { BACKUPS } from './damages/backups';
import { BACKUP_CHAINS, CHAINS, RECORD_CHAINS } from './damages/chains';
import { CONTROL_PLANE } from './damages/control-plane';
import type { Damage } from './damages/damage';
import { DECLARATIONS } from './damages/declarations';
import { Demo, report, worlds } from './damages/demo';
import { LOG } from './damages/log';
import { APPROVERS, DELETERS } from './damages/people';
import { PRODUCTION } from './damages/production';
import { REPLICA } from './damages/replica';
import { RETAINED } from './damages/retained';
import { DATABASE_ROLES } from './damages/roles';
import { ROUTES } from './damages/routes';
import { STAGING } from './damages/staging';
import { UPDATES } from './damages/updates';

/** Every protection of the demo, damaged one at a time. */
const DAMAGES: readonly Damage[] = [
  ...REPLICA, ...DATABASE_ROLES, ...ROUTES, ...CONTROL_PLANE, ...CHAINS, ...STAGING, ...PRODUCTION, ...BACKUPS, ...BACKUP_CHAINS, ...LOG, ...RECORD_CHAINS, ...APPROVERS, ...DELETERS, ...DECLARATIONS,
  ...RETAINED, ...UPDATES,
];

const deployed = worlds(new Demo().template)[0]!.assembly;

test('before it is damaged the demo passes, also over itself, and every rule about it has something to say', () => {
  const { verdict, findings, rules } = report(new Demo().template, { deployed });
  expect([verdict, findings]).toEqual(['pass', []]);
  expect([...new Set(DAMAGES.map(({ rule }) => rule))].sort()).toEqual(rules.map(({ id }) => id).sort());
});

test('no damage is there twice', () => {
  const titles = DAMAGES.map(({ rule, what }) => `${rule}: ${what}`);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  expect(DAMAGES.length).toBeGreaterThanOrEqual(160);
});

test.each(DAMAGES.map((damage) => [`${damage.rule}: ${damage.what}`, damage] as const))('%s', (_, { rule, names, damage, verdict }) => {
  const demo = new Demo();
  damage(demo);
  const { findings } = report(demo.template, rule === 'updates-keep-stateful-resources' ? { deployed } : {});
  const said = findings.filter((finding) => finding.rule === rule)
    .map(({ because, steps, ...finding }) => `${finding.verdict}: ${because}\n${steps.map(({ from, to, by, source }) => [from, to, by, source].join(' ')).join('\n')}`);
  const caught = said.some((text) => text.startsWith(`${verdict}: `) && names.test(text.slice(verdict.length + 2)));
  expect(caught ? [] : [String(names), ...said]).toEqual([]);
});
