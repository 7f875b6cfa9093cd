import { readFileSync } from 'node:fs';
import { connected } from './connection';

/** Runs a file of SQL, all of it or nothing. What is thrown names the line, and quotes no values of the file. */
export async function runSeedFile(url: string, { name, text }: SeedFile): Promise<void> {
  await connected(url, async (sql) => {
    try {
      await sql.script(text);
    } catch (error) {
      const { code, position, message } = error as Error & { code?: string; position?: string };
      const at = position === undefined ? '' : `:${lineAt(text, Number(position) - 1)}`;
      throw new Error(`${name}${at}: ${withoutValues(message)} (${code ?? 'no code'})`);
    }
  });
}

export interface SeedFile {
  readonly name: string;
  readonly text: string;
}

/** Reads a file of SQL, before anything is started for it. */
export function readSeedFile(name: string): SeedFile {
  const text = readText(name);
  const line = /^(\\\w+|COPY\s[^;]*\sFROM\s+stdin)/im.exec(text);
  if (line) {
    throw new Error(
      `${name}:${lineAt(text, line.index)}: '${line[0].split(/\s/)[0]}' is for psql, not SQL; export with pg_dump --inserts, and leave out lines that start with \\`,
    );
  }
  return { name, text };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--seed ${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** PostgreSQL quotes values after a colon: `invalid input syntax for type integer: "…"`. */
function withoutValues(message: string): string {
  return message.replace(/: ".*$/s, '');
}
