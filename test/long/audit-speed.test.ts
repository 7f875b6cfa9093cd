import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from '../../lib/assembly/read-assembly';
import { audit } from '../../lib/audit/audit';
import { folderOf } from '../assembly/fixture';
import { synthesized } from '../audit/network/demo';
import { filledUp, graph, PLACE, SHAPES, type Sized } from '../audit/sized-templates';

const file = join(folderOf({}), 'Sized.template.json');
const NOBODY = { agents: [], production: [], approvers: [] };

/** Milliseconds of the processor that something takes, the fewest of several runs: other work on the machine hardly counts then. */
function fewest(runs: number, work: () => unknown): number {
  return Math.min(...Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }));
}

/** What reading and auditing takes. */
function cost({ template, subjects }: Sized, runs: number): number {
  writeFileSync(file, JSON.stringify(template));
  return fewest(runs, () => {
    const read = readAssembly(file, PLACE);
    if (read.do === 'refuse') throw new Error(read.problems.join('\n'));
    const outcome = audit(read.worlds, { subjects, today: '2026-11-20' });
    if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
  });
}

/** What it takes at least to know what is in a template. */
function floor(template: unknown): number {
  const text = JSON.stringify(template);
  const walk = (value: unknown): number => (typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((count, inside) => count + walk(inside), 1) : 1);
  return fewest(5, () => Array.from({ length: 10 }, () => walk(JSON.parse(text)))) / 10;
}

const demo = synthesized('demo');

test('the demo is audited in at most two hundred times what parsing it takes', () => {
  // The goal is 5 ms for 30 KB, twenty times the floor once everything is compiled.
  expect(cost({ template: demo, subjects: NOBODY }, 8) / floor(demo)).toBeLessThan(200);
});

test('a template of 500 resources takes no more for each than one of 200', () => {
  const per = (template: Sized['template']) => cost({ template, subjects: NOBODY }, 5) / Object.keys(template.Resources).length;
  expect(per(filledUp(demo, 500)) / per(demo)).toBeLessThan(2);
});

test.each(Object.keys(SHAPES))('%s: twice as many take less than three times as long', (shape) => {
  const [few, many] = [graph(shape, 400), graph(shape, 1600)];
  // Two doublings: n log n is 4.9 times, a quadratic one 16.
  expect(cost(many, 1) / cost(few, 3)).toBeLessThan(9);
});
