import { awsCli } from '../aws-cli';
import { explain } from '../aws-failure';
import { DATABASE_PREFIX, MINIMUM_BACKUP_RETENTION_DAYS } from '../policy';
import { checkProduction } from '../production-check/check';
import type { Expected, Item } from '../production-check/types';
import type { ExistingProduction, Judgement, Note, Place, PreflightEnvironment, PreflightReport, Reason, Sights } from './types';

/** What the deployment's own check compares with: `GuardrailsStack` gives it these values. */
export function expectedOf(
  existing: ExistingProduction, environment: Pick<PreflightEnvironment, 'network' | 'replica'>, arn: string,
): Expected {
  const { instanceIdentifier: identifier, resourceId, endpoint, port, engineVersion } = existing;
  return {
    identifier, arn, resourceId, endpoint, port, engineVersion,
    backupRetentionDays: MINIMUM_BACKUP_RETENTION_DAYS,
    iamAuthentication: 'not-required',
    replicaPlacement: environment.network.reach === 'lattice' ? 'production-vpc' : 'agent-network',
    ownReplicas: [
      `${DATABASE_PREFIX.replica}${identifier}`,
      ...(environment.replica.delayed ? [`${DATABASE_PREFIX.delayed}${identifier}`] : []),
    ],
  };
}

/** Whether the production database would pass the check that the deployment begins with. */
export function judgeProduction(
  environment: PreflightEnvironment, sight: Sights['production'], place: Place, now: Date,
): Pick<PreflightReport, 'findings' | 'warnings'> {
  const { existing, create } = environment.production;
  const subject = (existing ?? create)?.instanceIdentifier ?? '';
  const only = (judgement: Judgement) => ({ findings: [{ check: 'production' as const, subject, ...judgement }], warnings: [] });
  if (!existing) return only({ verdict: 'pass', because: 'there is nothing to check yet: the deployment makes it' });
  if (!sight) return only({ verdict: 'unknown', because: 'could not be checked: it was not looked at' });
  if (sight.kind === 'failure') {
    if (sight.failure.kind === 'absent') return only({ verdict: 'fail', ...notFound(existing, place) });
    const question = { service: 'RDS', action: 'rds:DescribeDBInstances', on: subject, region: place.region } as const;
    const { because, fix } = explain(sight.failure, question);
    return only({ verdict: 'unknown', because: `could not be checked: ${because}`, fix });
  }
  const instance = sight.seen.find((each) => each.DBInstanceIdentifier?.toLowerCase() === subject.toLowerCase());
  if (!instance) return only({ verdict: 'fail', ...notFound(existing, place) });

  const arn = instance.DBInstanceArn ?? `arn:aws:rds:${place.region}:${place.account ?? 'unknown'}:db:${subject}`;
  const report = checkProduction(expectedOf(existing, environment, arn), instance, now);
  const warnings = report.warnings.map((item) => noteOn(subject, item));
  return report.verdict === 'pass'
    ? { ...only({ verdict: 'pass', because: 'it is the database that was described, and it can be recovered' }), warnings }
    : { findings: report.missing.map((item) => ({ ...noteOn(subject, item), verdict: 'fail' })), warnings };
}

function noteOn(subject: string, { what, saw, fix, warning }: Item): Note {
  return { check: 'production', subject, because: `${what}: ${saw}`, fix, ...(warning === undefined ? {} : { warning }) };
}

function notFound(existing: ExistingProduction, { region, account }: Place): Reason {
  const where = `${account === undefined ? 'the account that you are logged in to' : `account ${account}`}, Region ${region}`;
  const because = `RDS knows no instance ${existing.instanceIdentifier} in ${where}`;
  const home = /\.([a-z0-9-]+)\.rds\.amazonaws\./.exec(existing.endpoint)?.[1];
  if (home !== undefined && home !== region) {
    return {
      because: `${because}, and its endpoint is in ${home}`,
      fix: `write "region": "${home}" in the environment in cdk.json`,
    };
  }
  const list = awsCli(region, 'rds', 'describe-db-instances', '--query', 'DBInstances[].DBInstanceIdentifier', '--output', 'text');
  return { because, fix: `correct instanceIdentifier, or log in to the account of the database; the instances here are: ${list}` };
}
