import { App, CfnOutput, CfnParameter, CfnResource, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { readFileSync } from 'node:fs';
import { readAssembly } from '../../lib/assembly/read-assembly';
import { fixture } from '../constructs/fixture';
import { folderOf, inWords, problemsOf, resource, worlds, worldsIn } from './fixture';

const topic = (Condition?: string) => ({ Type: 'AWS::SNS::Topic', Properties: {}, ...(Condition && { Condition }) });
const equals = (parameter: string, value: string) => ({ 'Fn::Equals': [{ Ref: parameter }, value] });
const when = (template: unknown, options?: object) => worlds(template, options).map((world) => [world.when.join(', '), world.assembly.resources.map(({ logicalId }) => logicalId).join(' ')]);

describe('conditions that nobody knows make worlds', () => {
  const template = (allowed?: string[]) => ({
    Parameters: { Stage: { Type: 'String', ...(allowed && { AllowedValues: allowed }) } },
    Conditions: { IsProd: equals('Stage', 'prod'), IsTest: equals('Stage', 'test'), Unused: equals('Stage', 'x') },
    Resources: { Prod: topic('IsProd'), Test: topic('IsTest'), Both: topic() },
  });

  test('each consistent way is one, and a resource under a false condition is absent', () => {
    expect(when(template())).toEqual([
      ['IsProd = true, IsTest = false', 'Prod Both'], ['IsProd = false, IsTest = true', 'Test Both'], ['IsProd = false, IsTest = false', 'Both'],
    ]);
    expect(when(template(['prod', 'test']))).toEqual([['IsProd = true, IsTest = false', 'Prod Both'], ['IsProd = false, IsTest = true', 'Test Both']]);
  });

  test('a value that is given leaves one', () => {
    expect(when(template(), { parameters: { Stage: 'prod' } })).toEqual([['', 'Prod Both']]);
  });

  test('too many ways are one world that has everything and assumes everything', () => {
    const names = Array.from({ length: 12 }, (_, index) => `P${index}`);
    const [world, ...others] = worlds({
      Parameters: Object.fromEntries(names.map((name) => [name, { Type: 'String' }])),
      Conditions: Object.fromEntries(names.map((name) => [`Is${name}`, equals(name, 'yes')])),
      Resources: Object.fromEntries(names.map((name) => [`T${name}`, topic(`Is${name}`)])),
    });
    expect(others).toEqual([]);
    expect(world!.assembly.resources).toHaveLength(12);
    expect(world!.assembly.assumptions.map(({ what, affects }) => [what, affects])).toEqual([['its conditions can come out in more than 64 ways; give values with --parameter', 'everything']]);
  });

  test('comparing with thirty Regions, as CDK does, makes two', () => {
    const regions = Array.from({ length: 30 }, (_, index) => ({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, `eu-west-${index}`] }));
    const conditions = { Conditions: { Known: { 'Fn::Or': [{ 'Fn::Or': regions.slice(0, 10) }, { 'Fn::Or': regions.slice(10) }] } } };
    expect(when({ ...conditions, Resources: { A: topic('Known'), B: topic() } })).toEqual([['Known = true', 'A B'], ['Known = false', 'B']]);
    expect(when({ ...conditions, Resources: { CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: 'Known' }, B: topic() } })).toEqual([['', 'B']]);
  });
});

