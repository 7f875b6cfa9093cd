import type { Assembly, Value } from '../../../lib/audit/model';
import { shortestPath } from '../../../lib/audit/pivots';
import { HOSTING, HOST_TYPES } from '../../../lib/audit/pivots/hosting';
import { ACCOUNT, allow, assemblyOf, at, deny, goalsOf, iam, pivotModel, policy, PRODUCTION, role, shop, TO_GITHUB, trust, user, type Written } from './small-template';

const found = (assembly: Assembly) => {
  const model = pivotModel(assembly);
  const arrival = shortestPath(model, ['Shop.Agent'], goalsOf(model).filter(({ action }) => action === 'rds:ModifyDBInstance'));
  return arrival && [arrival.verdict, arrival.because];
};
const certain = (assembly: Assembly) => {
  const [verdict, because] = found(assembly) ?? [];
  return verdict === 'fail' ? because : undefined;
};
const END = 'Deploy may rds:ModifyDBInstance on Production';

/** A resource of the type that acts as Deploy, by the first of the properties that can say so. */
function host(type: string): Written {
  const { roles } = HOST_TYPES.find((one) => one.type === type)!;
  const path = roles[0]!.split('.');
  const value = path.reduceRight<Value>((inner, key) => (key === '*' ? [inner] : { [key]: inner }), iam('role/Deploy'));
  return { Type: type, Properties: value as { [key: string]: Value } };
}

describe.each(HOSTING.map((pivot) => [`${pivot.type} ${pivot.calls.map(({ action, on, knowing }) => [action, on, ...Object.values(knowing)].join(' ')).join(', ')}`, pivot] as const))('%s', (_, pivot) => {
  const actions = [...new Set(pivot.calls.map(({ action }) => action))];
  const pass = pivot.passes ? [allow('iam:PassRole', iam('role/Deploy'))] : [];
  const build = (...agent: Value[]) => shop(agent, { Host: host(pivot.type) });

  // Fewer calls may be enough for another technique.
  const others = HOSTING.filter((other) => other.type === pivot.type && !other.assuming);
  const enough = (left: readonly string[]) => others.some(({ calls }) => calls.every(({ action }) => left.includes(action)));

  test('is a way to what the role may do', () => {
    const arrival = found(build(...pass, allow(actions)));
    const way = `Agent may ${actions.join(' and ')} on Host, which acts as Deploy, ${END}`;
    expect(arrival).toEqual(!enough(actions) ? ['unknown', `${way}; not known: ${pivot.assuming!}`] : ['fail', expect.stringContaining(` on Host, which acts as Deploy, ${END}`)]);
  });
  test('is none without one of its parts', () => {
    for (const missing of actions.filter((one) => !enough(actions.filter((action) => action !== one)))) expect(certain(build(...pass, allow(actions), deny(missing)))).toBeUndefined();
    if (pivot.passes) expect(certain(build(allow(actions)))).toBeUndefined();
    const other = shop([...pass, allow(actions)], { Host: { Type: pivot.type } });
    expect(certain(other)).toBeUndefined();
  });
});

test.each<readonly [string, readonly Value[], Readonly<Record<string, Written>>, string]>([
  ['a function is given other code', [allow('lambda:UpdateFunctionCode', at('lambda', 'function:worker'))],
    { Worker: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'worker', Role: iam('role/Deploy') } } },
    'Agent may lambda:UpdateFunctionCode on Worker, which acts as Deploy'],
  ['a function is given a layer', [allow('lambda:UpdateFunctionConfiguration', at('lambda', 'function:worker'))],
    { Worker: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'worker', Role: iam('role/Deploy') } } },
    'Agent may lambda:UpdateFunctionConfiguration on Worker, which acts as Deploy'],
  ['a machine runs a command', [allow('ssm:SendCommand', ['arn:aws:ssm:eu-west-1::document/AWS-RunShellScript', at('ec2', 'instance/*')])],
    {
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { InstanceProfileName: 'hosts', Roles: ['Deploy'] } },
      Bastion: { Type: 'AWS::EC2::Instance', Properties: { IamInstanceProfile: 'hosts' } },
    },
    'Agent may ssm:SendCommand on Bastion, which acts as Deploy'],
  ['a state machine is rewritten', [allow('states:UpdateStateMachine')],
    { Nightly: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: iam('role/Deploy') } } },
    'Agent may states:UpdateStateMachine on Nightly, which acts as Deploy'],
  ['a role that trusts the agent', [], { Deploy: role('Deploy', trust({ AWS: iam('role/Agent') }), [allow('rds:*')]) },
    'Agent may sts:AssumeRole on Deploy'],
  ['a role that trusts the account', [allow('sts:AssumeRole', iam('role/Deploy'))], { Deploy: role('Deploy', trust({ AWS: iam('root') }), [allow('rds:*')]) },
    'Agent may sts:AssumeRole on Deploy'],
  ['a trust policy is rewritten', [allow('iam:UpdateAssumeRolePolicy', iam('role/*'))], {}, 'Agent may iam:UpdateAssumeRolePolicy on Deploy'],
])('%s', (_, agent, more, way) => {
  const assembly = shop(agent, more);
  expect(found(assembly)).toEqual(['fail', `${way}, ${END}`]);
});

