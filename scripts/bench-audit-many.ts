/** Audits one template many times in this process, each time with other names, and says how much memory stays. For bench-audit.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { audited } from './bench-audit-templates';

const [file, own, subjects, stops] = process.argv.slice(2) as [string, string, string, string];
const text = readFileSync(file, 'utf8');
const ids = new RegExp(`"(${Object.keys((JSON.parse(text) as { Resources: object }).Resources).join('|')})"`, 'g');
const named = JSON.parse(subjects) as Record<'agents' | 'production' | 'approvers', string[]>;
const heap: number[] = [];
let spent = 0;
let done = 0;
for (const stop of stops.split(',').map(Number)) {
  for (; done < stop; done += 1) {
    // What is remembered by name, and not with what it belongs to, would grow.
    writeFileSync(own, text.replace(ids, `"$1N${done}"`));
    const renamed = (names: string[]) => names.map((name) => `${name}N${done}`);
    const start = performance.now();
    audited(own, { agents: renamed(named.agents), production: renamed(named.production), approvers: [] });
    spent += performance.now() - start;
  }
  globalThis.gc!();
  heap.push(process.memoryUsage().heapUsed);
}
process.stdout.write(JSON.stringify({ heap, spent }));
