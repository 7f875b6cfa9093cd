import type { Catalog } from '../catalog';
import { quoteDollar, quoteIdentifier, quoteLiteral } from '../identifier';
import { marker, wantedNames } from './kit-role';
import { GATE_WRITER_ROLE, KIT_TAG } from '../policy';
import type { RoleFinding, WantedRoles } from './wanted';

/** The event trigger that refuses agents on a primary, its function, and the schema that it lives in. */
export const LOGIN_TRIGGER = 'agent_guardrails_login';
const SCHEMA = 'agent_guardrails';
const FUNCTION = `${quoteIdentifier(SCHEMA)}.${quoteIdentifier('refuse_agents_on_primary')}`;

/** First major version with event triggers on login. */
const SINCE = 170000;

/**
 * It is of this database: in every other that agents may connect to, it has to be made too, or CONNECT taken from PUBLIC.
 * One statement, so that there is never a function without its trigger. Stock PostgreSQL lets only superusers make event
 * triggers; RDS lets the master user.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.EventTriggers.html
 */
export function loginTriggerStatements(wanted: WantedRoles, catalog: Catalog): { statements: string[]; findings: RoleFinding[] } {
  const existing = catalog.loginTrigger;
  const trigger = quoteIdentifier(LOGIN_TRIGGER);
  if (!wanted.refuseAgentsOnPrimary) {
    return { statements: existing?.enabled ? [`ALTER EVENT TRIGGER ${trigger} DISABLE`] : [], findings: [] };
  }
  if (catalog.server.version < SINCE) {
    return { statements: [], findings: [tooOld(catalog)] };
  }
  const source = triggerSource(wanted);
  if (existing?.always && existing.source === source) return { statements: [], findings: [] };
  const body = [
    'BEGIN',
    `  CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(SCHEMA)};`,
    `  CREATE OR REPLACE FUNCTION ${FUNCTION}() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS ${quoteLiteral(source)};`,
    ...(existing ? [] : [`  CREATE EVENT TRIGGER ${trigger} ON login EXECUTE FUNCTION ${FUNCTION}();`]),
    `  ALTER EVENT TRIGGER ${trigger} ENABLE ALWAYS;`,
    `  COMMENT ON EVENT TRIGGER ${trigger} IS ${quoteLiteral(`${marker(wanted)} agents log in to replicas only`)};`,
    'END',
  ].join('\n');
  return { statements: [`DO ${quoteDollar(body)}`], findings: [] };
}

/**
 * Whoever is not an agent passes after one comparison with a constant, which cannot fail: no table, no function, no
 * setting is involved that somebody could take away or change. An agent that cannot be judged is refused.
 */
function triggerSource(wanted: WantedRoles): string {
  const agents = wantedNames(wanted).filter((name) => name !== GATE_WRITER_ROLE).sort().map(quoteLiteral).join(', ');
  return [
    '',
    'BEGIN',
    `  IF session_user = ANY (ARRAY[${agents}]::pg_catalog.name[]) THEN`,
    '    IF NOT pg_catalog.pg_is_in_recovery() THEN',
    "      RAISE EXCEPTION 'agents may not log in to a primary' USING ERRCODE = 'invalid_authorization_specification',",
    `        HINT = 'Connect to the read replica. (${KIT_TAG})';`,
    '    END IF;',
    '  END IF;',
    'END',
    '',
  ].join('\n');
}

function tooOld({ server: { version, database } }: Catalog): RoleFinding {
  return {
    id: 'login-trigger', subject: database, sql: [],
    because: `agents are to be refused on the primary, which PostgreSQL can from 17 on; this is ${Math.floor(version / 10000)}`,
  };
}
