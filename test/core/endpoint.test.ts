import { insteadOfEndpoint } from '../../lib/core/endpoint';

const CLUSTER = 'the address of an RDS for PostgreSQL instance; this is the one of an Aurora cluster, which is not supported yet, nor are its instances';
const PROXY = 'the address of the instance itself; this is the one of an RDS Proxy in front of it';

test.each([
  ['orders.cluster-c9akciq32exa.eu-central-1.rds.amazonaws.com', CLUSTER],
  ['orders.cluster-ro-c9akciq32exa.eu-central-1.rds.amazonaws.com', CLUSTER],
  ['reports.cluster-custom-c9akciq32exa.eu-central-1.rds.amazonaws.com', CLUSTER],
  ['orders.cluster-c9akciq32exa.cn-north-1.rds.amazonaws.com.cn', CLUSTER],
  ['orders.cluster-c9akciq32exa.eu-central-1.rds.amazonaws.com:5432', CLUSTER],
  ['orders.proxy-c9akciq32exa.eu-central-1.rds.amazonaws.com', PROXY],
  ['orders.c9akciq32exa.eu-central-1.rds.amazonaws.com', undefined],
  ['cluster-orders.c9akciq32exa.eu-central-1.rds.amazonaws.com', undefined],
  ['orders', undefined],
])('%s', (address, expected) => {
  expect(insteadOfEndpoint(address)).toBe(expected);
});
