import { family } from './plain-writes';
import { unlimited } from './roles-and-settings';
import type { Attack } from './types';

export const DISTURBANCE: readonly Attack[] = [
  ...family('disturbance', 'disturb', [
    ['D3', 'lock a table against everybody', ['BEGIN', 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE']],
    ['D3b', 'lock a table against writers', ['BEGIN', 'LOCK TABLE orders IN SHARE MODE'], { dml: true }],
    ['D3c', 'lock a table against vacuum', ['BEGIN', 'LOCK TABLE orders IN ROW EXCLUSIVE MODE'], { dml: true }],
    ['D8', 'end the sessions of others', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user"],
    ['D8b', 'cancel the statements of others', "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename <> current_user"],
    ['D10', 'lock rows', ['BEGIN', 'SELECT id FROM orders FOR UPDATE'], { dml: true }],
    ['D10b', 'lock rows in a subquery', ['BEGIN', 'SELECT count(*) FROM (SELECT id FROM products FOR SHARE) s'], { dml: true }],
    ['D11', 'read the settings again', 'SELECT pg_reload_conf()'],
    ['D11b', 'rotate the log', 'SELECT pg_rotate_logfile()'],
    ['D11c', 'a checkpoint', 'CHECKPOINT'],
    ['D11d', 'a new segment of the write-ahead log', 'SELECT pg_switch_wal()'],
    ['D11e', 'a restore point', "SELECT pg_create_restore_point('planted')"],
    ['D11f', 'forget all statistics', 'SELECT pg_stat_reset()'],
    ['D11g', 'forget the statistics of the server', "SELECT pg_stat_reset_shared('bgwriter')"],
    ['D12', 'stop the replica', 'SELECT pg_wal_replay_pause()'],
    ['D12b', 'make the replica a primary', 'SELECT pg_promote(false)'],
    ['D13', 'vacuum', 'VACUUM orders'],
    ['D13b', 'analyze', 'ANALYZE orders'],
    ['D14', 'a prepared transaction, which holds its locks over restarts', ['BEGIN', 'SELECT count(*) FROM products', "PREPARE TRANSACTION 'planted'"]],
    ['D15', 'export a snapshot and keep it', ['BEGIN', 'SELECT pg_export_snapshot()']],
  ]),
  {
    id: 'D8c', family: 'disturbance', aim: 'disturb', title: 'end a process of the server',
    act: async (hand) => {
      const rows = await (await hand.login()).run('SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE usename IS NULL');
      return rows.some(({ ended }) => ended === true) ? 'ended a process of the server' : undefined;
    },
  },
  {
    id: 'D1', family: 'disturbance', aim: 'disturb', title: 'hold an advisory lock that the application uses',
    act: async (hand) => {
      await (await hand.login()).run('SELECT pg_advisory_lock(777)');
      const [row] = await (await hand.application()).run('SELECT pg_try_advisory_lock(777) AS free');
      return row?.free === true ? undefined : 'the application waits for the lock';
    },
  },
  {
    id: 'D2', family: 'disturbance', aim: 'disturb', title: 'an open transaction that holds up a migration',
    act: async (hand) => {
      const agent = await hand.login();
      await agent.run('SET idle_in_transaction_session_timeout = 0');
      await agent.run('BEGIN');
      await agent.run('SELECT count(*) FROM products');
      const application = await hand.application();
      try {
        await application.run("BEGIN; SET LOCAL lock_timeout = '40ms'; LOCK TABLE products IN ACCESS EXCLUSIVE MODE; ROLLBACK");
        return undefined;
      } catch {
        return 'a migration of the application waits';
      }
    },
  },
  {
    id: 'D2b', family: 'disturbance', aim: 'disturb', title: 'an open transaction that is forgotten, time limit left on',
    act: (hand) => unlimited(hand, 'idle_in_transaction_session_timeout', 'a forgotten transaction stays open'),
  },
  {
    id: 'D4', family: 'disturbance', aim: 'disturb', title: 'a notification that the application takes for its own',
    act: async (hand) => {
      const application = await hand.application();
      await application.run('LISTEN jobs');
      await (await hand.login()).run("SELECT pg_notify('jobs', 'planted')");
      await application.run('SELECT 1');
      return application.notifications.length > 0 ? 'the application was notified' : undefined;
    },
  },
  {
    id: 'D5', family: 'disturbance', aim: 'disturb', title: 'listen to the notifications of the application',
    act: async (hand) => {
      const agent = await hand.login();
      await agent.run('LISTEN jobs');
      await (await hand.application()).run("NOTIFY jobs, 'of the application'");
      await agent.run('SELECT 1');
      return agent.notifications.length > 0 ? 'heard what the application says' : undefined;
    },
  },
  {
    id: 'D6', family: 'disturbance', aim: 'disturb', title: 'fill the disk with a sort, limit left on',
    act: (hand) => unlimited(hand, 'temp_file_limit', 'a sort may fill the disk'),
  },
  {
    id: 'D9', family: 'disturbance', aim: 'disturb', title: 'end another session of the same role',
    act: async (hand) => {
      const [one, other] = [await hand.login(), await hand.login()];
      const [row] = await one.run(`SELECT pg_terminate_backend(${other.pid}) AS ended`);
      return row?.ended === true ? 'ended a session of its own role' : undefined;
    },
  },
  // Last: its connections need a moment to end.
  {
    id: 'D7', family: 'disturbance', aim: 'disturb', title: 'thirty connections at once',
    act: async (hand) => {
      // All are waited for: none may open when the attack is over.
      const opened = await Promise.allSettled(Array.from({ length: 30 }, () => hand.login()));
      const refused = opened.find((one) => one.status === 'rejected');
      if (refused) throw refused.reason;
      return 'thirty connections';
    },
  },
];
