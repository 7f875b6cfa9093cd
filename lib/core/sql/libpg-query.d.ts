/** As much of WebAssembly as the parser needs: the types of Node have none of it. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: Instance }>;
}

/** The compiled parser itself. The package types only what is built on it, which cannot be used safely: see parser.ts. */
declare module 'libpg-query/wasm/libpg-query.js' {
  export interface Glue {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_parse_plpgsql(text: number): number;
    _wasm_free_string(text: number): void;
    getValue(pointer: number, type: 'i32'): number;
    UTF8ToString(pointer: number): string;
  }
  interface Options {
    readonly print: (text: string) => void;
    readonly printErr: (text: string) => void;
    readonly instantiateWasm: (imports: object, ready: (instance: WebAssembly.Instance) => void) => object;
  }
  export default function create(options: Options): Promise<Glue>;
}
