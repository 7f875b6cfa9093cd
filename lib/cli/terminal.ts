import { styleText } from 'node:util';

/** Where a command writes and what it knows of its surroundings; tests pass their own. */
export interface Terminal {
  readonly out: Sink;
  readonly err: Sink;
  /** What is typed or piped in; nothing where it is left out. */
  readonly in?: AsyncIterable<Uint8Array | string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder the command was started in. */
  readonly folder: string;
  /** What a person types to call dbguard here, such as `npx dbguard`. */
  readonly program: string;
  /** Starts a command of dbguard that goes on when this one has ended. */
  readonly background?: (args: readonly string[]) => void;
}

export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Exit status of every command. */
export const EXIT = { done: 0, refused: 1, couldNotRun: 2 } as const;

/** Everything that is piped in. */
export async function readInput(terminal: Terminal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.in ?? []) chunks.push(Buffer.from(chunk));
  return new Uint8Array(Buffer.concat(chunks));
}

/** The first line that is typed or piped in, after a question; empty where there is none. */
export async function ask(terminal: Terminal, question: string): Promise<string> {
  terminal.err.write(question);
  let text = '';
  for await (const chunk of terminal.in ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]!.trim();
}

export type Paint = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', text: string) => string;

/** Colours only on a terminal, and never with NO_COLOR. @see https://no-color.org */
export function painter(sink: Sink, environment: Terminal['environment']): Paint {
  const colour = sink.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** Says on a terminal what takes a while; the function that it returns takes that back. Says nothing to a file or a pipe. */
export function progress(terminal: Terminal, text: string): () => void {
  if (terminal.err.isTTY !== true) return () => {};
  terminal.err.write(text);
  return () => void terminal.err.write(`\r${' '.repeat(text.length)}\r`);
}
