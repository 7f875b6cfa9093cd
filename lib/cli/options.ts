import { parseArgs } from 'node:util';

/** The options of a command by name: what stands for their value in the help, or `true` for those that are given or not. */
export type Options = Readonly<Record<string, string | true>>;

export type Values<Of extends Options> = { readonly [Name in keyof Of]: Of[Name] extends true ? boolean : string | undefined };

/** Reads the arguments of a command, which are all options. Throws, in words for people, on whatever is none of them. */
export function readOptions<const Of extends Options>(args: readonly string[], options: Of): Values<Of> {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, { type: value === true ? 'boolean' : 'string' } as const]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options: config });
    return Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, value === true ? values[name] === true : values[name]]),
    ) as Values<Of>;
  } catch (error) {
    throw new Error(reworded(error as NodeJS.ErrnoException, options), { cause: error });
  }
}

function reworded({ code, message }: NodeJS.ErrnoException, options: Options): string {
  const usage = Object.entries(options).map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`));
  const known = `the options are ${[...usage, '--help'].join(', ')}`;
  const [, named = ''] = /'(.*?)'/s.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `there is no option ${named}; ${known}`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `'${named}' is not an option; ${known}`;
  const name = /--([\w-]+)/.exec(named)?.[1] ?? '';
  const value = options[name];
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' && value !== undefined) {
    return value === true ? `--${name} takes no value` : `--${name} needs a value: --${name} ${value}`;
  }
  return message;
}
