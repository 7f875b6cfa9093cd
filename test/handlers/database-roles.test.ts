import { Client } from 'pg';
import { wantedDatabases, type ReadingAgents } from '../../lib/core/agent-reading';
import { ROLES_LOCK } from '../../lib/core/policy';
import type { DatabaseRolesProperties, ProvisioningAnswer } from '../../lib/core/role-provisioning';
import { sqlOver } from '../../lib/database/sql';
import { make as makeCaller, type Invocation, type World as CallerWorld } from '../../lib/handlers/database-roles';
import type { ConnectOptions, Session } from '../../lib/database/production-connection';
import { make as makeProvisioner, type World as ProvisionerWorld } from '../../lib/handlers/role-provisioner';
import { connect } from '../../lib/sandbox/connection';
import { as, database, PASSWORD, SHOP } from '../database/fixture';
import { testServer } from '../sandbox/fixture';
import { request, SIGNATURE, STACK, Surroundings, type Answer } from './custom-resource-fixture';

const HOST = 'shop.c9akciq32exa.eu-central-1.rds.amazonaws.com';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-5f0c7c3e-AbCdEf';
const PROVISIONER = 'arn:aws:lambda:eu-central-1:111122223333:function:provisioner';

const everything = (agents: ReadingAgents['agents'] = [{ name: 'coding' }], databases = ['shop']): ReadingAgents =>
  ({ databases, agents, deployment: 'agent-db-guardrails-test' });

function properties(reading: ReadingAgents): DatabaseRolesProperties {
  return {
    Provisioner: PROVISIONER, Host: HOST, Port: '5432', Databases: JSON.stringify(wantedDatabases(reading)), SecretArn: SECRET,
    SecretsHost: 'vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com', DeploymentId: 'first',
  };
}

/** The two functions, and what is around them. A password is what nobody may find anywhere. */
class Stack extends Surroundings implements CallerWorld, ProvisionerWorld {
  readonly secretReads: string[] = [];
  readonly invocations: string[] = [];
  readonly answersOfProvisioner: ProvisioningAnswer[] = [];
  status: string | Error = 'UPDATE_IN_PROGRESS';
  password = PASSWORD;
  /** What Secrets Manager answers next, instead of the secret. */
  secretAnswers: ({ status: number; body: string } | Error)[] = [];
  /** What Lambda answers next, instead of running the function. */
  invocationAnswers: (Invocation | Error)[] = [];
  /** What the next attempts to log in meet. */
  loginErrors: string[] = [];
  provisionerSeconds = 60;

  constructor(private readonly port = 1, seconds = 240) {
    super(seconds);
  }

  override readonly pause = (milliseconds: number, signal: AbortSignal): Promise<void> => quickly(milliseconds, signal);

  readonly cloudFormation: CallerWorld['cloudFormation'] = {
    describeStacks: ({ StackName }) => {
      expect(StackName).toBe(STACK);
      return this.status instanceof Error ? Promise.reject(this.status) : Promise.resolve({ Stacks: [{ StackStatus: this.status }] });
    },
  };

  readonly invoke: CallerWorld['invoke'] = async (functionArn, payload) => {
    expect(functionArn).toBe(PROVISIONER);
    this.invocations.push(payload);
    const instead = this.invocationAnswers.shift();
    if (instead instanceof Error) throw instead;
    if (instead) return instead;
    const ends = Date.now() + this.provisionerSeconds * 1000;
    const answer = await makeProvisioner(this)(JSON.parse(payload), { ...this.context, getRemainingTimeInMillis: () => ends - Date.now() });
    this.answersOfProvisioner.push(answer);
    return { status: 200, failed: false, payload: JSON.stringify(answer) };
  };

  readonly secret: ProvisionerWorld['secret'] = (arn, host) => {
    this.secretReads.push(`${arn} at ${host}`);
    const instead = this.secretAnswers.shift();
    if (instead instanceof Error) return Promise.reject(instead);
    return Promise.resolve(instead ?? { status: 200, body: JSON.stringify({ SecretString: JSON.stringify({ username: 'master', password: this.password }) }) });
  };

  readonly certificateAuthorities: ProvisionerWorld['certificateAuthorities'] = (region) => (region === 'eu-central-1' ? ['PEM'] : []);

  readonly connect = async (options: ConnectOptions, signal: AbortSignal): Promise<Session> => {
    expect(options).toMatchObject({ host: HOST, port: 5432, certificateAuthorities: ['PEM'] });
    const code = this.loginErrors.shift();
    if (code !== undefined) throw Object.assign(new Error(`secret ${options.password}`), { code });
    const client = new Client({ host: '127.0.0.1', port: this.port, database: options.database, user: options.user, password: options.password });
    client.on('error', () => {});
    signal.addEventListener('abort', () => void client.end().catch(() => undefined));
    await client.connect();
    return { ...sqlOver(client), end: () => client.end() };
  };

