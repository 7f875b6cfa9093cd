import type { DatabasePurpose } from './parameters';
import { AGENT_ROLE_PREFIX } from './policy';

/** A count of the log lines that match a CloudWatch Logs filter pattern. */
export interface LogMetric {
  readonly name: string;
  readonly pattern: string;
}

/** One thing to alarm about in a database's log: any line of `metric`, less those of `expected` where it is given. */
export interface LogWatch {
  /** Ends the alarm's name and is the construct's id. */
  readonly id: string;
  readonly metric: LogMetric;
  /**
   * Lines of `metric` that are as they should be. Its pattern matches no line that `metric` does not: one that did would
   * lower the difference, and hide a line that should alarm.
   */
  readonly expected?: LogMetric;
  /** What happened and what to do, for whoever gets the alarm. */
  readonly meaning: string;
}

/**
 * What alarms in the log of a database with this purpose. CloudWatch allows five patterns with a regular expression per
 * log group; a purpose uses three at most.
 *
 * Regular expressions of CloudWatch have no groups, only top-level alternatives, so each alternative is written out.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function logWatches(purpose: DatabasePurpose, database: string): readonly LogWatch[] {
  switch (purpose) {
    case 'replica':
      return [refused(database), destructiveOnReplica(database), unexpectedLogins(database, [AGENT, ...RDS_ROLES])];
    case 'staging':
      // Closed to agents until it is proven clean: none of them logs in.
      return [refused(database), unexpectedLogins(database, RDS_ROLES)];
    case 'delayed':
      return [unexpectedLogins(database, RDS_ROLES)];
    case 'production':
      return [refused(database), destructiveOnProduction(database), agentOnProduction(database)];
  }
}

/**
 * `LOG_LINE_PREFIX` up to the user, e.g. `2026-11-20 17:43:11 UTC:10.213.1.5(52344):`. Anchored at the start of the line:
 * whoever connects can write the same text into a statement or an application name, but a further line of a statement
 * begins with a tab, and line breaks in an application name are replaced.
 *
 * A login to a database whose name has a line break in it can forge a whole line. What such a line adds to the expected it
 * adds to the seen; at worst it hides its own login, which ends at once because there is no database of that name.
 */
const BEFORE_USER = '^[0-9-]+\\s[0-9:.]+\\s[A-Z]+:[0-9a-z.:]*.[0-9a-z]+.:';

/**
 * Roles of agents, as a regular expression for the user field: every role whose name begins so counts as an agent's. Give
 * no other role such a name: its logins to the replica would be expected.
 */
const AGENT = `${AGENT_ROLE_PREFIX}[a-z0-9_]*`;

/** Roles with which RDS itself operates a database. */
const RDS_ROLES = ['rdsadmin', 'rdsrepladmin'];

const LOGGED_IN = 'connection authorized:';

/** A space for a regular expression, which CloudWatch takes as a code only. `\s` would also match a tab, a phrase does not. */
const SPACE = '\\x20';

/** What PostgreSQL writes from the database on, `orders:[1234]:LOG:  `. A database with a colon in its name is never expected. */
const LOG_MESSAGE = `[^:]*:\\[[0-9]+\\]:LOG:${SPACE}${SPACE}`;

function regex(...alternatives: string[]): string {
  return `%${alternatives.join('|')}%`;
}

/** A word in any case, as a whole word: `drop` in `DROP TABLE`, before a comment, at the end of a line; not in `dropped_at`. */
function word(text: string): string[] {
  const anyCase = [...text].map((letter) => `[${letter.toUpperCase()}${letter}]`).join('');
  return [`\\W${anyCase}\\W`, `\\W${anyCase}$`];
}

function auditClass(classAndCommand: string): string {
  return `:\\s+AUDIT:\\s[A-Z]+,[0-9]+,[0-9]+,${classAndCommand}`;
}

