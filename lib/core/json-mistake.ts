/** Where a text stops being JSON, and why. Nothing that stands in the text is repeated, but for one character of punctuation. */
export interface JsonMistake {
  /** Counted from 1. */
  readonly line: number;
  /** In characters, counted from 1. */
  readonly column: number;
  readonly because: string;
}

/** The first mistake of a text that should be JSON; `undefined` when there is none. */
export function jsonMistake(text: string): JsonMistake | undefined {
  const reader = new Reader(text);
  const because = reader.document();
  if (because === undefined) return undefined;
  const before = text.slice(0, reader.at).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1, because };
}

const MOST_NESTED = 500;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** Each method moves on over what it is named after, or returns why there is none. `at` is then the place of the mistake. */
class Reader {
  at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  document(): string | undefined {
    const because = this.value();
    if (because !== undefined) return because;
    this.blank();
    return this.at < this.text.length ? 'nothing may follow here: what began the file has ended' : undefined;
  }

  private value(): string | undefined {
    this.blank();
    switch (this.text[this.at]) {
      case '{': return this.list('}', () => this.member());
      case '[': return this.list(']', () => this.value());
      case '"': return this.string();
      default: return this.take(WORD) ? undefined : this.missing('a value');
    }
  }

  private member(): string | undefined {
    this.blank();
    if (this.text[this.at] !== '"') return this.missing('a key in double quotes');
    const because = this.string();
    if (because !== undefined) return because;
    this.blank();
    if (this.text[this.at] !== ':') return this.missing('a colon');
    this.at += 1;
    return this.value();
  }

  private list(end: '}' | ']', item: () => string | undefined): string | undefined {
    this.depth += 1;
    if (this.depth > MOST_NESTED) return 'it is nested too deeply';
    this.at += 1;
    this.blank();
    let first = true;
    while (!(first && this.text[this.at] === end)) {
      first = false;
      const because = item();
      if (because !== undefined) return because;
      this.blank();
      if (this.text[this.at] === end) break;
      if (this.text[this.at] !== ',') return this.missing(`a comma or ${end}`);
      const comma = this.at;
      this.at += 1;
      this.blank();
      if (this.text[this.at] === end) {
        this.at = comma;
        return `there is a comma too many, before ${end}`;
      }
    }
    this.at += 1;
    this.depth -= 1;
    return undefined;
  }

  private string(): string | undefined {
    return this.take(STRING) ? undefined : 'this string does not end in its line, or has a backslash that stands for nothing';
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found !== undefined;
  }

  private missing(what: string): string {
    const next = this.text[this.at];
    if (next === undefined) return `the file ends where ${what} should be`;
    if (next === ',') return 'there is a comma too many';
    if (next === '/' || next === '#') return 'JSON has no comments';
    if (next === "'") return 'strings stand in double quotes';
    return `${what} should be here`;
  }

  private blank(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'end')) this.at += 1;
  }
}
