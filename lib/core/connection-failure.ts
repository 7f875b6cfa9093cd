/** Where somebody tried to log in. */
export interface LoginPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** Codes of system errors, of TLS and of PostgreSQL, by what went wrong. */
const KINDS = {
  unreachable: ['ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'EPIPE', 'TimeoutError'],
  unknownHost: ['ENOTFOUND', 'EAI_AGAIN'],
  otherName: ['ERR_TLS_CERT_ALTNAME_INVALID'],
  untrusted: [
    'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_SIGNATURE_FAILURE', 'CERT_UNTRUSTED', 'INVALID_CA',
  ],
  expired: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
  noTls: ['NO_TLS'],
  password: ['28P01'],
  refused: ['28000'],
  noDatabase: ['3D000'],
  full: ['53300'],
  starting: ['57P03'],
  stopping: ['57P01', '57P02'],
} as const;

type Kind = keyof typeof KINDS;

/** What a code says; `undefined` when it says nothing about logging in. */
export function kindOfLoginFailure(code: string): Kind | undefined {
  return (Object.keys(KINDS) as Kind[]).find((kind) => (KINDS[kind] as readonly string[]).includes(code));
}

/** Why nobody could log in, and what to do: in a sentence that names the place and repeats nothing that a server said. */
export function explainLogin(code: string, { host, port, database }: LoginPlace): string {
  const at = `${host}:${port}`;
  switch (kindOfLoginFailure(code)) {
    case 'unreachable':
      return `nothing answers at ${at} (${code}); production's security group has to let the function's security group in on TCP ${port}`;
    case 'unknownHost':
      return `the name ${host} cannot be resolved (${code}); write the endpoint that RDS reports for the primary`;
    case 'otherName':
      return `what answers at ${at} proves to be another host, so nothing was sent to it; write the endpoint that RDS reports, not another name for it`;
    case 'untrusted':
      return `what answers at ${at} has no certificate of RDS in that Region (${code}), so nothing was sent to it`;
    case 'expired':
      return `the certificate of ${at} is not valid now (${code}); rotate it: aws rds modify-db-instance --ca-certificate-identifier rds-ca-rsa2048-g1`;
    case 'noTls':
      return `what answers at ${at} does not speak TLS, so nothing was sent to it`;
    case 'password':
      return `${at} refuses the user and password of the master secret; see that the secret is the one of this database and is up to date`;
    case 'refused':
      return `${at} lets the master user not in to database ${database} (28000)`;
    case 'noDatabase':
      return `there is no database ${database} at ${at}; write the names of databases that exist`;
    case 'full':
      return `${at} has no connection left (53300); try again when there is less going on`;
    case 'starting':
      return `${at} is not ready to accept connections (${code}); try again when it is`;
    case 'stopping':
      return `${at} ended the session (${code}); try again when the database is up`;
    default:
      return `logging in to database ${database} at ${at} failed (${code})`;
  }
}