  async deploy(type: string, reading: ReadingAgents, before?: ReadingAgents, more: Partial<DatabaseRolesProperties> = {}): Promise<Answer> {
    const event = request(type, {
      ResourceProperties: { ServiceToken: 'arn:aws:lambda:x', ...properties(reading), ...more },
      ...(before && { OldResourceProperties: { ServiceToken: 'arn:aws:lambda:x', ...properties(before) } }),
    });
    await makeCaller(this)(event, this.context);
    return this.answers.at(-1)!;
  }

  /** Everything that anybody could read afterwards. */
  get traces(): string {
    return JSON.stringify([this.records, this.answers, this.invocations, this.answersOfProvisioner]);
  }
}

/** Time that is waited for nothing is cut short. */
const quickly = (milliseconds: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, milliseconds === 3_000 ? 10 : milliseconds);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve();
  });
});

const PASSWORDS = [/"test"/, /secret test/, new RegExp(SIGNATURE)];
const noSecretIn = (stack: Stack): void => {
  for (const secret of PASSWORDS) expect(stack.traces).not.toMatch(secret);
};

describe.each([15, 17, 18])('on PostgreSQL %i, a deployment', (major) => {
  let server: Awaited<ReturnType<typeof testServer>>;
  beforeAll(async () => {
    server = await testServer(major);
    await database(server, 'shop', SHOP);
    await database(server, 'crm', 'CREATE TABLE public.leads (id int)');
  });
  afterAll(() => server.remove());

  const may = async (role: string, text: string, name = 'shop'): Promise<string> => {
    const sql = await as(server, role, name);
    try {
      await sql.query(text);
      return 'yes';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await sql.end();
    }
  };
  const facts = async (role: string): Promise<Record<string, unknown> | undefined> => {
    const sql = await as(server, 'master', 'postgres');
    try {
      return (await sql.query('SELECT rolcanlogin AS login, rolpassword IS NULL AS "noPassword" FROM pg_catalog.pg_roles WHERE rolname = $1', [role])).rows[0];
    } finally {
      await sql.end();
    }
  };

  test('makes the role, changes nothing the second time, and takes back what is not wanted any more', async () => {
    // WHEN a stack is created, which is told twice
    const stack = new Stack(server.port);
    const first = await stack.deploy('Create', everything());
    expect(first).toMatchObject({ Status: 'SUCCESS', Data: { Findings: expect.stringContaining('shop: ') as string } });
    expect(Number(first.Data!.Changes)).toBeGreaterThan(3);
    expect(await may('agent_coding_ro', 'SELECT total FROM public.orders')).toBe('yes');
    expect(await may('agent_coding_ro', 'SELECT pan FROM billing.payers')).toMatch(/permission denied/);
    expect(await may('agent_coding_ro', 'UPDATE public.orders SET total = 0')).toMatch(/read-only transaction|permission denied/);
    const again = await stack.deploy('Create', everything());
    expect(again).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first.PhysicalResourceId });
    expect(stack.answersOfProvisioner[1]).toMatchObject({ did: 'all', databases: [{ database: 'shop' }] });

    // WHEN an update wants one column less, and another agent
    const fewer = everything([{ name: 'support', read: [{ database: 'shop', schemas: [{ schema: 'billing' }], personalData: [{ schema: 'billing', table: 'payers', column: 'pan' }] }] }]);
    expect(await stack.deploy('Update', fewer, everything())).toMatchObject({ Status: 'SUCCESS' });
    expect(await facts('agent_coding_ro')).toMatchObject({ login: false });
    expect(await may('agent_support_ro', 'SELECT id FROM billing.payers')).toBe('yes');
    expect(await may('agent_support_ro', 'SELECT pan FROM billing.payers')).toMatch(/permission denied/);
    expect(await may('agent_support_ro', 'SELECT total FROM public.orders')).toMatch(/permission denied/);

    // WHEN that update is rolled back
    stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await stack.deploy('Update', everything(), fewer)).toMatchObject({ Status: 'SUCCESS' });
    expect(await facts('agent_support_ro')).toMatchObject({ login: false });
    expect(await may('agent_coding_ro', 'SELECT total FROM public.orders')).toBe('yes');

    // WHEN the stack is deleted, and that is told twice
    for (let i = 0; i < 2; i += 1) {
      expect(await stack.deploy('Delete', everything())).toEqual(expect.objectContaining({ Status: 'SUCCESS', PhysicalResourceId: first.PhysicalResourceId, Data: {} }));
    }
    expect(await facts('agent_coding_ro')).toMatchObject({ login: false });
    expect(stack.answersOfProvisioner.at(-1)).toMatchObject({ did: 'all', databases: [{ changes: 0 }] });
    const sql = await as(server, 'master', 'shop');
    expect((await sql.query(`SELECT count(*)::int AS n FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a WHERE a.grantee = 'agent_coding_ro'::regrole`)).rows).toEqual([{ n: 0 }]);
    expect((await sql.query('SELECT count(*)::int AS n FROM pg_catalog.pg_roles WHERE rolname LIKE $1', ['agent%'])).rows).toEqual([{ n: 2 }]);
    await sql.end();

    // THEN the secret was read where it was needed, and left no trace
    expect(new Set(stack.secretReads)).toEqual(new Set([`${SECRET} at vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com`]));
    noSecretIn(stack);
  });

  test('takes grants back in a database that agents may no longer read, and does not mind one that is gone', async () => {
    const stack = new Stack(server.port);
    const both = everything([{ name: 'coding' }], ['shop', 'crm']);
    expect(await stack.deploy('Create', both)).toMatchObject({ Status: 'SUCCESS' });
    expect(await may('agent_coding_ro', 'SELECT 1 FROM public.leads', 'crm')).toBe('yes');
    expect(await stack.deploy('Update', everything(), both)).toMatchObject({ Status: 'SUCCESS' });
    expect(await may('agent_coding_ro', 'SELECT 1 FROM public.leads', 'crm')).toMatch(/permission denied/);
    expect(await may('agent_coding_ro', 'SELECT total FROM public.orders')).toBe('yes');
    expect(await stack.deploy('Update', everything(), everything([{ name: 'coding' }], ['shop', 'was_dropped']))).toMatchObject({ Status: 'SUCCESS' });
    await stack.deploy('Delete', both);
  });

  test('stops at a schema that does not exist, with its name, and nothing is changed', async () => {
    const stack = new Stack(server.port);
    const wrong = everything([{ name: 'misled', read: [{ database: 'shop', schemas: [{ schema: 'sales' }] }] }]);
    const answer = await stack.deploy('Create', wrong);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^The database roles of agents on shop\.c9akciq32exa\S+ were not set up: in database shop: .*sales.*\. Nothing was changed\.$/s);
    expect(await facts('agent_misled_ro')).toBeUndefined();
    noSecretIn(stack);
  });

  test('stops at a database that does not exist, with its name', async () => {
    const stack = new Stack(server.port);
    expect(await stack.deploy('Create', everything(undefined, ['nowhere']))).toMatchObject({
      Status: 'FAILED',
      Reason: `The database roles of agents on ${HOST} were not set up: there is no database nowhere at ${HOST}:5432; write the names of databases that exist. Nothing was changed.`,
    });
  });

  test('stops when the password is wrong, after reading the secret anew, and repeats neither', async () => {
    const stack = new Stack(server.port);
    stack.password = 'hunter2-wrong';
    expect(await stack.deploy('Create', everything())).toMatchObject({
      Status: 'FAILED',
      Reason: `The database roles of agents on ${HOST} were not set up: ${HOST}:5432 refuses the user and password of the master secret; see that the secret is the one of `
        + 'this database and is up to date. Nothing was changed.',
    });
    expect(stack.secretReads).toHaveLength(2);
    expect(stack.traces).not.toContain('hunter2');
  });

  test('stops when code of the database stops it, and repeats nothing that this says', async () => {
    const stack = new Stack(server.port);
    const root = await connect(server.superuserUrl('shop'));
    await root.script(`CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'password hunter2'; END $$;
      CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watch()`);
    expect(await stack.deploy('Create', everything([{ name: 'watched' }]))).toMatchObject({
      Status: 'FAILED',
      Reason: `The database roles of agents on ${HOST} were not set up: in database shop: code of the database, such as an event trigger, stopped it (P0001); `
        + 'the log of the database says why. Nothing was changed.',
    });
    await root.script('DROP EVENT TRIGGER watch; DROP FUNCTION public.watch()');
    await root.end();
    expect(await facts('agent_watched_ro')).toBeUndefined();
    expect(stack.traces).not.toContain('hunter2');
  });

  test('gives up in time when somebody holds a lock, and answers', async () => {
    const stack = new Stack(server.port);
    stack.provisionerSeconds = 7;
    const sql = await as(server, 'app_owner', 'shop');
    await sql.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [ROLES_LOCK]);
    const answer = await stack.deploy('Create', everything([{ name: 'waiting' }]));
    await sql.end();
    expect(answer.Reason).toMatch(/it was not done after 2 seconds; a transaction that holds a lock on what is to be granted may be why\. Part of it may have been done/);
    expect(await facts('agent_waiting_ro')).toBeUndefined();
    expect(await stack.deploy('Create', everything([{ name: 'waiting' }]))).toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('without a database that answers, a deployment', () => {
  test.each([
    ['ECONNREFUSED', `nothing answers at ${HOST}:5432 (ECONNREFUSED); production's security group has to let the function's security group in on TCP 5432`],
    ['ETIMEDOUT', `nothing answers at ${HOST}:5432 (ETIMEDOUT); production's security group has to let the function's security group in on TCP 5432`],
    ['ENOTFOUND', `the name ${HOST} cannot be resolved (ENOTFOUND); write the endpoint that RDS reports for the primary`],
    ['ERR_TLS_CERT_ALTNAME_INVALID', `what answers at ${HOST}:5432 proves to be another host, so nothing was sent to it; write the endpoint that RDS reports, not another name for it`],
    ['SELF_SIGNED_CERT_IN_CHAIN', `what answers at ${HOST}:5432 has no certificate of RDS in that Region (SELF_SIGNED_CERT_IN_CHAIN), so nothing was sent to it`],
    ['NO_TLS', `what answers at ${HOST}:5432 does not speak TLS, so nothing was sent to it`],
    ['28000', `${HOST}:5432 lets the master user not in to database shop (28000)`],
    ['53300', `${HOST}:5432 has no connection left (53300); try again when there is less going on`],
    ['ESOMETHING', `logging in to database shop at ${HOST}:5432 failed (ESOMETHING)`],
  ])('stops at %s and says what to do', async (code, because) => {
    const stack = new Stack();
    stack.loginErrors = [code];
    expect(await stack.deploy('Create', everything())).toMatchObject({
      Status: 'FAILED', Reason: `The database roles of agents on ${HOST} were not set up: ${because}. Nothing was changed.`,
    });
    noSecretIn(stack);
  });

  test.each<[string, { status: number; body: string } | Error, string]>([
    ['is denied', { status: 400, body: '{"__type":"AccessDeniedException","Message":"password hunter2"}' }, `the master secret ${SECRET} cannot be read: AccessDeniedException`],
    ['is gone', { status: 400, body: '{"__type":"com.amazonaws.secretsmanager#ResourceNotFoundException"}' }, `the master secret ${SECRET} cannot be read: ResourceNotFoundException`],
    ['is something else', { status: 200, body: '{"SecretString":"hunter2"}' }, `the master secret ${SECRET} cannot be read: it is not JSON with username and password`],
    ['is answered by no service of AWS', { status: 503, body: '<html>hunter2</html>' }, `the master secret ${SECRET} cannot be read: HTTP 503`],
    ['cannot be reached', Object.assign(new Error('hunter2'), { code: 'ETIMEDOUT' }), 'nothing answers at vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com (ETIMEDOUT), so the '
      + "master secret cannot be read; its security group has to let the function's security group in on TCP 443"],
  ])('stops when the secret %s', async (_, secretAnswer, because) => {
    const stack = new Stack();
    stack.secretAnswers = [secretAnswer];
    expect(await stack.deploy('Create', everything())).toMatchObject({
      Status: 'FAILED', Reason: `The database roles of agents on ${HOST} were not set up: ${because}. Nothing was changed.`,
    });
    expect(stack.traces).not.toContain('hunter2');
  });

  test('stops in a Region whose authorities it does not know, before it asks for the secret', async () => {
    const stack = new Stack();
    const answer = await stack.deploy('Create', everything(), undefined, { Host: 'shop.abc.xx-nowhere-1.rds.amazonaws.com' });
    expect(answer.Reason).toContain('the package has no certificate authority of RDS for shop.abc.xx-nowhere-1.rds.amazonaws.com, so that it cannot be told from another host; '
      + 'have a person do it: npx dbguard roles --print');
    expect(stack.secretReads).toEqual([]);
  });

  test('stops at PostgreSQL 12 and says which versions it is for', async () => {
    const stack = new Stack();
    const twelve: ProvisionerWorld['connect'] = () => Promise.resolve({
      notices: [], end: () => Promise.resolve(),
      // Whatever is asked about the server: a version that is long gone.
      query: <Row>() => Promise.resolve({ rows: [{ version: 120022, version_num: 120022, server_version_num: '120022', database: 'shop', user: 'master' }] as Row[], rowCount: 1 }),
    });
    Object.assign(stack, { connect: twelve });
    expect((await stack.deploy('Create', everything())).Reason).toContain("in database shop: the server is PostgreSQL 12; the kit's roles are for 15 to 18");
  });

  test('is deleted all the same, and the log says what was not undone', async () => {
    const stack = new Stack();
    stack.loginErrors = ['ETIMEDOUT'];
    expect(await stack.deploy('Delete', everything())).toMatchObject({ Status: 'SUCCESS', Data: {} });
    expect(stack.records).toContainEqual(expect.objectContaining({ level: 'error', event: 'not undone', because: expect.stringContaining('nothing answers at') as string }));
    expect(JSON.parse(stack.invocations[0]!)).toMatchObject({ do: 'retire', databases: [{ database: 'shop', wanted: { deployment: 'agent-db-guardrails-test', agents: [] } }] });
  });

  test('is rolled back all the same', async () => {
    const stack = new Stack();
    stack.loginErrors = ['ETIMEDOUT', 'ETIMEDOUT'];
    expect(await stack.deploy('Update', everything(), everything())).toMatchObject({ Status: 'FAILED' });
    stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await stack.deploy('Update', everything(), everything())).toMatchObject({ Status: 'SUCCESS', Data: { Changes: 'unknown', Findings: expect.stringContaining('nothing answers') as string } });
  });

  test('is not taken for a rollback when the status of the stack cannot be read', async () => {
    const stack = new Stack();
    stack.loginErrors = ['ETIMEDOUT'];
    stack.status = new Error('denied');
    expect(await stack.deploy('Update', everything(), everything())).toMatchObject({ Status: 'FAILED' });
  });
});

