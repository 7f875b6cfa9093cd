import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessLevel, actionsOf, allActions, allServices } from '../../../lib/audit/data/actions';
import { actionList } from '../../../scripts/audit-data';

test('the list of actions is that of the data package (run `node --import tsx scripts/audit-data.ts` after updating it)', async () => {
  const written = readFileSync(join(__dirname, '..', '..', '..', 'lib', 'audit', 'data', 'action-list.ts'), 'utf8');
  expect(written === await actionList()).toBe(true);
});

test('every action of AWS is in it, with its access level', () => {
  expect(allServices().length).toBeGreaterThan(400);
  expect(allActions().length).toBeGreaterThan(20_000);
  expect(actionsOf('rds-db')).toEqual(['rds-db:connect']);
  expect([accessLevel('rds:DeleteDBInstance'), accessLevel('rds:DescribeDBInstances'), accessLevel('s3:GetObject'), accessLevel('iam:PassRole'), accessLevel('rds:AddTagsToResource')])
    .toEqual(['Write', 'List', 'Read', 'Write', 'Tagging']);
  expect(allActions().filter((action) => accessLevel(action) === undefined)).toEqual([]);
});

test('what AWS does not have is not in it', () => {
  expect([actionsOf('nothing'), actionsOf('constructor'), accessLevel('rds:Nothing'), accessLevel('rds'), accessLevel('')])
    .toEqual([[], [], undefined, undefined, undefined]);
});
