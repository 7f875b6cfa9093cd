import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Glue } from 'libpg-query/wasm/libpg-query.js';

/** A node of PostgreSQL's parse tree, as libpg_query writes it: `{ SelectStmt: { targetList: […] } }`. */
export type Tree = Readonly<Record<string, unknown>>;

export interface ParsedStatement {
  readonly stmt: Tree;
  /** Bytes before the first token of the statement; absent for 0. */
  readonly stmt_location?: number;
  /** Bytes up to the semicolon; absent when there is none. */
  readonly stmt_len?: number;
}

/** `position`: characters before the place that is not understood. The parser's own message repeats the text, so it stays here. */
export type Parsed<Result> =
  | { readonly parsed: Result }
  | { readonly refused: 'syntax'; readonly position: number }
  | { readonly refused: 'depth' };

/** PostgreSQL's own parser. The same text always gets the same answer, and none makes it throw or leaves it broken. */
export interface Parser {
  /** The statements of a text, which must be well-formed and without NUL. */
  parse(text: string): Parsed<readonly ParsedStatement[]>;
  /** The PL/pgSQL body in a CREATE FUNCTION, CREATE PROCEDURE or DO statement. */
  parseBody(statement: string): Parsed<unknown>;
}

/** The build of PostgreSQL's parser. scripts/bundle-handlers.mjs puts it beside every bundle that contains this file. */
const WASM = 'libpg-query.wasm';

let loading: Promise<Parser> | undefined;

/** Loads the parser, once; everything after that is synchronous. About 30 ms. */
export function loadParser(): Promise<Parser> {
  return loading ??= load();
}

interface Machine {
  readonly memory: WebAssembly.Memory;
  readonly restoreStack: (pointer: number) => void;
  readonly stack: () => number;
}

async function load(): Promise<Parser> {
  const { default: create } = await import('libpg-query/wasm/libpg-query.js');
  const beside = join(__dirname, WASM);
  const bytes = readFileSync(existsSync(beside) ? beside : require.resolve(`libpg-query/wasm/${WASM}`));
  let machine: Machine | undefined;
  const glue = await new Promise<Glue>((resolve, reject) => {
    create({
      print: () => {},
      printErr: () => {},
      instantiateWasm: (imports, ready) => {
        WebAssembly.instantiate(bytes, imports).then(({ instance }) => {
          machine = machineOf(instance.exports);
          ready(instance);
        }).catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
  const { memory, restoreStack, stack } = machine!;
  const first = { memory: usedPart(memory), stack: stack() };

  /**
   * A text that nests too deeply ends in the middle of the machine's code, with what it held still in memory and on its stack:
   * after some dozens of them no text would be understood any more. So the machine is put back as it was after loading.
   */
  const restart = (): void => {
    const now = new Uint8Array(memory.buffer);
    now.set(first.memory);
    now.fill(0, first.memory.length);
    restoreStack(first.stack);
  };

  const encoder = new TextEncoder();
  const withText = <Result>(text: string, use: (pointer: number) => Parsed<Result>): Parsed<Result> => {
    try {
      // UTF-8 takes at most three bytes for each unit of UTF-16.
      const room = text.length * 3 + 1;
      const pointer = glue._malloc(room);
      const bytesOfMachine = new Uint8Array(memory.buffer, pointer, room);
      bytesOfMachine[encoder.encodeInto(text, bytesOfMachine).written] = 0;
      const result = use(pointer);
      glue._free(pointer);
      return result;
    } catch {
      restart();
      return { refused: 'depth' };
    }
  };

  return {
    parse: (text) => withText(text, (pointer) => {
      const result = glue._wasm_parse_query_raw(pointer);
      const [tree, error] = [glue.getValue(result, 'i32'), glue.getValue(result + 8, 'i32')];
      const parsed: Parsed<readonly ParsedStatement[]> = error !== 0
        ? refusal(glue.UTF8ToString(glue.getValue(error, 'i32')), glue.getValue(error + 16, 'i32'))
        : { parsed: (JSON.parse(glue.UTF8ToString(tree)) as { stmts: readonly ParsedStatement[] }).stmts };
      glue._wasm_free_parse_result(result);
      return parsed;
    }),
    parseBody: (statement) => withText(statement, (pointer) => {
      const result = glue._wasm_parse_plpgsql(pointer);
      const answer = glue.UTF8ToString(result);
      glue._wasm_free_string(result);
      // An answer that is no JSON is a message.
      return answer.startsWith('{') ? { parsed: JSON.parse(answer) as unknown } : refusal(answer, 1);
    }),
  };
}

function refusal(message: string, position: number): { readonly refused: 'depth' } | { readonly refused: 'syntax'; readonly position: number } {
  return /memory exhausted|stack depth/.test(message) ? { refused: 'depth' } : { refused: 'syntax', position: Math.max(position - 1, 0) };
}

/** The parts of the machine that its own glue keeps to itself, by the names that they have in this build (18.1.5). */
function machineOf({ z: memory, Q: restoreStack, R: stack }: Readonly<Record<string, unknown>>): Machine {
  const machine = { memory, restoreStack, stack } as Machine;
  const at = machine.stack();
  machine.restoreStack(at - 16);
  const moved = machine.stack() === at - 16;
  machine.restoreStack(at);
  if (!moved || machine.memory.buffer.byteLength === 0) throw new Error('this build of libpg-query is not 18.1.5, for which the kit was written');
  return machine;
}

/** A copy of the memory up to the last byte that is not zero. */
function usedPart(memory: WebAssembly.Memory): Uint8Array {
  const bytes = new Uint8Array(memory.buffer);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.slice(0, end);
}