describe('the function that CloudFormation calls', () => {
  const done: Invocation = { status: 200, failed: false, payload: '{"did":"all","databases":[{"database":"shop","changes":2,"findings":[]}]}' };
  const asleep: Invocation = { status: 409, failed: false, payload: '' };

  test('wakes the other one up when it has slept for weeks', async () => {
    const stack = new Stack();
    stack.invocationAnswers = [asleep, { ...asleep, status: 503 }, Object.assign(new Error('x'), { code: 'ECONNRESET' }), done];
    expect(await stack.deploy('Create', everything())).toMatchObject({ Status: 'SUCCESS', Data: { Changes: '2', Findings: 'none' } });
    expect(stack.invocations).toHaveLength(4);
  });

  test('gives up in time when it does not wake up', async () => {
    const stack = new Stack(1, 20);
    stack.invocationAnswers = [asleep, asleep];
    expect((await stack.deploy('Create', everything())).Reason).toContain("the function in production's network is not ready (HTTP 409). Nothing was changed.");
  });

  test.each<[string, Invocation, string]>([
    ['ended with an error', { status: 200, failed: true, payload: '{"errorMessage":"hunter2"}' }, "the function in production's network ended without a result; its log says why. Part of it may have been done; deploying again does the rest."],
    ['returned something else', { status: 200, failed: false, payload: 'hunter2' }, "the function in production's network ended without a result; its log says why. Part of it may have been done; deploying again does the rest."],
    ['may not be called', { status: 403, failed: false, payload: 'hunter2' }, "Lambda refused to run the function in production's network (HTTP 403). Nothing was changed."],
  ])('repeats nothing of what the other one returned when it %s', async (_, invocation, because) => {
    const stack = new Stack();
    stack.invocationAnswers = [invocation];
    expect((await stack.deploy('Create', everything())).Reason).toBe(`The database roles of agents on ${HOST} were not set up: ${because}`);
    expect(stack.traces).not.toContain('hunter2');
  });

  test('says what is wrong with properties by their names', async () => {
    const stack = new Stack();
    const answer = await stack.deploy('Create', everything(), undefined, { Host: '', Port: 'x', Databases: '[]' });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'the function was called with wrong properties: Host is missing; Port is not a port; Databases describes no roles' });
    expect(stack.invocations).toEqual([]);
  });
});

test("the function in production's network does nothing on an order that it does not understand", async () => {
  const stack = new Stack();
  for (const event of [undefined, {}, { do: 'drop' }, { ...JSON.parse('{"do":"apply","host":"h","port":1,"secretArn":"a","secretsHost":"s","databases":[]}') }]) {
    expect(await makeProvisioner(stack)(event, stack.context)).toEqual({ did: 'nothing', because: 'the order is not one that the function understands' });
  }
  expect(stack.secretReads).toEqual([]);
});