describe('what is not in the template is assumed, never known', () => {
  const assumed = (template: object) => worlds({ Resources: { T: topic() }, ...template })[0]!.assembly.assumptions.map(({ what, affects }) => `${affects}: ${what}`);
  test.each<[object, string[]]>([
    [{}, []],
    [{ Transform: 'AWS::LanguageExtensions' }, []],
    [{ Transform: ['AWS::Serverless-2016-10-31'] }, ['everything: the transform AWS::Serverless-2016-10-31 changes the template in a way that only CloudFormation knows; audit what it makes (aws cloudformation get-template --template-stage Processed)']],
    [{ Resources: { C: { Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:x' } } } }, ['everything: what the custom resource Custom::Thing does']],
    [{ Resources: { C: { Type: 'Custom::ProductionCheck', Properties: { ServiceToken: 'arn:x' } } } }, ['everything: what the custom resource Custom::ProductionCheck does']],
    [{ Resources: { M: { Type: 'Mine::A::B::MODULE' } } }, ['everything: what the module Mine::A::B::MODULE contains']],
    [{ Resources: { N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://x/y' } } } }, ['everything: the nested stack N is not read: its template is not in the assembly']],
    [{ Resources: { T: topic(), 'Fn::ForEach::L': ['X', { Ref: 'AWS::NotificationARNs' }, {}] } }, [expect.stringMatching(/^everything: the transform Fn::ForEach changes/)]],
  ])('%j', (template, expected) => {
    expect(assumed(template)).toEqual(expected);
  });
});

describe('YAML', () => {
  test('short forms, YAML 1.1 and lines', () => {
    const [world] = worlds([
      'AWSTemplateFormatVersion: 2010-09-09', 'Conditions:', '  Here: !Equals [!Ref AWS::Region, eu-central-1]', '  There: !Not [!Condition Here]', 'Resources:',
      '  Role:', '    Type: AWS::IAM::Role', '    Properties: { RoleName: !Sub "${AWS::Region}-role" }',
      '  Topic:', '    Type: AWS::SNS::Topic', '    Condition: Here', '    Properties:', '      Fifo: yes', '      Version: 2012-10-17',
      '      Arn: !GetAtt Role.Arn', '      Joined: !Join [":", [a, !Select [0, !Split [",", "b,c"]]]]', '      Other: !If [There, 1, !Ref AWS::NoValue]', '      Block: !Cidr [10.0.0.0/24, 1, 4]',
      '      Text: !Base64', '        Fn::Sub: hi',
    ].join('\n'), { account: '111122223333', region: 'eu-central-1' }, 'Shop.yaml');
    const { properties, source } = resource(world!, 'Topic');
    expect(properties).toEqual({ Fifo: true, Version: '2012-10-17', Arn: 'arn:aws:iam::111122223333:role/eu-central-1-role', Joined: 'a:b', Block: ['10.0.0.0/28'], Text: 'hi' });
    expect(source?.line).toBe(9);
  });
});

describe('Fn::ForEach over a literal list', () => {
  test('is written out, in keys and values', () => {
    const [world] = worlds({ Transform: 'AWS::LanguageExtensions', Resources: { 'Fn::ForEach::Topics': ['Name', ['One', 'Two'], { 'Topic${Name}': { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' }, DisplayName: { 'Fn::Sub': 'x-${Name}' } } } }] } });
    expect(world!.assembly.resources.map(({ logicalId, properties }) => [logicalId, properties])).toEqual([
      ['TopicOne', { TopicName: 'One', DisplayName: 'x-One' }], ['TopicTwo', { TopicName: 'Two', DisplayName: 'x-Two' }],
    ]);
  });
});

describe('assemblies that CDK writes', () => {
  test('stages, nested stacks with parameters and outputs, and exports between stacks become one graph', () => {
    const app = new App({ outdir: folderOf({}) });
    const stage = new Stage(app, 'Live', { env: { account: '111122223333', region: 'eu-central-1' } });
    const [from, to] = [new Stack(stage, 'From'), new Stack(stage, 'To')];
    const nested = new NestedStack(from, 'Inner');
    const inner = new Topic(nested, 'Topic', { topicName: 'alarms' });
    const outer = new Topic(from, 'Outer');
    new CfnResource(from, 'User', { type: 'AWS::X::Y', properties: { Inner: inner.topicArn } });
    new CfnResource(nested, 'User', { type: 'AWS::X::Y', properties: { Outer: outer.topicName } });
    new CfnResource(to, 'User', { type: 'AWS::X::Y', properties: { Outer: outer.topicName, Inner: inner.topicArn, Weak: Fn.getStackOutput('Live-From', 'Plain') } });
    new CfnOutput(from, 'Plain', { value: outer.topicArn });
    const [world] = worldsIn(app.synth().directory);
    const users = world!.assembly.resources.filter(({ type }) => type === 'AWS::X::Y').map(({ path, properties }) => [path, inWords(properties)]);
    const [id] = world!.assembly.resources.filter(({ logicalId }) => logicalId.startsWith('Outer')).map((one) => one.id);
    const arn = 'arn:aws:sns:eu-central-1:111122223333:alarms';
    const name = `\${${id}.TopicName}`;
    expect(users).toEqual([
      ['Live/From/User', { Inner: arn }],
      ['Live/From/Inner/User', { Outer: name }],
      ['Live/To/User', { Outer: name, Inner: arn, Weak: `arn:aws:sns:eu-central-1:111122223333:${name}` }],
    ]);
    expect(world!.assembly.stacks.map(({ id: stack }) => stack)).toEqual([expect.stringContaining('From'), expect.stringMatching(/From.*\/Inner/), expect.stringContaining('To')]);
    expect(world!.assembly.assumptions).toEqual([]);
  });

  test('the constructs of the kit: declarations, lines, paths, nothing unknown but an assumption', () => {
    const { stack } = fixture();
    const directory = (stack.node.root as App).synth().directory;
    const [world, ...others] = worldsIn(directory);
    expect(others).toEqual([]);
    const { declarations, resources, stacks } = world!.assembly;
    expect(stacks[0]).toMatchObject({ id: 'Shop', account: '111122223333', region: 'eu-central-1', partition: 'aws' });
    expect(declarations.map(({ guarantee }) => guarantee)).toContain('agent-has-no-route-to-production');
    for (const { path, source, logicalId } of resources) {
      expect(path).toMatch(/^Shop\//);
      expect(readFileSync(source!.file, 'utf8').split('\n')[source!.line - 1]).toContain(`"${logicalId}"`);
    }
  });

  test('a parameter with a default is still unknown', () => {
    const app = new App({ outdir: folderOf({}) });
    const stack = new Stack(app, 'Shop');
    new CfnResource(stack, 'User', { type: 'AWS::X::Y', properties: { Name: new CfnParameter(stack, 'Stage', { default: 'test' }).valueAsString } });
    expect(inWords(resource(worldsIn(app.synth().directory)[0]!, 'User').properties)).toEqual({ Name: '<parameter Stage of Shop>' });
  });
});

test('acknowledgements are read, and a malformed one is refused', () => {
  const metadata = (value: unknown) => ({ Resources: { T: topic() }, Metadata: { 'cdk-agent-db-guardrails-acknowledged': value } });
  const good = { rule: 'backups-are-verified', reason: 'a drill by hand', expires: '2027-03-31', path: '' };
  expect(worlds(metadata([good]))[0]!.assembly.acknowledgements).toEqual([good]);
  expect(problemsOf(metadata([{ rule: 'x' }])).problems).toEqual(['Shop.json: Metadata.cdk-agent-db-guardrails-acknowledged has an object; write a list of { rule, reason, expires, path }, all literal strings']);
});

test('growth is linear: 500 resources in far less than 50 ms each time, 8 times as many in not much more than 8 times as long', () => {
  const folder = folderOf(Object.fromEntries([500, 4000].map((count) => [`${count}.json`, {
    Resources: Object.fromEntries(Array.from({ length: count }, (_, index) => [`Role${index}`, {
      Type: 'AWS::IAM::Role', Properties: { Description: { 'Fn::Sub': '${AWS::Region}-${AWS::AccountId}' }, ManagedPolicyArns: [{ 'Fn::GetAtt': [`Role${(index + 1) % count}`, 'Arn'] }] },
    }])),
  }])));
  const fastest = (count: number) => Math.min(...Array.from({ length: 7 }, () => {
    const start = performance.now();
    expect(readAssembly(`${folder}/${count}.json`).do).toBe('read');
    return performance.now() - start;
  }));
  const [small, large] = [fastest(500), fastest(4000)];
  expect(small).toBeLessThan(50);
  expect(large / small).toBeLessThan(24);
});
