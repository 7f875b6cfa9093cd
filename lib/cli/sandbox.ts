import { resolve } from 'node:path';
import { AGENT_NAME } from '../core/policy';
import { wrap } from '../core/wrap';
import { PERSONAL_NAMES, SHOP } from '../sandbox/contents';
import { connectionUrl, down, theSandbox, up, DEFAULT_POSTGRES, type Up } from '../sandbox/sandbox';
import { addresses, status } from '../sandbox/status';
import { TOKEN_MINUTES } from '../sandbox/tokens';
import type { Command } from './command';
import { interruptible } from './interruptible';
import { readOptions } from './options';
import { MAJORS, SANDBOX_OPTIONS, STATE_FOLDER, sandboxOptions, stateFolder } from './sandbox-options';
import { renderStatus, renderUp } from './sandbox-report';
import { EXIT, progress, type Terminal } from './terminal';

const HELP = `dbguard sandbox: a shop with its replica and its staging copy, as real PostgreSQL on this machine

Usage: dbguard sandbox up [--postgres ${MAJORS}] [--seed FILE | --scale N] [--agents NAME,NAME] [--server-bin DIR]
       dbguard sandbox status
       dbguard sandbox url --as reader|staging|app|admin [--agent NAME]
       dbguard sandbox down
       Each takes --state DIR, and each but url takes --json.

  up       starts a primary, a replica that follows it, a staging copy, and the archive for point-in-time recovery.
           They listen on 127.0.0.1 only. Nothing is installed outside the state folder, which git ignores.
           A second up changes nothing; after a restart of the machine it starts the same sandbox again.
  status   addresses, lag, sizes and roles. Exit status 1 if a server is missing or does not answer.
  url      prints one connection URL and nothing else.
             reader   the agent's read role, on the replica; from then on it also reads tables that were added meanwhile
             staging  the agent's role on the staging copy
             app      what the application logs in with, on the primary
             admin    who administers the database (no superuser, as on RDS), on the primary
           An agent's URL stands for a token of IAM: it works for ${TOKEN_MINUTES} to ${2 * TOKEN_MINUTES} minutes. The primary refuses agents.
  down     ends every process and deletes the data.

Options
  --postgres ${MAJORS}   default: ${DEFAULT_POSTGRES}
  --seed FILE      your own tables and rows, as SQL, instead of the built-in shop. The application's role runs it.
                   Columns with these names are taken for personal data, in tables that are added later too:
${wrap(PERSONAL_NAMES.join(', '), 110, ' '.repeat(19))}
  --scale N        N times the orders and events of the built-in shop (default: 1)
  --agents NAMES   the agents, with commas between them (default: coding)
  --agent NAME     whose URL it is (default: the first agent)
  --server-bin DIR the folder of the programs initdb and postgres, for platforms without an npm package
  --state DIR      the state folder (default: ${STATE_FOLDER} in this folder)
  --json           one JSON document: { postgres, primary: { host, port, database }, replica, staging, agents, approvers };
                   status adds { up, problems, version, lag, sizes, roles }

Examples
  dbguard sandbox up --postgres 16
  psql "$(dbguard sandbox url --as reader)"
  dbguard sandbox status --json | jq .lag
  dbguard sandbox down
`;

const ACTIONS: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>> = {
  up: runUp, status: runStatus, url: runUrl, down: runDown,
};

export const sandbox: Command = {
  summary: 'a local primary, replica and staging copy: real PostgreSQL, no docker, no account',
  help: HELP,
  run: (args, terminal) => {
    const [name = '', ...rest] = args;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new Error(`${name === '' ? 'say what to do' : `there is no 'sandbox ${name}'`}: dbguard sandbox ${Object.keys(ACTIONS).join('|')}`);
    return action(rest, terminal);
  },
};

const COMMON = { state: 'DIR' } as const;

async function runUp(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(args, {
    ...SANDBOX_OPTIONS, seed: 'FILE', scale: 'N', agents: 'NAME,NAME', json: true,
  });
  if (options.seed !== undefined && options.scale !== undefined) throw new Error('--scale is for the built-in shop; leave it out with --seed');
  const common = sandboxOptions(options, terminal);
  const { folder } = common;
  let done = () => {};
  const start = performance.now();
  let result: Up;
  try {
    result = await interruptible('interrupted', (signal) => up({
      ...common,
      seedFile: options.seed === undefined ? undefined : resolve(terminal.folder, options.seed),
      scale: options.scale === undefined ? undefined : scaleIn(options.scale),
      agents: options.agents === undefined ? undefined : agentsIn(options.agents),
      signal,
      say: (what) => {
        done();
        done = progress(terminal, `${what} …`);
      },
    }, SHOP));
  } finally {
    done();
  }
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  terminal.out.write(options.json
    ? `${JSON.stringify({ ...addresses(result.sandbox), how: result.how, seconds }, undefined, 2)}\n`
    : renderUp(result, seconds, folder, terminal));
  return EXIT.done;
}

function scaleIn(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > 10_000) throw new Error(`--scale is '${text}'; write a whole number from 1 to 10000`);
  return Number(text);
}

function agentsIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!AGENT_NAME.test(name)) throw new Error(`--agents: '${name}' cannot be the name of an agent; write 2 to 30 of a-z, 0-9 and -, a letter first`);
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw new Error(`--agents: '${name}' is there twice`);
  }
  return names;
}

async function runStatus(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(args, { ...COMMON, json: true });
  const folder = stateFolder(options.state, terminal);
  const seen = await status(folder);
  if (options.json) terminal.out.write(`${JSON.stringify(seen ?? { up: false }, undefined, 2)}\n`);
  else terminal.out.write(seen ? renderStatus(seen, terminal) : `no sandbox is up in ${folder}; start one: dbguard sandbox up\n`);
  return seen?.up === true ? EXIT.done : EXIT.refused;
}

async function runUrl(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(args, { as: 'reader|staging|app|admin', agent: 'NAME', ...COMMON });
  const as = (['reader', 'staging', 'app', 'admin'] as const).find((known) => known === options.as);
  if (!as) throw new Error(options.as === undefined ? 'say whose URL: --as reader|staging|app|admin' : `--as is '${options.as}'; write reader, staging, app or admin`);
  if (options.agent !== undefined && (as === 'app' || as === 'admin')) throw new Error(`--agent is for --as reader and --as staging; ${as} is no agent`);
  terminal.out.write(`${await connectionUrl(await theSandbox(stateFolder(options.state, terminal)), as, options.agent, SHOP)}\n`);
  return EXIT.done;
}

async function runDown(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(args, { ...COMMON, json: true });
  const folder = stateFolder(options.state, terminal);
  const { was, processes } = await down(folder);
  const said = { up: 'the sandbox is down', unfinished: 'what was left of a sandbox is gone', nothing: `there is no sandbox in ${folder}; nothing to do` }[was];
  terminal.out.write(options.json ? `${JSON.stringify({ was, processes })}\n` : `${said}${processes > 0 ? `; ${processes} processes ended` : ''}\n`);
  return EXIT.done;
}
