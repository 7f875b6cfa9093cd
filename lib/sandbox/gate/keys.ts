import { createPrivateKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignatureCheck } from '../../core/change/request';

/** Everybody whose signature counts, and their public keys, as PEM. */
export type Keyring = Readonly<Record<string, string>>;

/**
 * Keys for those who have none: ECDSA on P-256 with SHA-256, as KMS calls it ECC_NIST_P256 and ECDSA_SHA_256. Each private one
 * is in a file that only its owner reads; in a sandbox that is one and the same person. The public ones are listed once, and a
 * name that is listed is never given another key.
 */
export function listKeys(gate: string, names: readonly string[]): Keyring {
  mkdirSync(join(gate, 'keys'), { recursive: true, mode: 0o700 });
  const known = keyring(gate);
  const missing = names.filter((name) => !Object.hasOwn(known, name));
  if (missing.length === 0) return known;
  const made = missing.map((name) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(keyFile(gate, name), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return [name, publicKey.export({ type: 'spki', format: 'pem' }).toString()] as const;
  });
  const all = { ...known, ...Object.fromEntries(made) };
  const draft = `${keyringFile(gate)}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(all, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, keyringFile(gate));
  return all;
}

/** The public keys that are listed. */
export function keyring(gate: string): Keyring {
  return existsSync(keyringFile(gate)) ? JSON.parse(readFileSync(keyringFile(gate), 'utf8')) as Keyring : {};
}

/** A signature with somebody's own key, as base64; `undefined` if there is none. */
export function signAs(gate: string, name: string, bytes: Uint8Array): string | undefined {
  const file = keyFile(gate, name);
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(file)) return undefined;
  return sign('sha256', bytes, createPrivateKey(readFileSync(file))).toString('base64');
}

/** Whether a signature is one of somebody who is listed, over exactly these bytes. */
export function check(keys: Keyring, name: string, bytes: Uint8Array, signature: string): SignatureCheck {
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (key === undefined) return 'not-listed';
  try {
    return verify('sha256', bytes, key, Buffer.from(signature, 'base64')) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

function keyFile(gate: string, name: string): string {
  return join(gate, 'keys', `${name}.pem`);
}

function keyringFile(gate: string): string {
  return join(gate, 'keyring.json');
}
