import type { Damage } from './damage';
import { Demo, report, worlds } from './demo';

const deployed = worlds(new Demo().template)[0]!.assembly;

/** What the audit says of a demo with one damage, where the rule that claims it does not name it; nothing where it does. */
export function uncaught({ rule, names, damage, verdict }: Damage): readonly string[] {
  const demo = new Demo();
  damage(demo);
  const { findings } = report(demo.template, rule === 'updates-keep-stateful-resources' ? { deployed } : {});
  const said = findings.filter((finding) => finding.rule === rule)
    .map(({ because, steps, ...finding }) => `${finding.verdict}: ${because}\n${steps.map(({ from, to, by, source }) => [from, to, by, source].join(' ')).join('\n')}`);
  const caught = said.some((text) => text.startsWith(`${verdict}: `) && names.test(text.slice(verdict.length + 2)));
  return caught ? [] : [String(names), ...said];
}
