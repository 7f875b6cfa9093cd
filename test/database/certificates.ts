import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface Identity {
  /** PEM of the certificate. */
  readonly certificate: string;
  /** PEM of the private key. */
  readonly key: string;
}

/** A certificate for a host name, made on the spot: by an authority, or by itself. Valid for ever. */
export function identityOf(hostName: string, authority?: { readonly identity: Identity; readonly name: string }): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signed = tbs(hostName, authority?.name ?? hostName, publicKey);
  const signature = sign('sha256', signed, authority?.identity.key ?? key);
  const der = sequence(signed, ECDSA_WITH_SHA256, tag(0x03, Buffer.from([0]), signature));
  return { certificate: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`, key };
}

function tbs(subject: string, issuer: string, publicKey: KeyObject): Buffer {
  const hostNames = sequence(oid(0x55, 0x1d, 0x11), tag(0x04, sequence(tag(0x82, Buffer.from(subject)))));
  const isAuthority = sequence(oid(0x55, 0x1d, 0x13), tag(0x01, Buffer.from([0xff])), tag(0x04, sequence(tag(0x01, Buffer.from([0xff])))));
  return sequence(
    tag(0xa0, integer(2)), integer(1 + Math.floor(Math.random() * 120)), ECDSA_WITH_SHA256, name(issuer),
    sequence(tag(0x18, Buffer.from('20200101000000Z')), tag(0x18, Buffer.from('99991231235959Z'))),
    name(subject), publicKey.export({ type: 'spki', format: 'der' }), tag(0xa3, sequence(hostNames, isAuthority)),
  );
}

function tag(type: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]) => tag(0x30, ...parts);
const integer = (value: number) => tag(0x02, Buffer.from([value]));
const oid = (...bytes: readonly number[]) => tag(0x06, Buffer.from(bytes));
const name = (common: string) => sequence(tag(0x31, sequence(oid(0x55, 0x04, 0x03), tag(0x0c, Buffer.from(common)))));
const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
