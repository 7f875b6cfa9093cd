import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sink, Terminal } from '../../lib/cli/terminal';

/** A stream that remembers what was written to it. */
export class Recorder implements Sink {
  text = '';
  constructor(readonly isTTY = false, readonly columns?: number) {}
  write(text: string): void {
    this.text += text;
  }
}

export interface RecordedTerminal extends Terminal {
  readonly out: Recorder;
  readonly err: Recorder;
}

const folders: string[] = [];

/** An empty folder, gone when the tests are. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dbguard-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder whose cdk.json has this context, or holds this text. */
export function folderWith(cdkJson: object | string): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'cdk.json'), typeof cdkJson === 'string' ? cdkJson : JSON.stringify({ context: cdkJson }));
  return folder;
}

/** A pipe, as in CI, unless it is told to be a terminal. */
export function terminalIn(folder: string, is: { tty?: boolean; columns?: number; environment?: Terminal['environment']; program?: string } = {}): RecordedTerminal {
  const sink = () => new Recorder(is.tty, is.columns);
  return { out: sink(), err: sink(), environment: is.environment ?? {}, folder, program: is.program ?? 'npx dbguard' };
}
