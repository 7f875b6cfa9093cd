/** An AWS CLI command that can be pasted into a shell: every argument that needs quotes has them. */
export function awsCli(region: string, ...words: readonly string[]): string {
  return ['aws', ...words, '--region', region].map(shellWord).join(' ');
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
