import { wrap } from '../core/wrap';
import { FAMILIES, LAYERS, type AttackReport, type Attack, type Column, type ColumnResult, type Family, type Layer, type Outcome } from '../sandbox/attack';
import { painter, type Paint, type Terminal } from './terminal';

const HEADINGS: Readonly<Record<Column, string>> = { replica: 'replica', staging: 'staging', primary: 'primary ¹', naive: 'blog post ²' };
const FIRST = 26;
const CELL = 15;

/** The scoreboard alone, and what was measured. */
export function renderScoreboard(report: AttackReport, terminal: Terminal): string[] {
  const paint = painter(terminal.out, terminal.environment);
  return [...scoreboard(report, paint), '', ...measured(report, paint)];
}

/** The scoreboard: attack by layer, what was measured, what succeeds and why. */
export function renderAttacks(report: AttackReport, terminal: Terminal, { list = false }: { readonly list?: boolean } = {}): string {
  const paint = painter(terminal.out, terminal.environment);
  const width = Math.min(terminal.out.columns ?? 110, 120);
  return [
    '',
    `${paint('bold', `${report.attacks.length} attacks on PostgreSQL ${report.postgres}`)}, each with the agent's own login, in ${report.seconds.toFixed(1)} s`,
    '',
    ...scoreboard(report, paint),
    '',
    ...layers(report, paint),
    '',
    ...measured(report, paint),
    '',
    ...(list ? [...everyAttack(report, width, paint), ''] : []),
    ...known(report, width, paint),
    ...blogPost(report, paint),
    ...verdict(report, width, paint),
    '',
  ].join('\n');
}

function scoreboard({ attacks, columns }: AttackReport, paint: Paint): string[] {
  const families = Object.keys(FAMILIES) as Family[];
  const line = (name: string, of: readonly Attack[], style?: 'bold') =>
    (style ? paint(style, name.padEnd(FIRST)) : name.padEnd(FIRST)) + columns.map((column) => cell(column, of, paint)).join('');
  return [
    paint('bold', 'refused'.padEnd(FIRST) + columns.map(({ column }) => HEADINGS[column].padEnd(CELL)).join('')),
    ...families.filter((name) => attacks.some(({ family }) => family === name)).map((name) => line(name, attacks.filter(({ family }) => family === name))),
    line('all', attacks, 'bold'),
    ...(columns.some(({ column }) => column === 'primary') ? [paint('dim', '¹ the read role, with network and IAM switched off')] : []),
    ...(columns.some(({ column }) => column === 'naive') ? [paint('dim', '² GRANT SELECT ON ALL TABLES, REVOKE DELETE, log_statement; on a primary, for comparison')] : []),
  ];
}

/** `✔ 30`, or `✔ 25 ○ 5` with five that are known to succeed, or `✖ 4 of 30`. */
function cell({ column, outcomes }: ColumnResult, attacks: readonly Attack[], paint: Paint): string {
  const seen = attacks.map(({ id }) => outcomes.get(id)).filter((outcome) => outcome !== undefined && outcome.result !== 'not here');
  const refused = seen.filter((outcome) => outcome.result === 'refused').length;
  const accepted = seen.filter((outcome) => outcome.result === 'succeeded' && outcome.accepted).length;
  const bad = seen.length - refused - accepted;
  if (seen.length === 0) return paint('dim', '–'.padEnd(CELL));
  const text = bad > 0 ? `✖ ${refused} of ${seen.length}` : accepted > 0 ? `✔ ${refused} ○ ${accepted}` : `✔ ${refused}`;
  return paint(bad > 0 ? (column === 'naive' ? 'yellow' : 'red') : 'green', text.padEnd(CELL));
}

function layers({ columns }: AttackReport, paint: Paint): string[] {
  const count = ({ outcomes }: ColumnResult, layer: Layer) => [...outcomes.values()].filter((outcome) => outcome.result === 'refused' && outcome.by === layer).length;
  const used = (Object.keys(LAYERS) as Layer[]).filter((layer) => columns.some((column) => count(column, layer) > 0));
  return [
    paint('bold', 'by which layer'),
    ...used.map((layer) => layer.padEnd(FIRST) + columns.map((column) => String(count(column, layer) || '·').padEnd(CELL)).join('')),
  ];
}

/**
 * Large objects that an agent added, default privileges about its own role (in a row that it may share with other roles), and that role, are told apart: no row and no
 * object of anybody else. A large object that is gone or different was somebody's.
 */
function isOwn(changes: readonly string[]): boolean {
  const defaults = changes.some((change) => change.startsWith('catalog pg_default_acl: '));
  return changes.every((change) => {
    const [, from, to] = /^(?:large objects|catalog pg_largeobject_metadata(?: of database .*)?): (\d+) → (\d+) rows?$/.exec(change) ?? [];
    if (from !== undefined) return Number(to) > Number(from);
    return /^(settings of roles|roles): /.test(change) || defaults && /^catalog (pg_default_acl|pg_depend): (\d|changed$)/.test(change);
  });
}

const ROWS = /^(table|sequence) /;

