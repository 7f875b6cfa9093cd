import { monthlyCost, renderCostTable, type CostDrivers } from '../../lib/core/cost';

const least: CostDrivers = {
  replica: { instanceClass: 'db.t4g.micro', storageGiB: 20 },
  interfaceEndpointZones: 0,
  resourceEndpointZones: 0,
  accessHosts: 0,
  keys: 2,
  metrics: 4,
  alarmMetrics: 6,
  secrets: 0,
};

describe('the fixed cost of a month', () => {
  test('is hours, GiB and pieces times their price, in whole cents', () => {
    expect(monthlyCost(least)).toEqual({
      lines: [
        { item: 'replica, db.t4g.micro', quantity: 730, unit: 'h', unitPrice: 0.016, confirmed: true, monthly: 11.68 },
        { item: 'replica, storage', quantity: 20, unit: 'GiB', unitPrice: 0.115, confirmed: true, monthly: 2.3 },
        { item: 'encryption keys', quantity: 2, unit: 'each', unitPrice: 1, confirmed: true, monthly: 2 },
        { item: 'metrics of the logs', quantity: 4, unit: 'each', unitPrice: 0.3, confirmed: false, monthly: 1.2 },
        { item: 'metrics of the alarms', quantity: 6, unit: 'each', unitPrice: 0.1, confirmed: true, monthly: 0.6 },
      ],
      total: 17.78,
      lowerBound: false,
    });
  });

  test.each([
    ['db.t4g.micro', 11.68],
    ['db.t4g.small', 23.36],
    ['db.t4g.medium', 47.45],
    ['db.t4g.large', 94.17],
    ['db.m7g.large', 122.64],
    ['db.r7g.large', 174.47],
  ])('of a %s is %d', (instanceClass, monthly) => {
    expect(monthlyCost({ ...least, replica: { instanceClass, storageGiB: 1 } }).lines[0]?.monthly).toBe(monthly);
  });

  test.each(['db.x9g.large', 'constructor', '__proto__'])('of a class that is not listed (%s) is not guessed: the total is a lower bound', (instanceClass) => {
    const table = monthlyCost({ ...least, replica: { instanceClass, storageGiB: 20 } });
    expect(table.lines[0]).toEqual({
      item: `replica, ${instanceClass}`, quantity: 730, unit: 'h', unitPrice: undefined, confirmed: false, monthly: undefined,
    });
    expect(table).toMatchObject({ total: 6.1, lowerBound: true });
  });

  test('of storage that is not known is not guessed either', () => {
    expect(monthlyCost({ ...least, replica: { instanceClass: 'db.t4g.micro', storageGiB: undefined } })).toMatchObject({ total: 15.48, lowerBound: true });
  });

  test('has a line for everything that costs', () => {
    const copy = { instanceClass: 'db.t4g.small', storageGiB: 100 };
    const all = monthlyCost({
      replica: copy, delayedReplica: copy, staging: copy, createdProduction: copy,
      interfaceEndpointZones: 2, resourceEndpointZones: 2, accessHosts: 1, keys: 3, metrics: 12, alarmMetrics: 17, secrets: 2,
    });
    expect(all.lines.map(({ item, monthly }) => [item, monthly])).toEqual([
      ['production, db.t4g.small', 23.36],
      ['production, storage', 11.5],
      ['replica, db.t4g.small', 23.36],
      ['replica, storage', 11.5],
      ['delayed replica, db.t4g.small', 23.36],
      ['delayed replica, storage', 11.5],
      ['staging clone, db.t4g.small', 23.36],
      ['staging clone, storage', 11.5],
      ['interface endpoints, 2', 14.6],
      ['resource endpoint, 2 zones', 14.6],
      ['access host, t4g.nano', 3.07],
      ['access host, disk', 0.64],
      ['access host, monitoring', 2.1],
      ['encryption keys', 3],
      ['metrics of the logs', 3.6],
      ['metrics of the alarms', 1.7],
      ['secrets', 0.8],
    ]);
    expect(all.total).toBe(183.55);
  });
});

describe('the table', () => {
  test('is aligned, says where and when its prices were true, and what it leaves out', () => {
    expect(renderCostTable(monthlyCost(least), { colour: false })).toBe(`Fixed cost a month in USD, at the prices of us-east-1 in 2026-11
  item                   quantity  unit price  monthly
  replica, db.t4g.micro     730 h      0.0160    11.68
  replica, storage         20 GiB      0.1150     2.30
  encryption keys               2      1.0000     2.00
  metrics of the logs           4     ~0.3000     1.20
  metrics of the alarms         6      0.1000     0.60
  total                                          17.78
~ price not confirmed with AWS.
Not included: traffic and data processing, log volume (database logs, flow logs, Enhanced Monitoring), the log archive,
backup storage beyond the part that is free, requests, taxes. Other Regions have other prices.`);
  });

  test('says what is not known, and that the total is at least that much', () => {
    const table = monthlyCost({ ...least, replica: { instanceClass: 'db.x9g.large', storageGiB: undefined }, metrics: 0 });
    expect(renderCostTable(table, { colour: false })).toBe(`Fixed cost a month in USD, at the prices of us-east-1 in 2026-11
  item                     quantity        unit price  monthly
  replica, db.x9g.large       730 h  price not listed        ?
  replica, storage       not stated            0.1150        ?
  encryption keys                 2            1.0000     2.00
  metrics of the alarms           6            0.1000     0.60
  total, at least                                         2.60
? is not known, and not part of the total.
Not included: traffic and data processing, log volume (database logs, flow logs, Enhanced Monitoring), the log archive,
backup storage beyond the part that is free, requests, taxes. Other Regions have other prices.`);
  });

  test('in colour has the same text', () => {
    const table = monthlyCost(least);
    const coloured = renderCostTable(table, { colour: true });
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderCostTable(table, { colour: false }));
    expect(coloured).toContain('\u001b[1m');
  });
});
