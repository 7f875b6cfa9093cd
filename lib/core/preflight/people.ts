import { awsCli } from '../aws-cli';
import { explain } from '../aws-failure';
import { isRoleOrUser, principalOf } from '../principal';
import type { Finding, Judgement, Note, Person, Place, PreflightEnvironment, PreflightReport, Sights } from './types';

/** GitHub's identity provider, by which its workflows sign in. */
const GITHUB = 'token.actions.githubusercontent.com';

/** Everyone who approves, and everyone who may take on an agent's role; services of AWS are nobody to look for. */
export function peopleOf(environment: Pick<PreflightEnvironment, 'agents' | 'approvers'>): readonly Person[] {
  const person = (check: Person['check'], arn: string): Person[] => {
    const principal = principalOf(arn);
    return principal ? [{ ...principal, check, arn, action: principal.kind === 'role' ? 'iam:GetRole' : 'iam:GetUser' }] : [];
  };
  return [
    ...environment.approvers.flatMap((arn) => person('approver', arn)),
    ...environment.agents.flatMap(({ trust }) => (trust.principal ? person('agent', trust.principal.arn) : [])),
  ];
}

/** Whether everyone exists, by the very ARN that is written. */
export function judgePeople(people: Sights['people'], place: Place): Pick<PreflightReport, 'findings' | 'warnings'> {
  const isElsewhere = ({ account }: Person) => place.account !== undefined && account !== place.account;
  return {
    findings: people.filter(({ person }) => !isElsewhere(person)).map(({ person, sight }) => ({
      check: person.check, subject: person.arn, ...judgePerson(person, sight, place),
    })),
    warnings: people.filter(({ person }) => isElsewhere(person)).map(({ person }): Note => ({
      check: person.check,
      subject: person.arn,
      because: `not checked: it belongs to another account, ${person.account}`,
      fix: 'log in there and see whether it exists: '
        + awsCli(place.region, 'iam', `get-${person.kind}`, `--${person.kind}-name`, person.name),
    })),
  };
}

function judgePerson(person: Person, sight: Sights['people'][number]['sight'], place: Place): Judgement {
  if (!sight) return { verdict: 'unknown', because: 'could not be checked: it was not looked at' };
  if (sight.kind === 'failure') {
    if (sight.failure.kind === 'absent') return absent(person, place);
    const { because, fix } = explain(sight.failure, { service: 'IAM', action: person.action, on: person.arn, region: place.region });
    return { verdict: 'unknown', because: `could not be checked: ${because}`, fix };
  }
  const real = sight.seen;
  if (real === undefined) {
    return { verdict: 'unknown', because: 'could not be checked: IAM answered without its ARN', fix: 'run this again in a minute' };
  }
  // A session is written without the path of its role.
  const isExact = isRoleOrUser(person.arn);
  const isSame = isExact ? real === person.arn : principalOf(real)?.name === person.name;
  if (isSame) return { verdict: 'pass', because: `the ${person.kind} exists` };
  return {
    verdict: 'fail',
    because: `IAM knows this ${person.kind} as ${real}: ${person.check === 'agent'
      ? 'it refuses a trust in any other spelling, and the deployment fails' : 'any other spelling names nobody'}`,
    fix: isExact ? `write ${real}` : `write the name of the ${person.kind} as in ${real}`,
  };
}

function absent({ check, kind, name, account: wanted }: Person, { region, account }: Place): Judgement {
  if (account === undefined) {
    return {
      verdict: 'unknown',
      because: `could not be checked: IAM knows no ${kind} ${name} in the account that you are logged in to, `
        + `and nothing shows whether that is account ${wanted}`,
      fix: 'write the account to deploy to as "account" in the environment in cdk.json; you are logged in to: '
        + awsCli(region, 'sts', 'get-caller-identity', '--query', 'Account', '--output', 'text'),
    };
  }
  const all = kind === 'role' ? 'Roles[].Arn' : 'Users[].Arn';
  const list = awsCli(region, 'iam', `list-${kind}s`, '--query', all, '--output', 'text');
  return {
    verdict: 'fail',
    because: `there is no ${kind} ${name} in account ${account}: ${check === 'agent'
      ? 'IAM refuses a trust in it, and the deployment fails' : `whoever creates a ${kind} of that name becomes an approver`}`,
    fix: `correct the ARN, or create the ${kind} before you deploy; the ${kind}s here are: ${list}`,
  };
}

/** Names of the agents that are workflows of GitHub. */
export function githubAgents(environment: Pick<PreflightEnvironment, 'agents'>): readonly string[] {
  return environment.agents.filter(({ trust }) => trust.github !== undefined).map(({ name }) => name);
}

/** Whether GitHub's workflows can sign in at all. */
export function judgeProviders(
  environment: Pick<PreflightEnvironment, 'agents'>, sight: Sights['providers'], { region }: Place,
): readonly Finding[] {
  const agents = githubAgents(environment);
  if (agents.length === 0) return [];
  const finding = (judgement: Judgement): Finding[] => [{ check: 'identity-provider', subject: GITHUB, ...judgement }];
  if (!sight) return finding({ verdict: 'unknown', because: 'could not be checked: it was not looked at' });
  if (sight.kind === 'failure') {
    const question = { service: 'IAM', action: 'iam:ListOpenIDConnectProviders', on: 'the account', region } as const;
    const { because, fix } = explain(sight.failure, question);
    return finding({ verdict: 'unknown', because: `could not be checked: ${because}`, fix });
  }
  const isThere = sight.seen.some((arn) => arn.endsWith(`:oidc-provider/${GITHUB}`));
  if (isThere) return finding({ verdict: 'pass', because: 'the account has it' });
  const names = agents.join(', ');
  const who = agents.length === 1 ? `agent ${names} cannot take on its role` : `agents ${names} cannot take on their roles`;
  return finding({
    verdict: 'fail',
    because: `the account does not have GitHub's identity provider: ${who}`,
    // No thumbprint: AWS trusts GitHub's certificate by the authority that signed it.
    fix: awsCli(region, 'iam', 'create-open-id-connect-provider',
      '--url', `https://${GITHUB}`, '--client-id-list', 'sts.amazonaws.com'),
  });
}
