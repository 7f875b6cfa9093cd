import { App, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AgentAccess } from '../../lib/constructs/agent-access';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { ApproverTrust } from '../../lib/constructs/approver-trust';

const newStack = () => new Stack(new App(), 'Shop');

describe('an approver', () => {
  test.each([
    'arn:aws:iam::111122223333:role/DatabaseAdministrator',
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_DBA_0123456789abcdef',
    'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_DBA_0123456789abcdef/alice@acme.example',
    'arn:aws-us-gov:iam::111122223333:user/alice',
  ])('may be %s', (arn) => {
    expect(ApproverTrust.principalArn(arn).bind(newStack())).toEqual({ arn });
  });

  test('may be a role of the same app', () => {
    const stack = newStack();
    const role = new Role(stack, 'Dba', { assumedBy: new AccountPrincipal('111122223333') });
    expect(ApproverTrust.role(role).bind(stack).arn).toBe(role.roleArn);
  });

  test.each(['*', '111122223333', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:group/dba', 'alice'])(
    "fails when it is '%s'",
    (arn) => {
      expect(() => ApproverTrust.principalArn(arn).bind(newStack())).toThrow(
        `Shop: approver is '${arn}'; write the ARN of one IAM role, user or role session (no account root, no wildcards)`,
      );
    },
  );

  test('fails when it is the role of an agent', () => {
    const stack = newStack();
    const { role } = new AgentAccess(stack, 'Agent', {
      agent: 'coding', trust: AgentTrust.ecsTasks(), replica: { identifier: 'agentread-orders', resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2' },
    });
    expect(() => ApproverTrust.role(role).bind(stack)).toThrow('Shop: approver is the role of agent coding; name a person');
  });
});
