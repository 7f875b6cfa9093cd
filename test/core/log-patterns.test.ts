import fc from 'fast-check';
import { logWatches, type LogWatch } from '../../lib/core/log-patterns';
import { LOG_LINE_PREFIX, type DatabasePurpose } from '../../lib/core/parameters';

/** Ways to treat line breaks that the documentation of CloudWatch leaves open: what `.`, `^` and `$` do at one. */
const DIALECTS = ['', 's', 'm', 'ms'];

/** What CloudWatch Logs does with a filter pattern: `%…%` is a regular expression that is searched for, `"…"` an exact phrase. */
function matches(pattern: string, event: string, dialect: string): boolean {
  const phrase = /^"([^"]+)"$/.exec(pattern);
  if (phrase) return event.includes(phrase[1]!);
  const source = /^%(.+)%$/.exec(pattern)?.[1];
  if (source === undefined) throw new Error(`neither a phrase nor a regular expression: ${pattern}`);
  return new RegExp(source, dialect).test(event);
}

/** What the alarm would count for these lines, in every dialect. */
function counts(watch: LogWatch, lines: string[]): number[] {
  return DIALECTS.map((dialect) => {
    const matching = (pattern: string) => lines.filter((line) => matches(pattern, line, dialect)).length;
    return matching(watch.metric.pattern) - (watch.expected ? matching(watch.expected.pattern) : 0);
  });
}

/** What the alarm would count for these lines; they must not depend on the dialect. */
function counted(watch: LogWatch, ...lines: string[]): number {
  const answers = [...new Set(counts(watch, lines))];
  expect(answers).toHaveLength(1);
  return answers[0]!;
}

function watch(purpose: DatabasePurpose, id: string): LogWatch {
  const found = logWatches(purpose, 'agentread-orders').find((one) => one.id === id);
  if (!found) throw new Error(`${purpose} has no ${id}`);
  return found;
}

const AT = '2026-11-20 17:43:11 UTC';
const line = (user: string, message: string, client = '10.213.1.5(52344)') =>
  LOG_LINE_PREFIX.replace('%t', AT).replace('%r', client).replace('%u', user).replace('%d', 'orders').replace('%p', '1234') + message;
const login = (user: string, application = 'psql', client?: string) =>
  line(
    user,
    `LOG:  connection authorized: user=${user} database=orders application_name=${application} SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`,
    client,
  );
const FORGED = `${AT}:10.213.1.5(1):agent_coding_ro@orders:[1]:LOG:  connection authorized: user=agent_coding_ro`;

