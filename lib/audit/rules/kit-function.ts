import { is, property, shown, unless } from '../look';
import type { Finding, Resource } from '../model';

/** What shows that a function of the kit does not run what the kit bundled. Whose bundle it is, no template tells. */
export function functionProblems(rule: string, called: Resource, what: string): Finding[] {
  const fix = 'leave the function as the construct makes it';
  return [
    ...unless(is(property(called, 'Handler'), 'index.handler'), { rule, subject: called, because: `the function ${what} starts ${shown(property(called, 'Handler'))} and not its handler`, fix }),
    ...unless(property(called, 'Code', 'ZipFile') === undefined, { rule, subject: called, because: `the function ${what} runs code that is written in the template (ZipFile of ${called.logicalId}) and not its bundle`, fix }),
  ];
}