/** What a role may not do, and who may not log in: with a wrong password or an expired token, or without TLS. */
function refused(database: string): LogWatch {
  return {
    id: 'RefusedStatements',
    metric: {
      name: 'RefusedStatements',
      pattern: regex(
        ':\\s+permission\\sdenied', ':\\s+must\\sbe\\s', ':\\s+must\\shave\\s',
        'read-only\\stransaction', 'during\\srecovery', 'recovery\\sis\\sin\\sprogress',
        ':FATAL:\\s+.*authentication\\sfailed', ':FATAL:\\s+no\\spg_hba\\.conf\\sentry', ':FATAL:\\s+pg_hba\\.conf\\srejects',
        ':FATAL:\\s+role\\s.*\\sdoes\\snot\\sexist', ':FATAL:\\s+role\\s.*\\sis\\snot\\spermitted\\sto\\slog\\sin',
      ),
    },
    meaning:
      `PostgreSQL refused a statement or a login on ${database}: somebody tried to write, to do what their role may not, or to ` +
      'log in and could not. Nothing was changed. Find the lines with ERROR or FATAL in the log group. ERROR: see which agent it ' +
      'was and what it was asked to do, and lock it out if nobody can explain it. FATAL: an agent with an expired token is ' +
      'harmless; a password that failed is a guess at a user of production, since agents have none: find out who has the ' +
      "address in that line, close their way in, and change that user's password if a login followed.",
  };
}

function destructiveOnReplica(database: string): LogWatch {
  return {
    id: 'DestructiveStatements',
    metric: {
      name: 'DestructiveStatements',
      pattern: regex(
        ...['drop', 'truncate', 'delete', 'revoke'].flatMap(word),
        ...['DDL,', 'ROLE,', 'WRITE,'].map(auditClass),
      ),
    },
    meaning:
      `A statement on ${database} contains DROP, TRUNCATE, DELETE or REVOKE, or pgAudit saw a write. A replica cannot be ` +
      'changed, so nothing was. The word may also stand in a comment or a text. Read the statement in the log group; if it was ' +
      'meant, stop the agent before it finds another way.',
  };
}

/** pgAudit's class and command, not the text: an application's own data may well contain the word. */
function destructiveOnProduction(database: string): LogWatch {
  return {
    id: 'DestructiveStatements',
    metric: {
      name: 'DestructiveStatements',
      pattern: regex(
        auditClass('[A-Z]+,DROP\\s'), auditClass('[A-Z]+,TRUNCATE'),
        ...word('drop').map((drop) => auditClass(`DDL,ALTER\\s.*${drop}`)),
      ),
    },
    meaning:
      `Something was dropped or truncated on the production database ${database}. If this was not an approved change: stop ` +
      'applications that write, note the time of the line in the log group, and restore to just before it with point-in-time ' +
      'recovery.',
  };
}

/**
 * All logins less the expected ones. A copy has production's own users with their passwords, so a login by one of them is
 * possible for whoever reaches the copy and knows the password; nothing but this alarm tells of it.
 *
 * `expected` repeats the whole line up to the user that PostgreSQL names in its message, with the very spaces of the phrase in
 * `metric`, so that a text which somebody has PostgreSQL log never counts as expected alone. To exclude lines by a word
 * instead would let anyone pass by putting the word into the application name, which PostgreSQL writes into the same line.
 */
function unexpectedLogins(database: string, roles: readonly string[]): LogWatch {
  return {
    id: 'UnexpectedLogins',
    // A plain term: it still counts, and then alarms, if the start of the lines is ever not what `expected` knows.
    metric: { name: 'Logins', pattern: `"${LOGGED_IN}"` },
    expected: {
      name: 'ExpectedLogins',
      pattern: regex(
        ...roles.map((role) => `${expectedLogin(role)}${SPACE}`),
        expectedLogin('rdsrepladmin', 'replication '),
      ),
    },
    meaning:
      `A role that has no business on ${database} logged in, or a statement has the words in it that tell of a login. Look for ` +
      `"${LOGGED_IN}" in the log group to see which one and from where; ` +
      'end its sessions and change its password or its membership in rds_iam.',
  };
}

function expectedLogin(role: string, kind = ''): string {
  return `${BEFORE_USER}${role}@${LOG_MESSAGE}${`${kind}${LOGGED_IN} `.replaceAll(' ', SPACE)}user=${role}`;
}

/** Only where the kit records production: a database that it made. The logs of one that exists already are not its own. */
function agentOnProduction(database: string): LogWatch {
  return {
    id: 'AgentLogins',
    metric: { name: 'AgentLines', pattern: regex(`${BEFORE_USER}${AGENT}@`) },
    meaning:
      `An agent's database role connected, or tried to, to the production database ${database}, where no agent may log in. ` +
      'Lock the agent out, find out how it reached the database, and read in the log group what it did.',
  };
}
