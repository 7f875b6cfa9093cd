import { awsCli } from '../aws-cli';
import { explain } from '../aws-failure';
import { judgePeople, judgeProviders } from './people';
import { judgeProduction } from './production';
import type { Finding, Place, Preflight, PreflightEnvironment, Reason, Sight, Sights } from './types';

/** What a deployment would find, or why nobody can say. */
export function judge(environment: PreflightEnvironment, sights: Sights, now: Date): Preflight {
  const account = accountIn(sights);
  if (account !== undefined && environment.account !== undefined && account !== environment.account) {
    return { do: 'stop', reasons: [elsewhere(account, environment.account, sights.region)] };
  }
  const reasons = blindness(environment, sights);
  if (reasons.length > 0) return { do: 'stop', reasons };
  const place: Place = { region: sights.region, account: account ?? environment.account };
  const production = judgeProduction(environment, sights.production, place, now);
  const people = judgePeople(sights.people, place);
  const findings = [...production.findings, ...people.findings, ...judgeProviders(environment, sights.providers, place)];
  const has = (verdict: Finding['verdict']) => findings.some((finding) => finding.verdict === verdict);
  return {
    do: 'report',
    report: {
      verdict: has('fail') ? 'fail' : has('unknown') ? 'unknown' : 'pass',
      findings,
      warnings: [...production.warnings, ...people.warnings],
    },
  };
}

/** What another account holds says nothing about the environment, be it a database of the same name. */
function elsewhere(actual: string, wanted: string, region: string): Reason {
  return {
    because: `you are logged in to account ${actual}, but the environment is for account ${wanted}`,
    fix: 'log in to the account of the environment, for example by naming its profile in AWS_PROFILE; this shows who is logged in: '
      + awsCli(region, 'sts', 'get-caller-identity'),
  };
}

/** Why nothing at all could be read. Empty when anything was, such as that something does not exist, or nothing had to be. */
function blindness(environment: PreflightEnvironment, { region, production, people, providers }: Sights): readonly Reason[] {
  const instance = environment.production.existing?.instanceIdentifier ?? 'the account';
  const looks = [
    { sight: production, service: 'RDS', action: 'rds:DescribeDBInstances', on: instance },
    ...people.map(({ person, sight }) => ({ sight, service: 'IAM', action: person.action, on: person.arn } as const)),
    { sight: providers, service: 'IAM', action: 'iam:ListOpenIDConnectProviders', on: 'the account' },
  ] as const;
  if (looks.some(({ sight }) => sight?.kind === 'seen' || sight?.failure.kind === 'absent')) return [];
  const reasons = looks.flatMap(({ sight, service, action, on }) =>
    sight?.kind === 'failure' ? [explain(sight.failure, { service, action, on, region })] : []);
  return reasons.filter(({ because }, i) => reasons.findIndex((earlier) => earlier.because === because) === i);
}

/** The account that is logged in to, by the ARNs in whatever AWS answered. */
function accountIn({ production, people, providers }: Sights): string | undefined {
  const sights: readonly (Sight<unknown> | undefined)[] = [production, providers, ...people.map(({ sight }) => sight)];
  const arns = [
    ...(production?.kind === 'seen' ? production.seen.map((instance) => instance.DBInstanceArn) : []),
    ...(providers?.kind === 'seen' ? providers.seen : []),
    ...people.map(({ sight }) => (sight?.kind === 'seen' ? sight.seen : undefined)),
    // A refusal names the caller: `User: arn:aws:sts::111122223333:assumed-role/ROLE/SESSION is not authorized …`
    ...sights.map((sight) => (sight?.kind === 'failure' ? /^User: (\S+)/.exec(sight.failure.message)?.[1] : undefined)),
  ];
  return arns.map((arn) => /^arn:[a-z-]+:[a-z]+:[a-z0-9-]*:(\d{12}):/.exec(arn ?? '')?.[1]).find((account) => account !== undefined);
}
