import { App, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role, type CfnRole } from 'aws-cdk-lib/aws-iam';
import { AgentAccess } from '../../lib/constructs/agent-access';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { ApproverTrust, refuseAgentsAsApprovers } from '../../lib/constructs/approver-trust';

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

describe('an approver that is an agent', () => {
  /** An agent, and what its role's name is given afterwards. */
  function agentIn(app: App, id: string, roleName?: string) {
    const stack = new Stack(app, id, { env: { account: '111122223333', region: 'eu-central-1' } });
    const access = new AgentAccess(stack, 'Agent', {
      agent: 'coding', trust: AgentTrust.ecsTasks(), replica: { identifier: 'agentread-orders', resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2' },
    });
    const resource = access.node.findChild('Role').node.defaultChild as CfnRole;
    if (roleName) resource.roleName = roleName;
    return { stack, access, resource };
  }

  test.each<[string, (agent: ReturnType<typeof agentIn>) => string]>([
    ['the ARN that its role is known by', ({ access }) => access.role.roleArn],
    ['the attribute of its resource', ({ resource }) => resource.attrArn],
    ['the name that its role was given', () => 'arn:aws:iam::111122223333:role/the-coding-agent'],
  ])('fails at synthesis when it is given by %s, in whichever stack', (_, arnOf) => {
    // GIVEN
    const app = new App();
    const stack = new Stack(app, 'Gate');
    const agent = agentIn(app, 'Shop', 'the-coding-agent');
    // WHEN
    refuseAgentsAsApprovers(stack, [ApproverTrust.principalArn(arnOf(agent))]);
    // THEN
    expect(() => app.synth()).toThrow(/\[Gate\] approver '.*' is the role of agent coding \(Shop\/Agent\); name a person/);
  });

  test('fails at synthesis when the agent is made after the approver was named', () => {
    const app = new App();
    refuseAgentsAsApprovers(new Stack(app, 'Gate'), [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/the-coding-agent')]);
    agentIn(app, 'Shop', 'the-coding-agent');
    expect(() => app.synth()).toThrow("[Gate] approver 'arn:aws:iam::111122223333:role/the-coding-agent' is the role of agent coding (Shop/Agent); name a person");
  });

  test('is nobody who only has a similar name', () => {
    const app = new App();
    const { stack } = agentIn(app, 'Shop', 'the-coding-agent');
    const person = new Role(stack, 'Dba', { assumedBy: new AccountPrincipal('111122223333') });
    refuseAgentsAsApprovers(stack, [ApproverTrust.role(person), ApproverTrust.principalArn('arn:aws:iam::111122223333:role/the-coding-agent-2')]);
    expect(() => app.synth()).not.toThrow();
  });
});