describe('every pattern is one that CloudWatch accepts', () => {
  const purposes: DatabasePurpose[] = ['replica', 'staging', 'delayed', 'production'];

  test.each(purposes)('%s', (purpose) => {
    const patterns = logWatches(purpose, 'orders').flatMap((one) => [one.metric, ...(one.expected ? [one.expected] : [])]).map((metric) => metric.pattern);
    for (const pattern of patterns) {
      expect(pattern.length).toBeLessThanOrEqual(1024);
      if (pattern.startsWith('%')) expect(pattern.slice(1, -1)).toMatch(/^[A-Za-z0-9:_#=@/;,^$?[\]{}|\\*+.-]+$/);
    }
    expect(patterns.filter((pattern) => pattern.startsWith('%')).length).toBeLessThanOrEqual(5);
  });

  test('metric names are unique within a database', () => {
    for (const purpose of purposes) {
      const names = logWatches(purpose, 'orders').flatMap((one) => [one.metric.name, one.expected?.name ?? '']).filter((name) => name !== '');
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('refused statements', () => {
  test.each([
    line('agent_coding_ro', 'ERROR:  permission denied for table customers'),
    line('agent_coding_ro', 'FATAL:  permission denied for database "orders"'),
    line('agent_coding_ro', 'ERROR:  cannot execute DELETE in a read-only transaction'),
    line('agent_coding_ro', 'ERROR:  cannot execute SELECT FOR UPDATE in a read-only transaction'),
    line('agent_coding_ro', 'ERROR:  cannot execute LISTEN during recovery'),
    line('agent_coding_ro', 'ERROR:  cannot acquire lock mode ExclusiveLock on database objects while recovery is in progress'),
    line('agent_coding_ro', 'ERROR:  must be owner of table orders'),
    line('agent_coding_ro', 'ERROR:  must be superuser or have privileges of the pg_execute_server_program role to COPY to or from an external program'),
    line('agent_coding_ro', 'ERROR:  must have CREATEROLE privilege to create roles'),
    line('postgres', 'FATAL:  password authentication failed for user "postgres"'),
    line('agent_coding_ro', 'FATAL:  PAM authentication failed for user "agent_coding_ro"'),
    line('app', 'FATAL:  pg_hba.conf rejects connection for host "10.213.1.5", user "app", database "orders", no encryption'),
    line('app', 'FATAL:  no pg_hba.conf entry for host "10.213.1.5", user "app", database "orders", no encryption'),
    line('admin', 'FATAL:  role "admin" does not exist'),
    line('owner', 'FATAL:  role "owner" is not permitted to log in'),
  ])('are seen: %s', (event) => {
    expect(counted(watch('replica', 'RefusedStatements'), event)).toBe(1);
  });

  test.each([
    line('agent_coding_ro', 'LOG:  statement: SELECT 1'),
    line('agent_coding_ro', 'ERROR:  relation "missing" does not exist at character 15'),
    line('agent_coding_ro', 'ERROR:  canceling statement due to statement timeout'),
    line('agent_coding_ro', 'ERROR:  role "admin" does not exist'),
    line('agent_coding_ro', 'FATAL:  terminating connection due to idle-session timeout'),
    line('agent_coding_ro', "LOG:  statement: SELECT 'password authentication failed for user'"),
    line('', 'LOG:  restartpoint complete: wrote 12 buffers (0.1%)', ''),
  ])('nothing else is: %s', (event) => {
    expect(counted(watch('replica', 'RefusedStatements'), event)).toBe(0);
  });
});

describe('destructive statements on a replica', () => {
  const destructive = watch('replica', 'DestructiveStatements');

  test.each([
    'LOG:  statement: DROP TABLE orders',
    'LOG:  statement: drop table orders',
    'LOG:  statement: DrOp/**/TaBlE orders',
    'LOG:  statement: SELECT 1; truncate orders',
    'LOG:  statement: -- tidy up\n\tdelete\n\tfrom orders',
    'LOG:  statement: ALTER TABLE orders DROP COLUMN total',
    'LOG:  execute <unnamed>: DELETE FROM orders WHERE id = $1',
    'LOG:  execute s1: revoke select on orders from app',
    'STATEMENT:  WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone',
    'LOG:  AUDIT: SESSION,1,1,DDL,CREATE TABLE,,,create table x (),<not logged>',
    'LOG:  AUDIT: SESSION,3,2,WRITE,UPDATE,TABLE,public.orders,update orders set total = 0,<not logged>',
    'LOG:  AUDIT: SESSION,3,1,ROLE,ALTER ROLE,,,alter role agent_coding_ro superuser,<not logged>',
    'LOG:  AUDIT: OBJECT,1,1,WRITE,INSERT,TABLE,public.orders,insert into orders default values,<none>',
  ])('are seen: %s', (message) => {
    expect(counted(destructive, line('agent_coding_ro', message))).toBe(1);
  });

  test.each(['\tDROP', '\tdelete', '\tTRUNCATE orders'])('are seen when a further line arrives as an event of its own: %s', (event) => {
    expect(counted(destructive, event)).toBe(1);
  });

  test.each([
    'LOG:  statement: SELECT dropped_at, is_deleted, undelete FROM raindrops',
    'LOG:  statement: SELECT "deleted", soft_delete_reason FROM orders',
    'LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.orders,select 1 from orders,<not logged>',
    'LOG:  AUDIT: SESSION,1,1,MISC,SET,,,set statement_timeout = 1000,<not logged>',
    'LOG:  duration: 1203.441 ms',
  ])('ordinary reading is not: %s', (message) => {
    expect(counted(destructive, line('agent_coding_ro', message))).toBe(0);
  });
});

describe('destructive statements on production', () => {
  const destructive = watch('production', 'DestructiveStatements');

  test.each([
    'LOG:  AUDIT: SESSION,1,1,DDL,DROP TABLE,TABLE,public.orders,drop table orders,<not logged>',
    'LOG:  AUDIT: SESSION,1,1,DDL,DROP SCHEMA,SCHEMA,shop,DROP SCHEMA shop CASCADE,<not logged>',
    'LOG:  AUDIT: SESSION,1,1,ROLE,DROP ROLE,,,drop role app,<not logged>',
    'LOG:  AUDIT: SESSION,1,1,WRITE,TRUNCATE TABLE,TABLE,public.orders,truncate orders,<not logged>',
    'LOG:  AUDIT: SESSION,1,1,DDL,ALTER TABLE,TABLE,public.orders,alter table orders drop column total,<not logged>',
  ])('are seen: %s', (message) => {
    expect(counted(destructive, line('app', message))).toBe(1);
  });

  test.each([
    'LOG:  AUDIT: SESSION,1,1,WRITE,DELETE,TABLE,public.carts,delete from carts where id = 1,<not logged>',
    "LOG:  AUDIT: SESSION,1,1,WRITE,INSERT,TABLE,public.parcels,insert into parcels values ('drop off at door'),<not logged>",
    'LOG:  AUDIT: SESSION,1,1,DDL,ALTER TABLE,TABLE,public.orders,alter table orders add column dropped_at date,<not logged>',
  ])("an application's daily work is not: %s", (message) => {
    expect(counted(destructive, line('app', message))).toBe(0);
  });
});

describe('logins on the replica', () => {
  const unexpected = watch('replica', 'UnexpectedLogins');

  test.each([
    login('agent_coding_ro'),
    login('agent_coding_ro', 'psql', '2001:db8::7(40000)'),
    login('rdsadmin', 'psql', '[local]'),
    login('rdsadmin', 'psql', '127.0.0.1(5000)'),
    `${AT}:10.0.0.9(5000):rdsrepladmin@[unknown]:[77]:LOG:  replication connection authorized: user=rdsrepladmin SSL enabled`,
  ])('of agents and of RDS itself are expected: %s', (event) => {
    expect(counted(unexpected, event)).toBe(0);
  });

  test.each([
    login('postgres'),
    login('app', 'web', '2001:db8::7(40000)'),
    login('xagent_coding_ro'),
    login('AGENT_CODING'),
    login('rdsadmin2'),
    login('rdsadmin@x'),
    login('agent_x@orders:[1]:LOG:  connection'),
    line('postgres', 'LOG:  replication connection authorized: user=postgres SSL enabled'),
  ])('of anyone else are seen: %s', (event) => {
    expect(counted(unexpected, event)).toBe(1);
  });

  test.each([
    ':agent_coding_ro@orders:[1]:LOG:  connection authorized:',
    FORGED,
    `\\x0a${FORGED}`, // as PostgreSQL 16 and later write a line break; before, it was a question mark
    `?${FORGED}`,
    ') :agent_coding_ro@orders',
    'rdsadmin',
  ])('cannot be hidden by an application name: %s', (application) => {
    expect(counted(unexpected, login('postgres', application))).toBe(1);
  });

  test.each(['\t', '\n\t', '\v', '\u00a0', '  '])("one that is seen is not cancelled out by the words of a login with %j between them", (blank) => {
    const statement = line('agent_coding_ro', `LOG:  statement: SELECT '${FORGED.replace('connection ', `connection${blank}`)}'`);

    expect(counted(unexpected, login('postgres'), statement, statement)).toBe(1);
  });

  test('one that is seen is not cancelled out by what an agent writes into its statements; the words of a login alarm there', () => {
    const statements = [
      line('agent_coding_ro', `LOG:  statement: SELECT '${FORGED}'`),
      line('agent_coding_ro', `ERROR:  column "${FORGED}" does not exist`),
    ];

    expect(counted(unexpected, ...statements)).toBe(2);
    expect(counted(unexpected, login('postgres'), ...statements)).toBe(3);
  });

  test.each([
    ['in the event of the statement', [line('agent_coding_ro', `LOG:  statement: SELECT\n\t'${FORGED}'`)]],
    ['as an event of its own', [line('agent_coding_ro', 'LOG:  statement: SELECT'), `\t'${FORGED}'`]],
  ])('a login forged on a further line of a statement, %s, may raise the count and never lowers it', (_, statement) => {
    for (const count of counts(unexpected, statement)) expect(count).toBeGreaterThanOrEqual(0);
    for (const count of counts(unexpected, [login('postgres'), ...statement])) expect(count).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['user', [`${AT}:10.0.0.9(60956):agent_x`, `${AT}:1(1):agent_a@connection authorized:@orders:[19890]:FATAL:  password authentication failed for user "agent_x`]],
    ['database', [`${AT}:10.0.0.9(60956):x@`, `${AT}:1(1):agent_a@connection authorized::[19890]:FATAL:  database does not exist`]],
  ])('a login forged by a line break in the name of the %s of a failed login hides no other', (_, forged) => {
    for (const count of counts(unexpected, forged)) expect(count).toBeGreaterThanOrEqual(0);
    for (const count of counts(unexpected, [login('postgres'), ...forged])) expect(count).toBeGreaterThanOrEqual(1);
  });

  test.each([
    'Nov 20 17:43:11 db postgres: connection authorized: user=agent_coding_ro database=orders',
    // The other prefix that RDS accepts. It ends in the application name, which can be chosen so that it forges what follows.
    `2026-11-20 17:43:11.123 UTC:10.213.1.5(52344):agent_coding_ro@orders:[1234]:3:00000:2026-11-20 17:43:10 UTC:3/45:0:655b.4d2:psqlLOG:  connection authorized: user=agent_coding_ro database=orders`,
  ])('if the start of the lines is ever not what the kit knows, every login alarms: %s', (event) => {
    expect(counted(unexpected, event)).toBe(1);
  });

  test('what PostgreSQL says before and after a login is not a login', () => {
    expect(
      counted(
        unexpected,
        line('[unknown]', 'LOG:  connection received: host=10.213.1.5 port=52344'),
        line('app', 'LOG:  connection authenticated: identity="app" method=scram-sha-256 (/rdsdbdata/config/pg_hba.conf:12)'),
        line('app', 'LOG:  disconnection: session time: 0:00:01.000 user=app database=orders host=10.213.1.5 port=52344'),
      ),
    ).toBe(0);
  });
});

describe('what counts as an expected login counts as a login too, whatever is in the log', () => {
  /** The words, blanks and ends of which forgeries are made, in any order and number. */
  const text = fc.array(
    fc.constantFrom(
      '\t', '\n', '\r\n', '\n\t', ' ', '  ', '\v', '\f', '\u00a0', ':', '@', '[1]', ':[1]:', 'LOG:', ':LOG:  ', 'FATAL:  ', '(1)', AT, `${AT}:10.213.1.5(1):`,
      'agent_coding_ro', 'agent_', 'rdsadmin', 'rdsrepladmin', 'postgres', 'orders', 'connection authorized:', 'connection\tauthorized:', 'connection\nauthorized:',
      'Connection Authorized:', 'connection  authorized:', 'replication ', 'connection', 'authorized:', ' user=', ' user=agent_coding_ro ', ' user=rdsadmin ', 'statement: SELECT ', FORGED,
    ),
    { maxLength: 14 },
  ).map((parts) => parts.join(''));
  const anyText = fc.oneof(text, fc.string({ unit: 'binary' }), fc.tuple(text, fc.string(), text).map((parts) => parts.join('')));
  /** A line as PostgreSQL writes it: what a user names goes into the prefix as it is, line breaks in a message get a tab. */
  const written = fc.record({ user: anyText, database: anyText, message: anyText }).map(({ user, database, message }) =>
    `${AT}:10.213.1.5(52344):${user}@${database}:[1234]:LOG:  ${message.replaceAll('\n', '\n\t')}`);
  /** An expected login, but for some of its blanks. */
  const nearly = fc.tuple(fc.constantFrom(login('agent_coding_ro'), login('rdsadmin'), line('rdsrepladmin', 'LOG:  replication connection authorized: user=rdsrepladmin')),
    fc.array(fc.constantFrom(' ', ' ', '\t', '\n', '\n\t', '\v', '\u00a0', '  ', ''), { minLength: 30, maxLength: 30 }))
    .map(([event, blanks]) => event.replace(/ /g, () => blanks.pop() ?? ' '));
  const events = fc.oneof(anyText, nearly, written, written.map((event) => event.split('\n')[0]!), fc.constantFrom(login('agent_coding_ro'), login('rdsadmin', 'psql', '[local]'), FORGED));

  test.each(['replica', 'staging', 'delayed'] as const)('on %s', (purpose) => {
    const { metric, expected } = watch(purpose, 'UnexpectedLogins');
    fc.assert(
      fc.property(events, (event) => {
        for (const dialect of DIALECTS) {
          if (matches(expected!.pattern, event, dialect)) expect(matches(metric.pattern, event, dialect)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['replica', 'staging', 'delayed'] as const)('so that on %s no statement hides the login of another', (purpose) => {
    const unexpected = watch(purpose, 'UnexpectedLogins');
    const statement = anyText.map((sql) => line('agent_coding_ro', `LOG:  statement: ${sql.replaceAll('\n', '\n\t')}`));
    fc.assert(
      fc.property(fc.array(fc.oneof(statement, events), { maxLength: 5 }), (log) => {
        for (const count of counts(unexpected, [...log, login('postgres')])) expect(count).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('logins where no agent may be', () => {
  test.each(['staging', 'delayed'] as const)('on %s an agent is unexpected, RDS is not', (purpose) => {
    const unexpected = watch(purpose, 'UnexpectedLogins');

    expect(counted(unexpected, login('agent_coding_ro'))).toBe(1);
    expect(counted(unexpected, login('rdsadmin', 'psql', '[local]'))).toBe(0);
  });

  test.each([
    login('agent_coding_ro'),
    line('agent_coding_rw', 'FATAL:  PAM authentication failed for user "agent_coding_rw"'),
    line('agent_coding_ro', 'LOG:  statement: SELECT 1'),
  ])('on production any line of an agent is seen, refused or not: %s', (event) => {
    expect(counted(watch('production', 'AgentLogins'), event)).toBe(1);
  });

  test.each([login('app', ':agent_coding_ro@orders'), line('app', "LOG:  statement: DROP ROLE agent_coding_ro"), login('rdsadmin')])(
    'on production others are not, whatever they write: %s',
    (event) => {
      expect(counted(watch('production', 'AgentLogins'), event)).toBe(0);
    },
  );
});

test('destructive statements are what the staging clone is for, and do not alarm there', () => {
  expect(logWatches('staging', 'agentstage-orders').map((one) => one.id)).toEqual(['RefusedStatements', 'UnexpectedLogins']);
});

test('each alarm names the database and says what to do', () => {
  for (const purpose of ['replica', 'staging', 'delayed', 'production'] as const) {
    for (const { meaning } of logWatches(purpose, 'agentread-orders')) {
      expect(meaning).toContain('agentread-orders');
      expect(meaning).toMatch(/log group/);
      expect(meaning.length).toBeLessThanOrEqual(1024);
    }
  }
});