export function touched({ changed }: ColumnResult): { readonly rows: number; readonly objects: number; readonly own: number } {
  const changes = [...changed.values()];
  const rows = changes.filter((one) => one.some((change) => ROWS.test(change))).length;
  const objects = changes.filter((one) => !isOwn(one.filter((change) => !ROWS.test(change)))).length;
  return { rows, objects, own: changes.filter(isOwn).length };
}

function measured({ columns }: AttackReport, paint: Paint): string[] {
  return [
    paint('bold', 'measured: everything compared before and after'),
    ...columns.map((result) => {
      const { rows, objects, own } = touched(result);
      const before = `${grouped(result.size.rows)} rows, ${grouped(result.size.objects)} objects`;
      const text = rows + objects === 0 ? `0 rows, 0 objects changed${own > 0 ? ` (${own} attacks changed their own role and its defaults, or added large objects)` : ''}`
        : result.column === 'staging' && objects === 0 ? `0 objects changed; ${rows} attacks changed rows, which is what staging is for`
        : `${rows} attacks changed rows, ${objects} changed objects`;
      const good = objects === 0 && (rows === 0 || result.column === 'staging');
      return `${good ? paint('green', '✔') : paint(result.column === 'naive' ? 'yellow' : 'red', '✖')} ${HEADINGS[result.column].padEnd(FIRST - 14)}${before.padEnd(32)}${text}`;
    }),
  ];
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** One entry per reason, not per attack and column. */
function known({ columns }: AttackReport, width: number, paint: Paint): string[] {
  const reasons = new Map<string, { before: string; ids: Set<string>; where: Column[] }>();
  // Staging last: what holds for the primary is what matters.
  for (const { column, outcomes } of [...columns].sort((a, b) => Number(a.column === 'staging') - Number(b.column === 'staging'))) {
    for (const [id, outcome] of outcomes) {
      if (outcome.result !== 'succeeded' || !outcome.accepted) continue;
      const { because, stoppedBefore } = outcome.accepted;
      const entry = reasons.get(because) ?? { before: stoppedBefore, ids: new Set(), where: [] };
      entry.ids.add(id);
      if (!entry.where.includes(column)) entry.where.push(column);
      reasons.set(because, entry);
    }
  }
  if (reasons.size === 0) return [];
  return [
    paint('bold', 'what succeeds, where, and why'),
    ...[...reasons].flatMap(([because, { before, ids, where }]) => [
      wrap(`${because} [${where.join(', ')}: ${ids.size > 8 ? `${ids.size} attacks` : [...ids].join(' ')}]`, width, '    ', '  ○ '),
      paint('dim', wrap(before, width, '    ')),
    ]),
    '',
  ];
}

const TELLING = ['W5', 'W4', 'W3', 'W7', 'P4', 'P1', 'P3b', 'P5', 'E6', 'E8'];

function blogPost({ attacks, columns }: AttackReport, paint: Paint): string[] {
  const naive = columns.find(({ column }) => column === 'naive');
  if (!naive) return [];
  const lines = TELLING.flatMap((id) => {
    const [attack, outcome] = [attacks.find((one) => one.id === id), naive.outcomes.get(id)];
    return attack && outcome?.result === 'succeeded' ? [`  ${id.padEnd(5)}${attack.title}: ${paint('yellow', short(outcome.effects))}`] : [];
  });
  return lines.length === 0 ? [] : [paint('bold', "what the blog post's role lets through, for example"), ...lines, ''];
}

function short(effects: readonly string[]): string {
  const telling = effects.filter((effect) => !/^(catalog|sequence) /.test(effect) || effects.length === 1);
  return (telling.length > 0 ? telling : effects).slice(0, 2).join(', ').replaceAll('table ', '');
}

function everyAttack({ attacks, columns }: AttackReport, width: number, paint: Paint): string[] {
  return attacks.flatMap(({ id, title, family }) => [
    `${paint('bold', id.padEnd(6))}${title} ${paint('dim', `(${family})`)}`,
    ...columns.map(({ column, outcomes }) => paint('dim', wrap(told(outcomes.get(id)!), width, ' '.repeat(20), `      ${HEADINGS[column].padEnd(14)}`))),
  ]);
}

function told(outcome: Outcome): string {
  switch (outcome.result) {
    case 'refused': return `refused by ${outcome.by}${outcome.code ? ` ${outcome.code}` : ''}: ${outcome.said}`;
    case 'succeeded': return `SUCCEEDED: ${outcome.effects.join('; ')}${outcome.accepted ? ` (known: ${outcome.accepted.because})` : ''}`;
    case 'unknown': return `SAYS NOTHING: ${outcome.code ?? ''} ${outcome.said}`;
    case 'not here': return '–';
  }
}

function verdict({ problems, columns }: AttackReport, width: number, paint: Paint): string[] {
  if (columns.every(({ column }) => column === 'naive')) return [];
  if (problems.length === 0) return [`${paint('green', '✔')} nothing succeeded in the kit's columns but what is explained above`];
  return [
    paint('red', `✖ ${problems.length} ${problems.length === 1 ? 'thing' : 'things'} that must not be`),
    ...problems.map((problem) => wrap(problem, width, '    ', '  - ')),
  ];
}
