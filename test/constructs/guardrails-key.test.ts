import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { GuardrailsKey } from '../../lib/constructs/guardrails-key';

function synthesize(statements?: PolicyStatement[]) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  new GuardrailsKey(stack, 'Key', { description: 'Encrypts logs', statements });
  return Template.fromStack(stack);
}

const policy = (template: Template) => Object.values(template.findResources('AWS::KMS::Key'))[0]!.Properties.KeyPolicy.Statement;

test('the key rotates, is deleted after 30 days at the earliest, and stays when the stack goes or never came to be', () => {
  synthesize().hasResource('AWS::KMS::Key', {
    Properties: { Description: 'Encrypts logs', EnableKeyRotation: true, PendingWindowInDays: 30 },
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
});

test('nobody can delete, disable or stop rotating the key', () => {
  expect(policy(synthesize())).toContainEqual({
    Sid: 'NobodyDestroysTheKey',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:DeleteImportedKeyMaterial'],
    Resource: '*',
  });
});

test('nobody can lend the key to anything but an AWS service', () => {
  expect(policy(synthesize())).toContainEqual(
    expect.objectContaining({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'kms:CreateGrant',
      Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    }),
  );
});

test('the account can still change the policy of its key, so that AWS accepts it and a human can undo it', () => {
  const template = synthesize();

  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow', Action: 'kms:*',
          Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } },
        }),
      ]),
    },
  });
  expect(JSON.stringify(policy(template).filter(({ Effect }: { Effect: string }) => Effect === 'Deny'))).not.toContain('PutKeyPolicy');
});

test('services get what is stated for them', () => {
  const statement = new PolicyStatement({ principals: [new ServicePrincipal('logs.amazonaws.com')], actions: ['kms:Decrypt'], resources: ['*'] });

  expect(policy(synthesize([statement]))).toContainEqual(expect.objectContaining({ Principal: { Service: 'logs.amazonaws.com' } }));
});
