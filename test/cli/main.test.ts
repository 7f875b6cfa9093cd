import { main } from '../../lib/cli/main';
import { painter, progress } from '../../lib/cli/terminal';
import { emptyFolder, folderWith, Recorder, terminalIn } from './terminal-fixture';
import packageJson from '../../package.json';

const ESCAPE = '\u001b';

async function run(argv: readonly string[], is: Parameters<typeof terminalIn>[1] = {}, folder = emptyFolder()) {
  const terminal = terminalIn(folder, is);
  const status = await main(argv, terminal);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

const HELP = `dbguard: guardrails for AI agents near a production PostgreSQL database

Usage: dbguard COMMAND [OPTIONS]

Commands
  demo        an agent fails to destroy a database: synthesize, replay an incident, run every attack
  preflight   say before a deployment what the deployment would say, by reading the real account
  audit       prove from the templates that no path leads from an agent to production
  sandbox     a local primary, replica and staging copy: real PostgreSQL, no docker, no account
  roles       set up the database roles of agents, or print the SQL that does
  attack      run every attack of the catalogue against a sandbox, and say which layer stopped it
  sql         say what the statements in a file do, by PostgreSQL's own parser
  propose     ask for a change to production: exact SQL, rehearsed, for a person to approve
  requests    the changes that were asked for, and what became of them
  show        one of them: exactly what it runs, where, what its rehearsal did, and its state now
  approve     sign a change that somebody else asked for; the last signature carries it out
  reject      turn down a change, for good
  freeze      no change is carried out until it is lifted

Every command takes --help, and --json for machines. dbguard --version prints the version.
Exit status: 0 done, 1 refused or findings, 2 could not run.

Examples
  dbguard demo
  dbguard demo --json
  dbguard preflight --env prod
  dbguard audit cdk.out
  dbguard roles --print --env prod
  dbguard sandbox up
  dbguard attack
  dbguard sql classify migration.sql
  dbguard preflight --help
`;

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']], [['help', 'nothing-that-exists']]])('is what %j prints, and that is no failure', async (argv) => {
    expect(await run(argv)).toEqual({ status: 0, out: HELP, err: '' });
  });

  test('goes to the error stream, with status 2, when no command is named', async () => {
    expect(await run([])).toEqual({ status: 2, out: '', err: HELP });
  });

  test.each(['demo', 'preflight'])('%s has its own, with every option and with examples', async (name) => {
    const { status, out, err } = await run([name, '--help']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(new RegExp(`^dbguard ${name}: `));
    for (const part of [`\nUsage: dbguard ${name} `, '\nOptions\n', '  --env NAME ', '  --json ', `\nExamples\n  dbguard ${name}`]) expect(out).toContain(part);
    expect(out.split('\n').filter((line) => line.length > 130)).toEqual([]);
    expect((await run([name, '--json', '-h'])).out).toBe(out);
    expect((await run(['help', name])).out).toBe(out);
  });
});

test.each([[['--version']], [['-v']], [['-V']], [['version']]])('the version is what %j prints, and nothing else', async (argv) => {
  expect(await run(argv)).toEqual({ status: 0, out: `${packageJson.version}\n`, err: '' });
});

describe('what cannot be run ends with status 2 and one clear line', () => {
  test.each([
    [['dmeo'], "dbguard: there is no command 'dmeo'; the commands are demo, preflight, audit, sandbox, roles, attack, sql, propose, requests, show, approve, reject, freeze"],
    [['toString'], "dbguard: there is no command 'toString'; the commands are demo, preflight, audit, sandbox, roles, attack, sql, propose, requests, show, approve, reject, freeze"],
    [['--json'], "dbguard: there is no command '--json'; the commands are demo, preflight, audit, sandbox, roles, attack, sql, propose, requests, show, approve, reject, freeze"],
    [['demo', '--jsn'], 'dbguard demo: there is no option --jsn; the options are --env NAME, --output DIR, --no-sandbox, --keep, --postgres 15|16|17|18, --server-bin DIR, --state DIR, --json, --help'],
    [['demo', '--jsn=1'], 'dbguard demo: there is no option --jsn; the options are --env NAME, --output DIR, --no-sandbox, --keep, --postgres 15|16|17|18, --server-bin DIR, --state DIR, --json, --help'],
    [['demo', '-x'], 'dbguard demo: there is no option -x; the options are --env NAME, --output DIR, --no-sandbox, --keep, --postgres 15|16|17|18, --server-bin DIR, --state DIR, --json, --help'],
    [['demo', 'prod'], "dbguard demo: 'prod' is not an option; the options are --env NAME, --output DIR, --no-sandbox, --keep, --postgres 15|16|17|18, --server-bin DIR, --state DIR, --json, --help"],
    [['demo', '--env'], 'dbguard demo: --env needs a value: --env NAME'],
    [['demo', '--env', '--json'], 'dbguard demo: --env needs a value: --env NAME'],
    [['demo', '--json=yes'], 'dbguard demo: --json takes no value'],
    [['preflight', '--output', 'x'], 'dbguard preflight: there is no option --output; the options are --env NAME, --json, --help'],
  ])('%j', async (argv, line) => {
    expect(await run(argv)).toEqual({ status: 2, out: '', err: `${line}\n` });
  });

  test('a cdk.json that cannot be read', async () => {
    const { status, out, err } = await run(['demo'], {}, folderWith('{'));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^dbguard demo: \/.*\/cdk\.json is not valid JSON: line 1, column 2: the file ends where a key in double quotes should be\n$/);
  });
});

describe('colours', () => {
  test.each([
    ['a terminal has them', true, {}, true],
    ['a pipe has none', false, {}, false],
    ['NO_COLOR takes them away', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR does not', true, { NO_COLOR: '' }, true],
    ['a dumb terminal has none', true, { TERM: 'dumb' }, false],
  ])('%s', (_, tty, environment, coloured) => {
    const text = painter(new Recorder(tty), environment)('green', 'text');
    expect(text.includes(ESCAPE)).toBe(coloured);
    expect(text).toContain('text');
  });
});

describe('progress', () => {
  test('is said on a terminal and taken back without a trace', () => {
    const terminal = terminalIn('/', { tty: true });
    const done = progress(terminal, 'working …');
    expect(terminal.err.text).toBe('working …');
    done();
    expect(terminal.err.text).toBe('working …\r         \r');
    expect(terminal.out.text).toBe('');
  });

  test('is not said to a pipe', () => {
    const terminal = terminalIn('/');
    progress(terminal, 'working …')();
    expect(terminal.err.text).toBe('');
  });
});
