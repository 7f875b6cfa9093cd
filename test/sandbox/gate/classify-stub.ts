import type { Classify, ClassifiedStatement } from '../../../lib/core/change/classified';

const KINDS: readonly (readonly [RegExp, ClassifiedStatement['kind']])[] = [
  [/^(SELECT|TABLE|VALUES)\b/i, 'read'], [/^(INSERT|UPDATE|DELETE|TRUNCATE|MERGE|WITH)\b/i, 'write'], [/^(CREATE|ALTER|DROP|COMMENT|VACUUM)\b/i, 'schema'],
  [/^(GRANT|REVOKE)\b/i, 'privilege'], [/^(BEGIN|COMMIT|SET|RESET|LOCK)\b/i, 'session'], [/^COPY\b/i, 'external'],
];

/** In place of the classifier, for statements that tests wrote: knows strings, dollar quotes and comments, and the first word. */
export const classifyStub: Classify = (sql) => {
  const text = Buffer.from(sql).toString('latin1');
  const statements: ClassifiedStatement[] = [];
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"(?:[^"]|"")*"|;|\s+|[^\s;'"$/-]+|[\s\S]/g;
  let [start, end] = [-1, -1];
  const close = () => {
    if (start < 0) return;
    const statement = text.slice(start, end);
    const kind = KINDS.find(([pattern]) => pattern.test(statement))?.[1] ?? 'unknown';
    const objects = [...statement.matchAll(/\b(?:FROM|INTO|UPDATE|TABLE|ON)\s+(?:ONLY\s+)?([a-z_.]+)/gi)].map((match) => match[1]!);
    statements.push({
      start, end, kind, objects, because: `it begins with ${statement.split(/\s/)[0]}`, destructive: /^(DELETE|TRUNCATE|DROP)/i.test(statement),
      transactional: !/CONCURRENTLY|^VACUUM/i.test(statement),
    });
    [start, end] = [-1, -1];
  };
  for (const match of text.matchAll(token)) {
    if (match[0] === ';') close();
    else if (!/^(--|\/\*|\s)/.test(match[0])) {
      if (start < 0) start = match.index;
      end = match.index + match[0].length;
    }
  }
  close();
  return statements;
};
