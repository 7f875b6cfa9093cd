import { isIP } from 'node:net';
import { explainLogin, kindOfLoginFailure } from '../core/connection-failure';
import { regionOfAddress } from '../core/role-provisioning';
import type { ConnectOptions } from '../database/production-connection';
import { certificateAuthorities } from '../database/rds-certificates';
import type { Environment } from '../environment';
import type { Terminal } from './terminal';

export type Login = Omit<ConnectOptions, 'database' | 'timeoutMilliseconds'>;

/** Where to log in, and who the server has to be: the endpoint, also at the end of a tunnel. */
export function loginFrom({ production }: Environment, variables: Terminal['environment']): Login {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD } = variables;
  const endpoint = production.existing?.endpoint ?? PGHOST;
  if (!endpoint) throw new Error("PGHOST is not set; write the endpoint of the database that the deployment created, which cdk.json does not know");
  if (!PGUSER) throw new Error('PGUSER is not set; write the name of the master user, or of another role that administers the database');
  if (!PGPASSWORD) throw new Error('PGPASSWORD is not set; write the password of that user there, where it is in no list of processes');
  const region = regionOfAddress(endpoint);
  const authorities = region === undefined ? [] : certificateAuthorities(region);
  if (authorities.length === 0) throw new Error(`the package has no certificate authority of RDS for ${endpoint}, so that it cannot be told from another host`);
  const host = !PGHOST || PGHOST === 'localhost' ? (PGHOST ? '127.0.0.1' : endpoint) : PGHOST;
  if (host !== endpoint && isIP(host) === 0) throw new Error(`PGHOST is '${host}'; write ${endpoint}, or the address of a tunnel to it such as 127.0.0.1`);
  const port = PGPORT === undefined || PGPORT === '' ? (production.existing ?? production.create)?.port ?? 5432 : Number(PGPORT);
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) throw new Error(`PGPORT is '${PGPORT}'; write a port`);
  return { host, port, user: PGUSER, password: PGPASSWORD, certificateAuthorities: authorities, ...(host !== endpoint && { behind: endpoint }) };
}

/** Why nobody could log in, in the words of this command. */
export function wordsFor(code: string, { host, port }: Login, database: string): string {
  const at = `${host}:${port}`;
  switch (kindOfLoginFailure(code)) {
    case 'unreachable': return `nothing answers at ${at} (${code}); see that production lets this machine in, or that the tunnel is up`;
    case 'password': return `${at} refuses PGUSER with PGPASSWORD`;
    default: return explainLogin(code, { host, port, database });
  }
}
