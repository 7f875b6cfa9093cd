import { PERSONAL_DATA } from '../seed';

/** Whether personal data is in what came back; which kind, never which data. */
export function leaksIn(heard: readonly string[]): string[] {
  const text = heard.map(decoded).join('\n');
  return Object.entries(PERSONAL_DATA).filter(([, pattern]) => pattern.test(text)).map(([kind]) => `read ${kind}`);
}

/** Bytes come as hexadecimal digits where they were cast to text. */
function decoded(text: string): string {
  return /^\\x([0-9a-f]{2})+$/.test(text) ? Buffer.from(text.slice(2), 'hex').toString('latin1') : text;
}
