import { acceptedIds } from '../../lib/sandbox/attacks/accepted';
import { ATTACKS } from '../../lib/sandbox/attacks/catalogue';
import { layerOf } from '../../lib/sandbox/attacks/layers';
import { leaksIn } from '../../lib/sandbox/attacks/leaks';
import { AFTER_THE_GRANTS } from '../../lib/sandbox/attacks/personal-data';
import { openSession } from '../../lib/sandbox/attacks/session';
import { FAMILIES } from '../../lib/sandbox/attacks/types';
import { connect, connected } from '../../lib/sandbox/connection';
import { seedSql } from '../../lib/sandbox/seed';
import { testServer } from './fixture';

/** The 68 that were measured before anything was built. */
const FIRST = [
  ...range('W', 16), 'W10b', ...range('P', 17), ...range('E', 17), 'E3b', 'E9b', ...range('D', 10), 'D2b', ...range('X', 4),
];

function range(letter: string, to: number): string[] {
  return Array.from({ length: to }, (_, index) => `${letter}${index + 1}`);
}

describe('the catalogue', () => {
  test('has more than three hundred different attacks, the first 68 among them', () => {
    expect(FIRST).toHaveLength(68);
    const ids = ATTACKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(FIRST.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ATTACKS.length).toBeGreaterThan(300);
    const statements = ATTACKS.map(({ sql, keepsReadOnly, database, act }) => JSON.stringify([sql, keepsReadOnly, database, act?.toString()]));
    expect(new Set(statements).size).toBeGreaterThan(ATTACKS.length - 10);
  });

  test('every attack has a title, a family, and either statements or an act', () => {
    for (const { title, family, sql, act } of ATTACKS) {
      expect(title.length).toBeGreaterThan(3);
      expect(FAMILIES).toHaveProperty(family);
      expect([sql?.length ?? 0, act].filter(Boolean)).toHaveLength(1);
    }
  });

  test('what is accepted is in the catalogue, and no attack that reads personal data is accepted anywhere', () => {
    for (const column of ['replica', 'primary', 'staging'] as const) {
      for (const id of acceptedIds(column, 15)) {
        const attack = ATTACKS.find((one) => one.id === id);
        expect([id, attack?.aim]).toEqual([id, expect.stringMatching(/^(write|look|escape|disturb)$/)]);
      }
    }
  });

  test('on the replica nothing that writes is accepted', () => {
    const accepted = acceptedIds('replica', 15).map((id) => ATTACKS.find((one) => one.id === id)!.aim);
    expect(accepted).not.toContain('write');
  });
});

describe('an error says which layer it comes from', () => {
  test.each([
    ['28000', 'no pg_hba.conf entry for host', 'login', 'network'],
    ['28P01', 'password authentication failed', 'login', 'login'],
    ['42501', 'permission denied for table x', 'statement', 'privilege'],
    ['25006', 'cannot execute DELETE in a read-only transaction', 'statement', 'standby'],
    ['55000', 'recovery is in progress', 'statement', 'standby'],
    ['57014', 'canceling statement due to statement timeout', 'statement', 'limit'],
    ['42P01', 'relation "x" does not exist', 'statement', undefined],
    ['42601', 'syntax error', 'statement', undefined],
    ['23505', 'duplicate key value violates unique constraint', 'statement', undefined],
    ['XX000', 'internal error', 'statement', undefined],
    [undefined, 'read ECONNRESET', 'statement', undefined],
  ] as const)('%s %s', (code, message, phase, layer) => {
    expect(layerOf({ code, message }, 'replica', phase, false)).toBe(layer);
  });

  test('what is not there counts as a refusal only where that was said before', () => {
    const missing = { code: '42883', message: 'function dblink(unknown) does not exist' };
    expect([layerOf(missing, 'primary', 'statement', true), layerOf(missing, 'primary', 'statement', false)]).toEqual(['server', undefined]);
  });
});

test('every attack that reads would show personal data to whoever may read it', async () => {
  const pg = await testServer(17);
  try {
    await connected(pg.superuserUrl('postgres'), (admin) => admin.script('CREATE DATABASE shop'));
    await connected(pg.superuserUrl('shop'), async (sql) => {
      await sql.script(seedSql());
      await sql.script(AFTER_THE_GRANTS);
    });
    const bystander = await connect(pg.superuserUrl('postgres'));
    await bystander.query("SELECT 'an executive called Canarybird'");
    const silent: string[] = [];
    for (const { id, sql = [] } of ATTACKS.filter(({ aim }) => aim === 'read')) {
      const heard: string[] = [];
      const session = await openSession({ connectionString: pg.superuserUrl('shop') }, (text) => void heard.push(text));
      // Some end in an error that quotes the data.
      for (const text of sql) await session.run(text).catch(() => {});
      await session.end();
      if (leaksIn(heard).length === 0) silent.push(id);
    }
    await bystander.end();
    expect(silent).toEqual([]);
  } finally {
    await pg.remove();
  }
}, 120_000);