test.each(['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile', 'iam:CreateServiceSpecificCredential'])('%s makes the agent somebody else', (action) => {
  const build = (...agent: Value[]) => shop(agent, { Ops: user('Ops', [allow('rds:ModifyDBInstance')]) });
  expect(found(build(allow(action, iam('user/Ops'))))).toEqual(['fail', `Agent may ${action} on Ops, Ops may rds:ModifyDBInstance on Production`]);
  expect(certain(build(allow(action, iam('user/Other'))))).toBeUndefined();
  expect(certain(build(allow(action), deny(action, iam('user/Ops'))))).toBeUndefined();
});

test('a trust policy that asks for what the agent has not is no way', () => {
  const build = (condition: Value) => shop([allow('sts:AssumeRole', iam('role/Deploy'))], {}, trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, condition));
  expect(found(build({ StringEquals: { 'aws:PrincipalArn': iam('role/Agent') } }))).toEqual(['fail', `Agent may sts:AssumeRole on Deploy, ${END}`]);
  expect(found(build({ StringEquals: { 'aws:PrincipalArn': iam('role/Human') } }))).toBeUndefined();
  expect(found(build({ StringEquals: { 'sts:ExternalId': 'not known to the template' } }))).toEqual(['fail', `Agent may sts:AssumeRole on Deploy, ${END}`]);
});

test('a chain of roles is walked to its end, by its shortest way', () => {
  const named = (name: string) => trust({ AWS: iam(`role/${name}`) });
  expect(found(assemblyOf({
    Production: PRODUCTION,
    Agent: role('Agent', TO_GITHUB, []),
    Long: role('Long', named('Agent'), []), Longer: role('Longer', named('Long'), []),
    Short: role('Short', named('Agent'), []),
    Deploy: role('Deploy', trust({ AWS: [iam('role/Longer'), iam('role/Short')] }), [allow('rds:*')]),
  }))).toEqual(['fail', `Agent may sts:AssumeRole on Short, Short may sts:AssumeRole on Deploy, ${END}`]);
});

test('a session with a document that only forwards a port is no way to the role of the host', () => {
  const hosts: Record<string, Written> = {
    Forward: { Type: 'AWS::SSM::Document', Properties: { Name: 'forward', Content: { sessionType: 'Port' } } },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { InstanceProfileName: 'hosts', Roles: ['Deploy'] } },
    Bastion: { Type: 'AWS::EC2::Instance', Properties: { IamInstanceProfile: 'hosts' } },
  };
  const sessions = [at('ec2', 'instance/*'), at('ssm', 'document/forward')];
  const checked = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } };
  expect(found(shop([allow('ssm:StartSession', sessions)], hosts))).toEqual(['fail', `Agent may ssm:StartSession on Bastion, which acts as Deploy, ${END}`]);
  expect(found(shop([allow('ssm:StartSession', sessions, checked)], hosts))).toBeUndefined();
  const shell = { ...hosts, Forward: { Type: 'AWS::SSM::Document', Properties: { Name: 'forward', Content: { sessionType: 'Standard_Stream' } } } };
  expect(found(shop([allow('ssm:StartSession', sessions, checked)], shell))).toEqual(['unknown',
    `Agent may ssm:StartSession on Bastion, which acts as Deploy, ${END}; not known: the document opens more than a port`]);
});

test('who rewrites an identity provider becomes whoever trusts it', () => {
  const provider: Written = { Type: 'AWS::IAM::SAMLProvider', Properties: { Name: 'office', SamlMetadataDocument: '<xml/>' } };
  const build = (...agent: Value[]) => shop(agent, { Office: provider }, trust({ Federated: iam('saml-provider/office') }));
  expect(found(build(allow('iam:UpdateSAMLProvider')))).toEqual(['fail', `Agent may iam:UpdateSAMLProvider on Office, which vouches for who takes on Deploy, ${END}`]);
  expect(certain(build(allow('iam:UpdateSAMLProvider', iam('saml-provider/other'))))).toBeUndefined();
});

test('a function that lets the agent in by its own policy is a doubt', () => {
  const more: Record<string, Written> = {
    Worker: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'worker', Role: iam('role/Deploy') } },
    Permission: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: 'worker', Action: 'lambda:InvokeFunction', Principal: iam('role/Agent') } },
  };
  expect(found(shop([], more))).toEqual(['unknown', `Agent may lambda:InvokeFunction on Worker, which acts as Deploy, ${END}; not known: the function does what its caller says`]);
});

test('what an unknown managed policy allows is not known', () => {
  const [verdict, because] = found(shop([], { Agent: role('Agent', TO_GITHUB, [], { ManagedPolicyArns: [iam('policy/elsewhere')] }) }))!;
  expect(verdict).toBe('unknown');
  expect(because).toMatch(/^Agent may rds:ModifyDBInstance on Production; not known: .*arn:aws:iam::111122223333:policy\/elsewhere/);
});

test('an agent that is not in the template may do anything, for all that is known', () => {
  const model = pivotModel(shop([]));
  const arrival = shortestPath(model, [iam('role/imported')], goalsOf(model));
  expect(arrival?.verdict).toBe('unknown');
  expect(arrival?.because).toBe('arn:aws:iam::111122223333:role/imported may rds:DeleteDBInstance on Production; '
    + 'not known: arn:aws:iam::111122223333:role/imported is not in the template, so what it may do is not known');
});

test('an agent that may nothing arrives nowhere', () => {
  expect(found(shop([]))).toBeUndefined();
  expect(found(shop([allow(['rds:Describe*', 'logs:FilterLogEvents']), { ...(policy() as object), Effect: 'Deny', Action: '*', Resource: '*' }]))).toBeUndefined();
});
