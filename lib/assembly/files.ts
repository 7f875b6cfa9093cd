import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { parseText } from './document';
import { LIMITS } from './limits';
import type { Parsed } from './parsed';

/** Reads files of one folder, and nothing outside it: not through `..`, not through a symbolic link. */
export class Files {
  readonly #root: string;
  readonly #parsed = new Map<string, Parsed>();

  /** @param folder the folder as the user named it; messages name its files that way. */
  constructor(readonly folder: string) {
    this.#root = realpathSync(folder);
  }

  /** The name for messages. */
  named(path: string): string {
    return join(this.folder, path);
  }

  /** Reads a file once. `path` is relative to the folder. */
  parse(path: string): Parsed {
    const known = this.#parsed.get(path);
    if (known) return known;
    const parsed = this.#parse(path);
    this.#parsed.set(path, parsed);
    return parsed;
  }

  #parse(path: string): Parsed {
    const name = this.named(path);
    const inside = (target: string) => { const way = relative(this.#root, target); return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way); };
    const refuse = (why: string): Parsed => ({ do: 'refuse', problems: [`${name}: ${why}`] });
    if (isAbsolute(path) || path.includes('\0') || !inside(join(this.#root, path))) return refuse(`it is outside ${this.folder}; an assembly names only its own files`);
    try {
      const real = realpathSync(join(this.#root, path));
      if (!inside(real)) return refuse(`it is a link to a place outside ${this.folder}; an assembly names only its own files`);
      const { size } = statSync(real);
      if (!statSync(real).isFile()) return refuse('it is not a file');
      if (size > LIMITS.fileBytes) return refuse(`it has ${size} bytes; files up to ${LIMITS.fileBytes} are read`);
      const bytes = readFileSync(real);
      const text = decoded(bytes);
      if (text === undefined) return refuse('it is not a text in UTF-8; write a template in JSON or YAML');
      if (text.trim() === '') return refuse('it is empty; write a template in JSON or YAML');
      return parseText(name, text);
    } catch (error) {
      return refuse(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
    }
  }
}

/** `undefined` for binary content. A byte order mark is left out. */
function decoded(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
