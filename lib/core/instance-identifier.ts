import { DATABASE_PREFIX, MAXIMUM_IDENTIFIER_LENGTH } from './policy';

/**
 * Whether a text is an RDS instance identifier as RDS keeps it. RDS takes upper case too and stores lower case: names that
 * are derived from the identifier, such as those of log groups, would then be others than RDS uses.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 */
export function isIdentifier(text: string): boolean {
  return text.length <= MAXIMUM_IDENTIFIER_LENGTH && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}

/** The kit's own prefix that a name begins with, if any: such a database is a copy, which clean-up may delete. */
export function kitPrefix(text: string): string | undefined {
  return Object.values(DATABASE_PREFIX).find((prefix) => text.toLowerCase().startsWith(prefix));
}
