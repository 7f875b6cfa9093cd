import { existsSync, readdirSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { ChangeRequest } from '../../core/change';
import { reviewBytes } from '../../core/change/document';
import type { Stored } from '../../database/change/carry-out';
import { sha256 } from '../../database/change/fingerprint';
import { lastVersion, writeVersion } from './versions';

/** Letters and digits that nobody takes for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const ID = /^cr-[a-z0-9]{8}$/;

export function newId(): string {
  return `cr-${Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** Every request of a gate; each in a folder of its own. */
export function requestIds(gate: string): string[] {
  const folder = join(gate, 'requests');
  return existsSync(folder) ? readdirSync(folder).filter((name) => ID.test(name)).sort() : [];
}

/** Throws, naming those that there are, where there is no such request. */
export function loadRequest(gate: string, id: string): Stored {
  const last = ID.test(id) ? lastVersion(join(gate, 'requests', id)) : undefined;
  if (!last) {
    const known = requestIds(gate);
    throw new Error(`there is no request '${id}'; ${known.length === 0 ? 'there are none yet' : `the requests are ${known.join(', ')}`}`);
  }
  return { version: last.version, request: fromJson(last.content as RequestJson) };
}

/** Stores the next version on condition that nobody did; `after` is 0 for a new request. */
export function storeRequest(gate: string, after: number, request: ChangeRequest): Stored | undefined {
  return writeVersion(join(gate, 'requests', request.id), after, toJson(request)) ? { request, version: after + 1 } : undefined;
}

type Signed = NonNullable<ChangeRequest['signed']>;
/** What the document has in common with the request is kept once: an edit of either is an edit of what was signed. */
type SignedJson = { readonly digest: string; readonly document: Omit<Signed['document'], 'id' | 'sql' | 'requester' | 'reason' | 'expires' | 'review'> };
type RequestJson = Omit<ChangeRequest, 'sql' | 'signed'> & { readonly sql: string; readonly signed?: SignedJson };

function toJson({ sql, signed, ...request }: ChangeRequest): RequestJson {
  if (!signed) return { ...request, sql: Buffer.from(sql).toString('base64') };
  const { statements, transactional, target, runAs, rowBound, touched, fingerprint, approvalsNeeded, nonce } = signed.document;
  const document = { statements, transactional, target, runAs, rowBound, touched, fingerprint, approvalsNeeded, nonce };
  return { ...request, sql: Buffer.from(sql).toString('base64'), signed: { digest: signed.digest, document } };
}

function fromJson({ sql, signed, ...request }: RequestJson): ChangeRequest {
  const bytes = new Uint8Array(Buffer.from(sql, 'base64'));
  if (!signed) return { ...request, sql: bytes };
  const { id, requester, reason, expires } = request;
  return { ...request, sql: bytes, signed: { digest: signed.digest, document: { ...signed.document, id, sql: bytes, requester, reason, expires, review: sha256(reviewBytes(request)) } } };
}
