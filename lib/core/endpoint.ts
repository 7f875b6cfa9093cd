/**
 * What an address of RDS is when it is not that of an instance, and what to write instead; `undefined` when it may be one.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
 */
export function insteadOfEndpoint(address: string): string | undefined {
  const [, kind] = /\.(cluster-custom|cluster-ro|cluster|proxy|limitless)-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\./.exec(address) ?? [];
  if (kind === 'proxy') return 'the address of the instance itself; this is the one of an RDS Proxy in front of it';
  if (kind !== undefined) {
    return 'the address of an RDS for PostgreSQL instance; this is the one of an Aurora cluster, which is not supported yet, nor are its instances';
  }
  return undefined;
}
