import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** A password that nobody chose. Letters and digits only: it needs no quoting in a URL, in SQL or in a password file. */
export function newPassword(): string {
  return randomBytes(24).toString('hex');
}

const ITERATIONS = 4096;

/**
 * What PostgreSQL stores of a password. It takes this in place of the password itself, so that the password is never in a
 * statement, and so never in a log.
 * @see https://datatracker.ietf.org/doc/html/rfc5803
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
