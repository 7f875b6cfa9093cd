import { BACKUPS } from './damages/backups';
import { BACKUP_CHAINS, CHAINS, RECORD_CHAINS } from './damages/chains';
import { CONTROL_PLANE } from './damages/control-plane';
import { report, Demo } from './damages/demo';
import { LOG } from './damages/log';
import { APPROVERS, DELETERS } from './damages/people';
import { PRODUCTION } from './damages/production';
import { REPLICA } from './damages/replica';
import { DATABASE_ROLES } from './damages/roles';
import { ROUTES } from './damages/routes';
import { STAGING } from './damages/staging';
import type { Damage } from './damages/damage';

const DAMAGES: readonly Damage[] = [...REPLICA, ...DATABASE_ROLES, ...ROUTES, ...STAGING, ...PRODUCTION, ...BACKUPS, ...LOG, ...CONTROL_PLANE, ...CHAINS, ...BACKUP_CHAINS, ...RECORD_CHAINS, ...APPROVERS, ...DELETERS];

test.each(DAMAGES.map((damage) => [`${damage.rule}: ${damage.what}`, damage] as const))('%s', (_, { rule, names, damage, verdict }) => {
  const demo = new Demo();
  damage(demo);
  const found = report(demo.template).findings.filter((finding) => finding.rule === rule);
  const said = found.map(({ because, steps, ...finding }) => `${finding.verdict}: ${because}\n${steps.map(({ from, to, by, source }) => [from, to, by, source].join(' ')).join('\n')}`);
  const caught = said.some((text) => text.startsWith(`${verdict}: `) && names.test(text.slice(verdict.length + 2)));
  expect(caught ? [] : [String(names), ...said]).toEqual([]);
});
