import type { PublicHole } from '../core/grants/wanted';
import { choice, fields, flag, list, oneOf, text, whole } from './fields';
import { awsId, databaseName } from './kinds';

/* What agents may read, and how their database roles come about. */

/** Names in PostgreSQL may hold anything; they are always quoted. */
const sqlName = (what: string, example: string) =>
  text(`${what} name`, `the name of a ${what}, 1 to 63 bytes, as it is stored, without quotes, such as ${example}`, (value) =>
    value !== '' && !value.includes('\0') && new TextEncoder().encode(value).length <= 63,
  );

const limit = (maximum: number, of: string) => whole(1, maximum, of).optional();

const limits = fields({
  connections: limit(1000, 'connections').describe('Connections at the same time.'),
  statementSeconds: limit(86_400, 'seconds').describe('How long one statement may run.'),
  lockSeconds: limit(3600, 'seconds').describe('How long one may wait for a lock.'),
  idleInTransactionSeconds: limit(3600, 'seconds').describe('How long a transaction may stay idle.'),
  idleSessionSeconds: limit(86_400, 'seconds').describe('How long a session may stay idle.'),
  transactionSeconds: limit(86_400, 'seconds').describe('How long a transaction may last. PostgreSQL 17 and later.'),
  temporaryFileMegabytes: limit(1_048_576, 'MB').describe('What one session may spill to disk.'),
});

const reading = fields({
  database: databaseName(/^[A-Za-z_][\w$-]{0,62}$/, "one of production's databases, such as orders").describe(
    'The database. In one that no item names, agents read nothing.',
  ),
  schemas: list(
    fields({
      schema: sqlName('schema', 'public').describe('A schema.'),
      tables: list(sqlName('table', 'orders'), '["orders"]', 1)
        .optional()
        .meta({ kind: 'list of tables and views' })
        .describe('Only these tables and views of it. Left out: all.'),
    }),
    '[{ "schema": "public" }]',
  ).describe('What is readable.'),
  personalData: list(
    fields({
      schema: sqlName('schema', 'public').describe('Its schema.'),
      table: sqlName('table', 'users').describe('Its table.'),
      column: sqlName('column', 'email').describe('Its name.'),
    }),
    '[{ "schema": "public", "table": "users", "column": "email" }]',
  )
    .optional()
    .describe('Columns that are left out: in the table, in its partitions and children, and with every view above such a table.'),
  openViews: list(
    fields({
      schema: sqlName('schema', 'public').describe('Its schema.'),
      view: sqlName('view', 'user_counts').describe('Its name.'),
    }),
    '[{ "schema": "public", "view": "user_counts" }]',
  )
    .optional()
    .describe('Views above personal data that are readable all the same, because somebody looked at what they show.'),
  future: choice(['readable', 'closed'])
    .optional()
    .describe(
      'Whether tables, views and columns that are added later are readable at once, or from the next deployment on. Left out: ' +
        'readable, unless there is personal data.',
    ),
  limits: limits.optional().describe("Limits of the role. What is left out has the kit's own."),
});

/** What agents may read: for one agent, or for all that say nothing of their own. */
export const read = list(reading, '[{ "database": "orders", "schemas": [{ "schema": "public" }] }]', 1);

const HOLES = ['tables', 'create', 'temporary', 'connect', 'routines'] as const satisfies readonly PublicHole[];

export const roles = fields({
  read: read
    .optional()
    .describe('What agents may read, database by database. Left out: the tables and views of the schema `public` in each database.'),
  closePublic: fields({
    close: list(choice(HOLES), '["create", "routines"]', 1)
      .meta({ kind: 'list of "tables", "create", "temporary", "connect", "routines"' })
      .describe('What is taken from PUBLIC.'),
    keepFor: list(sqlName('role', 'app'), '["app"]')
      .meta({ kind: 'list of roles' })
      .describe("The application's roles: each is granted what PUBLIC has, before PUBLIC loses it."),
  })
    .optional()
    .describe(
      'What everyone in the database may do and agents should not. It touches other users of the database, so without it nothing ' +
        'is taken: what PUBLIC gives away is reported, each with the SQL that ends it.',
    ),
  refuseOnPrimary: flag()
    .default(false)
    .describe(
      "Whether the database itself refuses the agents' roles wherever it is a primary: an event trigger on login, in each database that they read. PostgreSQL 17 and later.",
    ),
  admission: oneOf({
    inboundRule: fields({})
      .optional()
      .describe(
        "`{}`: one rule is added to production's security group, from the security group of the function to production's port. It is all " +
          'that the deployment adds to what is production\'s, and goes with the stack.',
      ),
    securityGroupId: awsId('security group id', 'sg')
      .optional()
      .describe(
        'A security group that production lets in already, which the function wears. Nothing of production is changed. Make one for ' +
          'it, whose only outbound rule is the one to production.',
      ),
  })
    .optional()
    .describe(
      "How a function gets in to an existing production database, to set up the agents' database roles there in every deployment: " +
        'exactly one of `inboundRule`, `securityGroupId`. Left out: there is no such function, and a person runs the SQL of ' +
        '`npx dbguard roles --print --env NAME`. Needs `vpcId`, `subnetIds`, `availabilityZones`, `securityGroupId` and ' +
        '`masterSecretArn` of `production.existing`. A database that the deployment creates lets the function in by itself.',
    ),
  secretsEndpointSecurityGroupId: awsId('security group id', 'sg')
    .optional()
    .describe(
      "The security group of an interface endpoint of Secrets Manager, with private DNS, that production's network has. It has to let the " +
        'function in on TCP 443. Left out: the function gets an endpoint of its own, which nobody else notices, and which costs.',
    ),
}).describe("The agents' database roles.");
