import { explain, failureOf } from '../core/aws-failure';
import { judge } from '../core/preflight/judge';
import { githubAgents, peopleOf } from '../core/preflight/people';
import type { LocatedInstance, Person, Preflight, Sight, Sights } from '../core/preflight/types';
import type { Environment } from '../environment';
import { chooseEnvironment, noOwnCdkJson, ownCdkJson } from './cdk-json';
import type { Command } from './command';
import { readOptions } from './options';
import { ownFileFrom } from './own-package';
import { renderReason, renderReport } from './preflight-report';
import { awsWorld, type World } from './preflight-world';
import { EXIT, progress } from './terminal';

const HELP = `dbguard preflight: say before a deployment what the deployment would say, by reading the real account

Usage: dbguard preflight --env NAME [--json]

Reads the production database as every deployment does, and looks for the roles and users that are named as approvers and
agents, and for GitHub's identity provider where agents are its workflows. It changes nothing. It uses the credentials that
the AWS CLI would use, which must allow rds:DescribeDBInstances, iam:GetRole, iam:GetUser, iam:ListOpenIDConnectProviders.

Options
  --env NAME     the environment of the cdk.json in this folder
  --json         one JSON document: { environment, verdict, findings, warnings }

Exit status: 0 everything passes, 1 something fails or could not be checked, 2 nothing could be read.

Examples
  dbguard preflight --env prod
  AWS_PROFILE=prod dbguard preflight --env prod
  dbguard preflight --env prod --json | jq '.findings[] | select(.verdict != "pass") | .fix'
`;

/** The command, in a world: the real one, or one that a test made. */
export function preflightIn(worldOf: (region: string | undefined) => Promise<World>): Command {
  return {
    summary: 'say before a deployment what the deployment would say, by reading the real account',
    help: HELP,
    run: async (args, terminal) => {
      const { env, json } = readOptions(args, { env: 'NAME', json: true });
      const cdkJson = ownCdkJson(terminal.folder);
      if (!cdkJson) {
        throw new Error(`${noOwnCdkJson(terminal.folder)}; see ${ownFileFrom(terminal.folder, 'ENVIRONMENTS.md')}`);
      }
      const choice = chooseEnvironment(cdkJson, env);
      if ('report' in choice) throw new Error(choice.report);

      const done = progress(terminal, 'reading the account …');
      const outcome = await look(choice.environment, worldOf).finally(done);
      if (outcome.do === 'stop') {
        for (const reason of outcome.reasons) terminal.err.write(`dbguard preflight: ${renderReason(reason, terminal)}`);
        return EXIT.couldNotRun;
      }
      const { report } = outcome;
      const document = { environment: choice.name, ...report };
      terminal.out.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : renderReport(choice.name, report, terminal));
      return report.verdict === 'pass' ? EXIT.done : EXIT.refused;
    },
  };
}

export const preflight = preflightIn(awsWorld);

async function look(environment: Environment, worldOf: (region: string | undefined) => Promise<World>): Promise<Preflight> {
  const world = await worldOf(environment.region);
  const region = await sightOf(world.region());
  if (region.kind === 'failure') {
    // Without a Region there is nobody to ask.
    const question = { service: 'RDS', action: 'rds:DescribeDBInstances', on: 'the account', region: 'unknown' } as const;
    return { do: 'stop', reasons: [explain(region.failure, question)] };
  }
  return judge(environment, await sightsOf(environment, region.seen, world), world.now());
}

/** Asks for everything at once. People of another account cannot be seen from this one. */
async function sightsOf(environment: Environment, region: string, world: World): Promise<Sights> {
  const { existing } = environment.production;
  const [production, providers, ...people] = await Promise.all([
    existing && sightOf(instances(world, existing.instanceIdentifier)),
    githubAgents(environment).length > 0 ? sightOf(providerArns(world)) : undefined,
    ...peopleOf(environment).map(async (person) => {
      const isElsewhere = environment.account !== undefined && person.account !== environment.account;
      return isElsewhere ? { person } : { person, sight: await sightOf(arnOf(person, world)) };
    }),
  ]);
  return { region, production, providers, people };
}

async function instances(world: World, identifier: string): Promise<readonly LocatedInstance[]> {
  return (await world.describeDBInstances({ DBInstanceIdentifier: identifier })).DBInstances ?? [];
}

async function arnOf({ kind, name }: Person, world: World): Promise<string | undefined> {
  return kind === 'role' ? (await world.getRole({ RoleName: name })).Role?.Arn : (await world.getUser({ UserName: name })).User?.Arn;
}

async function providerArns(world: World): Promise<readonly string[]> {
  return ((await world.listOpenIDConnectProviders()).OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
}

async function sightOf<Seen>(answer: Promise<Seen>): Promise<Sight<Seen>> {
  try {
    return { kind: 'seen', seen: await answer };
  } catch (error) {
    return { kind: 'failure', failure: failureOf(error) };
  }
}
