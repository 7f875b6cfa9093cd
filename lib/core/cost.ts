/** One database instance, as far as it is known. */
export interface DatabaseCostDriver {
  /** E.g. `db.t4g.medium`. */
  readonly instanceClass: string;
  /** GiB of gp3 storage; `undefined` when it is not known. */
  readonly storageGiB: number | undefined;
}

/** What decides the fixed part of a deployment's monthly bill. */
export interface CostDrivers {
  readonly replica: DatabaseCostDriver;
  readonly delayedReplica?: DatabaseCostDriver;
  readonly staging?: DatabaseCostDriver;
  /** The production database, when the deployment creates it. */
  readonly createdProduction?: DatabaseCostDriver;
  /** Interface endpoints, each counted once per Availability Zone that it stands in. */
  readonly interfaceEndpointZones: number;
  /** VPC Lattice resource endpoints, each counted once per Availability Zone that it stands in. */
  readonly resourceEndpointZones: number;
  readonly accessHosts: number;
  /** Customer managed KMS keys. */
  readonly keys: number;
  /** Metrics of its own, such as those of patterns in a log. */
  readonly metrics: number;
  /** Alarms, each counted once per metric that it looks at. */
  readonly alarmMetrics: number;
  /** Secrets of master users that RDS manages. */
  readonly secrets: number;
}

export interface CostLine {
  readonly item: string;
  /** `undefined` when it is not known. */
  readonly quantity: number | undefined;
  readonly unit: 'h' | 'GiB' | 'each';
  /** USD for one unit of the quantity; `undefined` when no price is listed. */
  readonly unitPrice: number | undefined;
  /** Whether the price was found at AWS, or only elsewhere or by estimate. */
  readonly confirmed: boolean;
  /** USD a month, in whole cents; `undefined` when quantity or price is. */
  readonly monthly: number | undefined;
}

export interface CostTable {
  readonly lines: readonly CostLine[];
  /** USD a month: the sum of the lines that have a price. */
  readonly total: number;
  /** Some lines have no price, so that the total is at least this. */
  readonly lowerBound: boolean;
}

/** AWS's own month. */
const HOURS_A_MONTH = 730;

/** Where and when the prices were true. */
export const PRICES = { region: 'us-east-1', date: '2026-11' } as const;

interface Price {
  readonly usd: number;
  readonly confirmed: boolean;
}

const confirmed = (usd: number): Price => ({ usd, confirmed: true });
const unconfirmed = (usd: number): Price => ({ usd, confirmed: false });

/**
 * USD an hour for RDS for PostgreSQL, on demand, Single-AZ, us-east-1, November 2026. The sources for the m7g and r7g
 * classes disagree by five percent (0.162 or 0.168, 0.228 or 0.239); the higher one is used.
 * @see https://aws.amazon.com/rds/postgresql/pricing/
 */
const INSTANCE_HOUR: Readonly<Record<string, Price>> = {
  'db.t4g.micro': confirmed(0.016),
  'db.t4g.small': confirmed(0.032),
  'db.t4g.medium': confirmed(0.065),
  'db.t4g.large': confirmed(0.129),
  'db.m7g.large': unconfirmed(0.168),
  'db.r7g.large': unconfirmed(0.239),
};

/** USD for everything else, us-east-1, November 2026. An estimate is one that errs on the expensive side. */
const UNIT = {
  /** A GiB of RDS gp3 storage a month, Single-AZ. @see https://aws.amazon.com/rds/postgresql/pricing/ */
  storage: confirmed(0.115),
  /** An interface endpoint an hour in one zone; seen in third parties' lists. @see https://aws.amazon.com/privatelink/pricing/ */
  interfaceEndpoint: unconfirmed(0.01),
  /** A resource endpoint an hour in one zone; estimated at the price of an interface endpoint. */
  resourceEndpoint: unconfirmed(0.01),
  /** A t4g.nano an hour. @see https://aws.amazon.com/ec2/pricing/on-demand/ */
  accessHost: unconfirmed(0.0042),
  /** A GiB of an EBS gp3 volume a month; the host has 8. @see https://aws.amazon.com/ebs/pricing/ */
  volume: unconfirmed(0.08),
  /** A custom metric a month. EC2 detailed monitoring has 7 for an instance. @see https://aws.amazon.com/cloudwatch/pricing/ */
  metric: unconfirmed(0.3),
  /** A KMS key a month. Its first two yearly rotations add as much each. @see https://aws.amazon.com/kms/pricing/ */
  key: confirmed(1),
  /** One metric of a standard-resolution alarm a month. @see https://aws.amazon.com/cloudwatch/pricing/ */
  alarm: confirmed(0.1),
  /** A secret a month. @see https://aws.amazon.com/secrets-manager/pricing/ */
  secret: unconfirmed(0.4),
} as const;

const ACCESS_HOST_VOLUME_GIB = 8;
const ACCESS_HOST_METRICS = 7;

