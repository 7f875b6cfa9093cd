import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, problemsIn, problemsOf } from './fixture';

/** Nothing that is hostile may take longer; most of it takes milliseconds. */
const BOUND = 5_000;
const probe = (value: unknown) => ({ Resources: { Probe: { Type: 'AWS::SSM::Document', Properties: { Content: value } } } });
const stackOf = (url: string) => ({ Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } } } });
const nested = (depth: number, inner: unknown, around: (value: unknown) => unknown) => {
  let value = inner;
  for (let level = 0; level < depth; level++) value = around(value);
  return value;
};
const chain = (length: number, next: (index: number) => object) => Object.fromEntries(Array.from({ length }, (_, index) => [`R${index}`, { Type: 'AWS::IAM::Role', Properties: { RoleName: next(index) } }]));
/** Every value twice the one before, through parameters of its own. */
const bomb = (depth: number) => nested(depth, 'x'.repeat(100), (inner) => ({ 'Fn::Sub': ['${a}${a}', { a: inner }] }));

describe('hostile text is refused in bounded time', () => {
  test.each<[string, unknown, string, string]>([
    ['lists 100,000 deep', `{"Resources":${'['.repeat(100_000)}`, 'Shop.json', 'its values are nested too deeply; write at most 100 levels'],
    ['objects 100,000 deep', '{"a":'.repeat(100_000), 'Shop.json', 'its values are nested too deeply; write at most 100 levels'],
    ['YAML 100,000 deep', '- '.repeat(100_000), 'Shop.yaml', 'its values are nested too deeply; write at most 100 levels'],
    ['YAML braces 100,000 deep', `Resources: ${'['.repeat(100_000)}`, 'Shop.yaml', 'its values are nested too deeply; write at most 100 levels'],
    ['three million values', `[${'0,'.repeat(3_000_000)}0]`, 'Shop.json', 'it has more than 2000000 values'],
    ['JSON that ends', '{\n "Resources": {\n', 'Shop.json', 'line 3, column 1: this is not valid JSON'],
    ['JSON with a comma too many', '{\n "a": [1,]}', 'Shop.json', 'line 2, column 10: this is not valid JSON'],
    ['JSON followed by text', '{} x', 'Shop.json', 'line 1, column 4: this is not valid JSON'],
    ['JSON without a value', '{"a":}', 'Shop.json', 'line 1, column 6: this is not valid JSON'],
    ['a resource written twice', '{"Resources":{"A":{"Type":"AWS::IAM::Role"},"A":{"Type":"AWS::IAM::User"}}}', 'Shop.json', 'Resources.A is written twice; keep one'],
    ['a private-use character', '{"a":"\uE000"}', 'Shop.json', 'line 1, column 7: a private-use character (U+E000 or U+E001), which the audit keeps for itself; remove it'],
    ['a private-use character as an escape', '{"a":"\\uE001"}', 'Shop.json', 'line 1, column 7: a private-use character (U+E000 or U+E001), which the audit keeps for itself; remove it'],
    ['a private-use character in YAML', 'a: "\\U0000e000"', 'Shop.yaml', 'line 1, column 5: a private-use character (U+E000 or U+E001), which the audit keeps for itself; remove it'],
    ['binary content', Buffer.from([0x7b, 0, 1, 2]), 'Shop.json', 'it is not a text in UTF-8; write a template in JSON or YAML'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), 'Shop.json', 'it is not a text in UTF-8; write a template in JSON or YAML'],
    ['nothing', ' \n', 'Shop.json', 'it is empty; write a template in JSON or YAML'],
  ])('%s', (_, content, name, problem) => {
    const { problems, ms } = problemsOf(content, name);
    expect(problems).toEqual([`${name}: ${problem}`]);
    expect(ms).toBeLessThan(BOUND);
  });

  test('YAML that is wrong, with line and column', () => {
    expect(problemsOf('Resources:\n  A: [1\n', 'Shop.yaml').problems[0]).toMatch(/^Shop\.yaml: line 3, column 1: Flow sequence in block collection must be .* and end with a \]$/);
    expect(problemsOf('a: 1\na: 2\n', 'Shop.yaml').problems).toEqual(['Shop.yaml: line 2, column 1: Map keys must be unique']);
    expect(problemsOf('a: !Nonsense 2\n', 'Shop.yaml').problems).toEqual(['Shop.yaml: line 1, column 4: Unresolved tag: !Nonsense']);
  });

  test('YAML of two documents', () => {
    expect(problemsOf('a: 1\n---\nb: 2\n', 'Shop.yaml').problems).toEqual(['Shop.yaml: line 2, column 1: Source contains multiple documents']);
  });

  test('many keys of YAML take no square of the time', () => {
    const text = (count: number) => `Resources:\n${Array.from({ length: count }, (_, index) => `  R${index}: 1\n`).join('')}`;
    const { problems, ms } = problemsOf(text(20_000), 'Shop.yaml');
    expect(problems).toHaveLength(51);
    expect(ms).toBeLessThan(BOUND);
  });

  test('a bomb of YAML aliases', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`);
    const { problems, ms } = problemsOf(['l0: &l0 x', ...levels].join('\n'), 'Shop.yaml');
    expect(problems).toEqual(['Shop.yaml: its aliases (*name) repeat more than 1000 values; write them out']);
    expect(ms).toBeLessThan(BOUND);
  });

  test('a file of one byte more than 50 MB is not even read', () => {
    const folder = folderOf({ 'Shop.json': '{}' });
    truncateSync(join(folder, 'Shop.json'), 50 * 1024 * 1024 + 1);
    const { problems, ms } = problemsIn(folder, 'Shop.json');
    expect(problems).toEqual(['Shop.json: it has 52428801 bytes; files up to 52428800 are read']);
    expect(ms).toBeLessThan(200);
  });

  test('50 MB of JSON in one string', () => {
    const { problems, ms } = problemsOf(`{"Resources":{},"a":"${'x'.repeat(50_000_000)}"}`);
    expect(problems).toEqual(['Shop.json: Resources is nothing; write an object with at least one resource']);
    expect(ms).toBeLessThan(BOUND);
  });
});

describe('hostile values are refused in bounded time', () => {
  test.each<[string, unknown, string[]]>([
    ['Resources that is a list', { Resources: [] }, ['Resources is a list; write an object with at least one resource']],
    ['a template that is a list', [], ['the template is a list; write an object with Resources']],
    ['wrong types everywhere, all said', { Resources: { A: 'x', B: { Type: 7 }, C: { Type: 'AWS::X::Y', Properties: 'p', Condition: 1, Metadata: [] } }, Parameters: { P: 1 }, Conditions: [], Outputs: 'o' }, [
      'Parameters.P is 1; write an object', 'Parameters.P.Type is nothing; write a type, e.g. String', 'Conditions is a list; write an object',
      'Resources.A is "x"; write an object with Type and Properties', 'Resources.B.Type is 7; write a type, e.g. AWS::IAM::Role',
      'Resources.C.Properties is "p"; write an object', 'Resources.C.Metadata is a list; write an object', 'Resources.C.Condition is 1; write the name of a condition',
      'Outputs is "o"; write an object',
    ]],
    ['a name that refers to itself', { Resources: chain(2, (index) => ({ Ref: `R${1 - index}` })) }, ['Resources.R1.Properties.RoleName: it refers to itself: R0.RoleName -> R1.RoleName -> R0.RoleName']],
    ['a condition that refers to itself', { ...probe({ 'Fn::If': ['A', 1, 2] }), Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { Condition: 'A' } } },
      ['Conditions.B: it refers to itself: condition A -> condition B -> condition A']],
    ['a condition that is none', { ...probe({ 'Fn::If': ['A', 1, 2] }), Conditions: { A: 'true' } }, ['Conditions.A: a condition has "true"; write one of Condition, Fn::And, Fn::Or, Fn::Not, Fn::Equals']],
  ])('%s', (_, template, expected) => {
    const { problems, ms } = problemsOf(template);
    expect(problems).toEqual(expected.map((problem) => `Shop.json: ${problem}`));
    expect(ms).toBeLessThan(BOUND);
  });

  test.each<[string, unknown, string]>([
    ['Fn::Sub that doubles', probe(bomb(25)), 'a function makes a string of more than 1000000 characters'],
    ['Fn::Join that repeats', probe({ 'Fn::Join': ['y'.repeat(100_000), Array(100).fill('x')] }), 'a function makes a string of more than 1000000 characters'],
    ['many long strings', { ...probe(Array(100).fill({ 'Fn::Join': ['', [{ 'Fn::FindInMap': ['M', 'a', 'b'] }]] })), Mappings: { M: { a: { b: 'x'.repeat(900_000) } } } }, 'functions make more than 50000000 characters'],
    ['names that refer 100,000 deep', { Resources: chain(100_000, (index) => (index === 99_999 ? 'x' : { Ref: `R${index + 1}` }) as object) }, 'values refer to each other more than 300 deep'],
    ['names that double through references', { Resources: chain(60, (index) => (index === 59 ? 'xy' : { 'Fn::Sub': `\${R${index + 1}}\${R${index + 1}}` }) as object) }, 'a function makes a string of more than 1000000 characters'],
    ['loops in loops', { Resources: nested(6, { 'R${A}': { Type: 'AWS::SNS::Topic' } }, (inner) => ({ 'Fn::ForEach::L': ['A', Array(100).fill('x'), inner] })) }, 'Shop.json: Fn::ForEach makes more than 10000 copies'],
  ])('%s', (_, template, problem) => {
    const { problems, ms } = problemsOf(template);
    expect(problems).toEqual([`Shop.json: ${problem}`]);
    expect(ms).toBeLessThan(BOUND);
  });
});

describe('nothing outside the folder is read', () => {
  const manifest = (templateFile: unknown) => ({ artifacts: { Shop: { type: 'aws:cloudformation:stack', properties: { templateFile } } } });

  test.each([
    ['a template above', '../secret.json', 'FOLDER/../secret.json'],
    ['an absolute path', '/etc/passwd', 'etc/passwd'],
  ])('%s', (_, file) => {
    const { problems } = problemsIn(folderOf({ 'manifest.json': manifest(file) }));
    expect(problems).toEqual([expect.stringMatching(/: (it is outside FOLDER; an assembly names only its own files|it cannot be read \(ENOENT\))$/)]);
  });

  test('a link to elsewhere, and a link to nothing', () => {
    const elsewhere = folderOf({ 'secret.json': '{}' });
    const folder = folderOf({ 'manifest.json': manifest('link.json') });
    symlinkSync(join(elsewhere, 'secret.json'), join(folder, 'link.json'));
    expect(problemsIn(folder).problems).toEqual(['link.json: it is a link to a place outside FOLDER; an assembly names only its own files']);
    const other = folderOf({ 'manifest.json': manifest('link.json') });
    symlinkSync('link.json', join(other, 'link.json'));
    expect(problemsIn(other).problems).toEqual(['link.json: it cannot be read (ELOOP)']);
  });

  test('what is missing, and what is no assembly', () => {
    expect(problemsIn(folderOf({})).problems).toEqual(['FOLDER: it has no manifest.json; write the folder that cdk synth made, or a template']);
    expect(problemsIn(folderOf({}), 'none.json').problems).toEqual(['none.json: it does not exist; write the folder that cdk synth made, or a template']);
    expect(problemsIn(folderOf({ 'manifest.json': manifest('none.json') })).problems).toEqual(['none.json: it cannot be read (ENOENT)']);
    expect(problemsIn(folderOf({ 'manifest.json': manifest(7) })).problems).toEqual(['manifest.json: artifacts.Shop.properties.templateFile is 7; write the name of a template']);
    expect(problemsIn(folderOf({ 'manifest.json': { artifacts: [] } })).problems).toEqual(['manifest.json: artifacts is a list; write the folder that cdk synth made']);
    expect(problemsIn(folderOf({ 'manifest.json': { artifacts: {} } })).problems).toEqual(['FOLDER: it has no stack; write the folder that cdk synth made, or a template']);
  });

  test('stages and nested stacks that contain themselves, and a web of nested stacks', () => {
    expect(problemsIn(folderOf({ 'Shop.json': stackOf('Shop.json') }), 'Shop.json').problems)
      .toEqual(['Shop.json: Resources.Inner: nested stacks contain themselves: Shop.json -> Shop.json']);
    expect(problemsIn(folderOf({ 'manifest.json': { artifacts: { Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } } } })).problems)
      .toEqual(['manifest.json: artifacts.Stage.properties.directoryName is "."; write the folder of a stage']);
    const web = Object.fromEntries(Array.from({ length: 10 }, (_, level) => [`${level}.json`, {
      Resources: Object.fromEntries(Array.from({ length: 10 }, (__, index) => [`S${index}`, level === 9 ? { Type: 'AWS::SNS::Topic' } : { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `${level + 1}.json` } }])),
    }]));
    const { problems, ms } = problemsIn(folderOf(web), '0.json');
    expect(problems).toEqual(['0.json: 0.json has more than 2000 nested stacks']);
    expect(ms).toBeLessThan(BOUND);
  });
});
