/** What makes a finding of the audit acceptable: somebody said why, and until when. */
export interface RuleException {
  /** Why this is right here, in a sentence. Every report shows it. */
  readonly reason: string;
  /** The last day on which it counts, as `2027-03-31`, at most a year from now. After it the audit fails, whether or not the finding is still there. */
  readonly expires: string;
}

/** A sentence, or what a person takes for one: three words, fifteen characters, none of them invisible. */
export function isReason(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length >= 15 && trimmed.split(/\s+/).length >= 3 && !/\p{C}/u.test(trimmed);
}

export const REASON = 'a sentence that says why this is right here, without control characters';

/** A day that exists: February has no 30th, which `Date` would take for a day in March. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

export const DAY = 'a day that exists, such as 2027-03-31';

/** Days are ISO days in UTC, so that they compare as text. */
export const isOver = (expires: string, today: string): boolean => expires < today;

/** Somebody looks at every exception again within a year. */
export const isTooFar = (expires: string, today: string): boolean => expires > aYearAfter(today);

export const SOON = 'a day within a year, on which somebody looks at it again';

/** The same day of the next year; its 29th of February is a day after the 28th as text goes. */
const aYearAfter = (today: string): string => `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
