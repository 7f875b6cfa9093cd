import { comesTo, problemsOf } from './fixture';

const HERE = { account: '111122223333', region: 'eu-central-1' };

describe('functions come to what CloudFormation makes of them', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a named resource', { Ref: 'Role' }, 'deploy'],
    ['Ref of a generated name', { Ref: 'Writer' }, '${Shop.Writer.RoleName}'],
    ['Ref of an identifier that RDS lowers', { Ref: 'Database' }, 'orders'],
    ['Ref that is an ARN', { Ref: 'Password' }, 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders/master-${Shop.Password.Suffix}'],
    ['pseudo parameters', { 'Fn::Sub': '${AWS::Partition} ${AWS::Region} ${AWS::AccountId} ${AWS::URLSuffix}' }, 'aws eu-central-1 111122223333 amazonaws.com'],
    ['GetAtt of an ARN', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/ci/deploy'],
    ['GetAtt with dots', { 'Fn::GetAtt': 'Database.Endpoint.Address' }, '${Shop.Database.Endpoint.Address}'],
    ['GetAtt of a custom resource', { 'Fn::GetAtt': ['Hook', 'Arn'] }, '<Arn of Shop.Hook, a Custom::Hook>'],
    ['Sub with its own values', { 'Fn::Sub': ['${a}-${Database.DBInstanceArn}-${!b}', { a: { Ref: 'Role' } }] }, 'deploy-arn:aws:rds:eu-central-1:111122223333:db:orders-${b}'],
    ['Join without what has no value', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 1]] }, 'a,1'],
    ['Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Split of an ARN with symbols', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Writer', 'Arn'] }] }] }, 'role/${Shop.Writer.RoleName}'],
    ['Split of something generated', { 'Fn::Split': ['.', { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] }] }, '<Fn::Split "." of ${Shop.Database.Endpoint.Address}>'],
    ['a part of the stack id', { 'Fn::Select': [4, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] }, '${Shop.StackId5}'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'size'] }, 'large'],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'mars', 'size', { DefaultValue: 'none' }] }, 'none'],
    ['FindInMap by something unknown', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'size'] }, '<Fn::FindInMap Sizes.<parameter Stage of Shop>.size>'],
    ['Base64 is left as text', { 'Fn::Base64': 'echo' }, 'echo'],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['Cidr of IPv6', { 'Fn::Cidr': ['2600:1f14:abc:de00::/56', 2, 64] }, ['2600:1f14:abc:de00::/64', '2600:1f14:abc:de01::/64']],
    ['GetAZs', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, '${AvailabilityZone1@eu-central-1}'],
    ['If', { 'Fn::If': ['Here', 'yes', 'no'] }, 'yes'],
    ['If without a value', { a: { 'Fn::If': ['Elsewhere', 'yes', { Ref: 'AWS::NoValue' }] } }, {}],
    ['ImportValue of nobody', { 'Fn::ImportValue': 'shared' }, '<import shared>'],
    ['GetStackOutput of nobody', { 'Fn::GetStackOutput': { StackName: 'Net', OutputName: 'Vpc' } }, '<output Vpc of the stack Net>'],
    ['ToJsonString', { 'Fn::ToJsonString': { a: [1, { Ref: 'Role' }] } }, '{"a":[1,"deploy"]}'],
    ['Length', { 'Fn::Length': ['a', 'b'] }, 2],
    ['a parameter, whatever its default', { Ref: 'Stage' }, '<parameter Stage of Shop>'],
    ['a dynamic reference', 'x-{{resolve:ssm:/orders/password}}', 'x-<dynamic reference ssm:/orders/password>'],
    ['a dynamic reference that is put together', { 'Fn::Sub': '{{resolve:secretsmanager:${Password}:SecretString:password}}' },
      '<dynamic reference secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders/master-${Shop.Password.Suffix}:SecretString:password>'],
    ['a macro', { 'Fn::Transform': { Name: 'Mine' } }, '<macro Mine>'],
    ['a function of tomorrow', { 'Fn::Tomorrow': 1 }, '<Fn::Tomorrow>'],
  ])('%s', (_, value, expected) => {
    expect(comesTo(value, AROUND, HERE)).toEqual(expected);
  });

  test('what is given for a parameter counts; a list is split', () => {
    const around = { ...AROUND, Parameters: { ...AROUND.Parameters, Zones: { Type: 'CommaDelimitedList' } } };
    expect(comesTo([{ Ref: 'Stage' }, { Ref: 'Zones' }], around, { parameters: { Stage: 'prod', Zones: 'a, b' } })).toEqual(['prod', ['a', 'b']]);
  });

  test('without account and Region ARNs hold symbols, and the partition too', () => {
    expect(comesTo({ 'Fn::GetAtt': ['Role', 'Arn'] })).toBe('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ci/deploy');
  });
});

describe('what no function takes is said, all of it', () => {
  const around = (value: unknown) => ({ Resources: { Probe: { Type: 'AWS::SSM::Document', Properties: { Content: value } } } });
  test.each<[unknown, string]>([
    [{ Ref: 'Nobody' }, 'Ref names Nobody, which is not in the template'],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'Fn::GetAtt names Nobody, which is not in the template'],
    [{ 'Fn::GetAtt': 7 }, 'Fn::GetAtt has 7; write [logical id, attribute]'],
    [{ 'Fn::Sub': {} }, 'Fn::Sub has an object; write a string, or [string, values]'],
    [{ 'Fn::Join': ['', 'text'] }, 'Fn::Join has a list; write [delimiter, list]'],
    [{ 'Fn::Select': [2, ['a']] }, 'Fn::Select has a list; write an index below 1'],
    [{ 'Fn::Split': ['', 'a'] }, 'Fn::Split has a list; write [delimiter, string]'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 1e9, 8] }, 'Fn::Cidr has a list; write a block, a count from 1 to 256 and bits that fit'],
    [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'Fn::FindInMap has a list; write keys of Mappings'],
    [{ 'Fn::If': ['Nobody', 1, 2] }, 'condition Nobody is not in Conditions'],
    [{ 'Fn::Sub': 'a', b: 1 }, 'Fn::Sub stands beside other keys ("b"); a function stands alone in its object'],
    [{ Ref: 'AWS::Moon' }, 'AWS::Moon is not a pseudo parameter'],
  ])('%j', (value, problem) => {
    expect(problemsOf(around(value)).problems).toEqual([`Shop.json: Resources.Probe.Properties.Content: ${problem}`]);
  });
});

const AROUND = {
  Parameters: { Stage: { Type: 'String', Default: 'test' } },
  Mappings: { Sizes: { 'eu-central-1': { size: 'large' } } },
  Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] }, Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] } },
};
