/** Breaks text at blanks so that no line is wider than `width`; every line starts with `indent`, the first with `first`. */
export function wrap(text: string, width: number, indent: string, first = indent): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return first + [...lines, indent + line].join('\n').slice(indent.length);
}