/** What a deployment costs each month whether it is used or not. */
export function monthlyCost(drivers: CostDrivers): CostTable {
  const hours = (count: number) => count * HOURS_A_MONTH;
  const lines = [
    ...database('production', drivers.createdProduction),
    ...database('replica', drivers.replica),
    ...database('delayed replica', drivers.delayedReplica),
    ...database('staging clone', drivers.staging),
    line(
      `interface endpoints, ${drivers.interfaceEndpointZones}`,
      hours(drivers.interfaceEndpointZones),
      'h',
      UNIT.interfaceEndpoint,
    ),
    line(
      `resource endpoint, ${drivers.resourceEndpointZones} zones`,
      hours(drivers.resourceEndpointZones),
      'h',
      UNIT.resourceEndpoint,
    ),
    line('access host, t4g.nano', hours(drivers.accessHosts), 'h', UNIT.accessHost),
    line('access host, disk', drivers.accessHosts * ACCESS_HOST_VOLUME_GIB, 'GiB', UNIT.volume),
    line('access host, monitoring', drivers.accessHosts * ACCESS_HOST_METRICS, 'each', UNIT.metric),
    line('encryption keys', drivers.keys, 'each', UNIT.key),
    line('metrics of the logs', drivers.metrics, 'each', UNIT.metric),
    line('metrics of the alarms', drivers.alarmMetrics, 'each', UNIT.alarm),
    line('secrets', drivers.secrets, 'each', UNIT.secret),
  ].filter((line) => line.quantity !== 0);
  return {
    lines,
    total: cents(lines.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0)),
    lowerBound: lines.some(({ monthly }) => monthly === undefined),
  };
}

function database(name: string, driver: DatabaseCostDriver | undefined): CostLine[] {
  if (!driver) return [];
  return [
    line(
      `${name}, ${driver.instanceClass}`,
      HOURS_A_MONTH,
      'h',
      Object.hasOwn(INSTANCE_HOUR, driver.instanceClass) ? INSTANCE_HOUR[driver.instanceClass] : undefined,
    ),
    line(`${name}, storage`, driver.storageGiB, 'GiB', UNIT.storage),
  ];
}

function line(item: string, quantity: number | undefined, unit: CostLine['unit'], price: Price | undefined): CostLine {
  return {
    item,
    quantity,
    unit,
    unitPrice: price?.usd,
    confirmed: price?.confirmed ?? false,
    monthly: quantity === undefined || price === undefined ? undefined : cents(quantity * price.usd),
  };
}

/** To whole cents. The tiny amount makes up for prices such as 0.115 that binary numbers fall just short of. */
function cents(usd: number): number {
  return Math.round(usd * 100 + 1e-6) / 100;
}

const NOT_INCLUDED = [
  'Not included: traffic and data processing, log volume (database logs, flow logs, Enhanced Monitoring), the log archive,',
  'backup storage beyond the part that is free, requests, taxes. Other Regions have other prices.',
];

/** The table for people, aligned. Prices that are not confirmed are marked with ~. */
export function renderCostTable(table: CostTable, options: { readonly colour: boolean }): string {
  const rows = table.lines.map((line) => ({
    item: line.item,
    quantity: line.quantity === undefined ? 'not stated' : `${line.quantity} ${line.unit}`.replace(' each', ''),
    price: line.unitPrice === undefined ? 'price not listed' : `${line.confirmed ? '' : '~'}${line.unitPrice.toFixed(4)}`,
    monthly: line.monthly === undefined ? '?' : line.monthly.toFixed(2),
  }));
  const head = { item: 'item', quantity: 'quantity', price: 'unit price', monthly: 'monthly' };
  const foot = { item: table.lowerBound ? 'total, at least' : 'total', quantity: '', price: '', monthly: table.total.toFixed(2) };
  const all = [head, ...rows, foot];
  const width = (column: keyof typeof head) => Math.max(...all.map((row) => row[column].length));
  const [w1, w2, w3, w4] = [width('item'), width('quantity'), width('price'), width('monthly')];
  const text = (row: typeof head) =>
    `  ${row.item.padEnd(w1)}  ${row.quantity.padStart(w2)}  ${row.price.padStart(w3)}  ${row.monthly.padStart(w4)}`;
  const bold = (shown: string) => (options.colour ? `\u001b[1m${shown}\u001b[0m` : shown);
  const dim = (shown: string) => (options.colour ? `\u001b[2m${shown}\u001b[0m` : shown);
  return [
    bold(`Fixed cost a month in USD, at the prices of ${PRICES.region} in ${PRICES.date}`),
    dim(text(head)),
    ...rows.map(text),
    bold(text(foot)),
    ...(table.lines.some((line) => !line.confirmed && line.unitPrice !== undefined)
      ? [dim('~ price not confirmed with AWS.')]
      : []),
    ...(table.lowerBound ? [dim('? is not known, and not part of the total.')] : []),
    ...NOT_INCLUDED.map(dim),
  ].join('\n');
}
