import { mkdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { World } from '../audit/audit';
import type { Difference } from '../audit/differences';
import type { Assembly, Report, Resource } from '../audit/model';
import { renderHtml } from '../audit/render-html';
import { renderJson } from '../audit/render-json';
import { renderSarif } from '../audit/render-sarif';
import { renderText } from '../audit/render-text';
import { subjectsOf, type NamedSubjects } from '../audit/subjects';
import { headline, tally } from '../audit/wording';
import type { AuditRequest, Format } from './audit-options';
import { painter, type Terminal } from './terminal';

const NOBODY = { agents: [], production: [], approvers: [] };

const ENDINGS: Readonly<Record<Format, string>> = { text: 'txt', json: 'json', sarif: 'sarif', html: 'html' };

export interface Publication {
  readonly report: Report;
  readonly worlds: readonly World[];
  readonly subjects: NamedSubjects;
  /** What was audited, e.g. `cdk.out`. */
  readonly what: string;
  /** Between the account and its template, if the account was audited. */
  readonly differences?: readonly Difference[];
}

/** Writes a report in every format that was asked for. */
export function publish({ report, worlds, subjects, what, differences }: Publication, { formats, output }: Pick<AuditRequest, 'formats' | 'output'>, terminal: Terminal, { version, today }: { readonly version: string; readonly today: string }): void {
  const [first] = worlds;
  const assembly = first?.assembly;
  const found = assembly && subjectsOf(assembly, subjects);
  const document = (format: Format): string => {
    switch (format) {
      case 'json': return renderJson(report, differences);
      case 'sarif': return renderSarif(report, { resources: worlds.flatMap((world) => located(world.assembly, terminal.folder)), version });
      case 'html': return renderHtml(report, {
        what, today, assembly, differences, subjects: found?.do === 'found' ? found.subjects : NOBODY,
      });
      case 'text': return renderText(report, {
        what, differences, width: Math.min(terminal.out.columns ?? 100, 120),
        paint: output === undefined ? painter(terminal.out, terminal.environment) : (_, text) => text,
      });
    }
  };
  if (output === undefined) {
    for (const format of formats) terminal.out.write(document(format));
    return;
  }
  const folder = resolve(terminal.folder, output);
  const files = formats.length === 1 ? [[formats[0]!, folder] as const] : formats.map((format) => [format, join(folder, `audit.${ENDINGS[format]}`)] as const);
  if (formats.length > 1) mkdirSync(folder, { recursive: true });
  for (const [format, file] of files) writeFileSync(file, document(format));
  terminal.out.write(`${headline(report)} (${tally(report)}); written to ${files.map(([, file]) => file).join(', ')}\n`);
}

/** Files by the path from the folder of the command, which is how a code review finds them in the checkout. */
function located({ resources }: Assembly, folder: string): readonly Resource[] {
  return resources.map((resource) => {
    const { source } = resource;
    const file = source && isAbsolute(source.file) ? relative(folder, source.file) : undefined;
    return file === undefined || file.startsWith('..') ? resource : { ...resource, source: { ...source!, file } };
  });
}
