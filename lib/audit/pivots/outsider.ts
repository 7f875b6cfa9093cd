import type { Principal } from '../identity';
import type { Condition, Statement } from '../policy-document';
import { generated } from '../text';

/** Everything that may be left open to the world. */
const CALLS = ['sts:AssumeRole', 'backup:*', 'dynamodb:*', 'kms:*', 'lambda:InvokeFunction', 'lambda:InvokeFunctionUrl', 'logs:*', 'rds:*', 's3:*', 'secretsmanager:*'];

/**
 * Anybody with an AWS account of their own, an agent without its role among them: in no account of the assembly, and allowed by that
 * account what the policies of the assembly leave open.
 */
export const OUTSIDER: Principal = {
  id: 'anybody', name: 'anybody', arn: `arn:aws:iam::${generated('anybody', 'Account')}:role/${generated('anybody', 'Name')}`, account: generated('anybody', 'Account'),
  kind: 'role', trust: [], unknown: [],
  policies: {
    boundary: undefined, serviceControl: [],
    identity: [{
      source: 'anybody', sid: undefined, effect: 'Allow', conditions: [], variables: false, principals: undefined,
      actions: { except: false, list: CALLS }, resources: { except: false, list: ['*'] },
    }],
  },
};

/** What a policy says to strangers: without what is allowed only under a condition that none of them meets. */
export const saidToOutsiders = (policy: readonly Statement[]): readonly Statement[] =>
  policy.filter(({ effect, conditions }) => effect === 'Deny' || !conditions.some(isForInsiders));

const isForInsiders = ({ operator, key }: Condition): boolean => /^(String|Arn|Bool|IpAddress)(Equals|Like|EqualsIgnoreCase)?$/.test(operator) && INSIDERS.test(key);
const INSIDERS = /^(aws:(principal|source|viaawsservice|calledvia|userid|username)|kms:(calleraccount|viaservice|grantisforawsresource)|s3:dataaccesspoint|[^:]*[.][^:]*:)/i;
