import type { AwsFailure } from '../../lib/core/aws-failure';
import { peopleOf } from '../../lib/core/preflight/people';
import type { LocatedInstance, Person, PreflightEnvironment, Sight, Sights } from '../../lib/core/preflight/types';
import { expected, now, sound } from './production-check-fixture';

export { now };

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const DBA = `arn:aws:iam::${ACCOUNT}:role/Dba`;
export const JANE = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Dba_0123456789abcdef/jane@example.com`;
export const CAROL = `arn:aws:iam::${ACCOUNT}:user/carol`;
export const ON_CALL = `arn:aws:iam::${ACCOUNT}:role/agents/OnCall`;
export const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

/** Everything that can be checked, once. */
export const environment: PreflightEnvironment = {
  account: ACCOUNT,
  production: {
    existing: {
      instanceIdentifier: expected.identifier, resourceId: expected.resourceId, endpoint: expected.endpoint, port: 5432, engineVersion: '16.10',
    },
  },
  network: { reach: 'agent-network' },
  replica: {},
  agents: [
    { name: 'coding', trust: { github: {} } },
    { name: 'on-call', trust: { principal: { arn: ON_CALL } } },
    { name: 'support', trust: {} },
  ],
  approvers: [DBA, JANE, CAROL],
};

export const instance: LocatedInstance = { ...sound, DBInstanceArn: expected.arn };

export const seen = <Seen>(value: Seen): Sight<Seen> => ({ kind: 'seen', seen: value });
export const failed = (kind: AwsFailure['kind'], name: string, message = ''): { kind: 'failure'; failure: AwsFailure } =>
  ({ kind: 'failure', failure: { kind, name, message } });

/** What IAM answers for a person who exists as they are written. */
export const real = ({ arn }: Person): string =>
  arn === JANE ? `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dba_0123456789abcdef` : arn;

/** What is seen when all is well, with changes. */
export function sights(of: PreflightEnvironment = environment, changes: Partial<Sights> = {}, people: Readonly<Record<string, Sight<string | undefined> | undefined>> = {}): Sights {
  return {
    region: REGION,
    production: seen([instance]),
    people: peopleOf(of).map((person) => ({ person, sight: person.arn in people ? people[person.arn] : seen(real(person)) })),
    providers: seen([GITHUB]),
    ...changes,
  };
}
