import { Composer, isMap, isScalar, Lexer, LineCounter, Parser, type CollectionTag, type CST, type Document, type ScalarTag, type Tags, type YAMLMap, visit, YAMLParseError, type YAMLSeq } from 'yaml';
import { LIMITS } from './limits';
import type { Parsed } from './parsed';

/**
 * Reads a template in YAML as CloudFormation does: YAML 1.1 (`yes` is true), no timestamps (`2012-10-17` is a string), functions
 * in their short forms (`!Sub`), keys unique.
 */
export function parseYaml(file: string, text: string): Parsed {
  const counter = new LineCounter();
  try {
    const document = documentOf(text, counter);
    if (!document) return tooDeep(file);
    const wrong = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
    if (wrong.length > 0) {
      return { do: 'refuse', problems: wrong.slice(0, LIMITS.problems).map(({ message, pos }) => {
        const { line, col } = counter.linePos(pos[0]);
        return `${file}: line ${line}, column ${col}: ${message.replaceAll('\n', ' ')}`;
      }) };
    }
    const lines = new Map<string, number>();
    const resources: unknown = isMap(document.contents) ? document.get('Resources') : undefined;
    if (isMap(resources)) {
      for (const { key } of resources.items) {
        if (isScalar(key) && key.range) lines.set(String(key.value), counter.linePos(key.range[0]).line);
      }
    }
    return { do: 'parsed', value: document.toJS({ maxAliasCount: LIMITS.aliases }), lineOf: (id) => lines.get(id) };
  } catch (error) {
    if (error instanceof ReferenceError) return { do: 'refuse', problems: [`${file}: its aliases (*name) repeat more than ${LIMITS.aliases} values; write them out`] };
    throw error;
  }
}

const tooDeep = (file: string): Parsed => ({ do: 'refuse', problems: [`${file}: its values are nested too deeply; write at most ${LIMITS.depth} levels`] });

/** The first document, `undefined` where values are nested too deeply: seen before the composer, which is recursive, gets to them. */
function documentOf(text: string, counter: LineCounter): Document | undefined {
  const parser = new Parser(counter.addNewLine);
  const composer = new Composer({ version: '1.1', merge: false, uniqueKeys: false, customTags: withFunctions, prettyErrors: false, logLevel: 'error' });
  let deep = false;
  const tokens = function* (): Generator<CST.Token> {
    counter.addNewLine(0);
    for (const lexeme of new Lexer().lex(text)) {
      yield* parser.next(lexeme);
      deep ||= parser.stack.length > LIMITS.depth * 2;
      if (deep) return;
    }
    yield* parser.end();
  };
  const read = [...tokens()];
  if (deep) return undefined;
  const [first, ...more] = composer.compose(read, true, text.length);
  if (more.length > 0) first!.errors.push(new YAMLParseError(more[0]!.range.slice(0, 2) as [number, number], 'MULTIPLE_DOCS', 'Source contains multiple documents'));
  if (first) first.errors.push(...ambiguities(first));
  return first;
}

const problemAt = (range: readonly number[] | null | undefined, message: string): YAMLParseError =>
  new YAMLParseError([range?.[0] ?? 0, range?.[1] ?? 0], 'DUPLICATE_KEY', message);

/** Keys that are written twice or stand for others, and numbers that are read in two ways. The package's own check takes the square of the number of keys. */
function ambiguities(document: Document): YAMLParseError[] {
  const found: YAMLParseError[] = [];
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (key.value === '<<') found.push(problemAt(key.range, 'a merge key (<<), which CloudFormation does not know and tools before it may put in; write the keys out'));
        if (keys.has(key.value)) found.push(problemAt(key.range, 'Map keys must be unique'));
        keys.add(key.value);
      }
    },
    Scalar(_, { value, source, range }) {
      if (typeof value === 'number' && /^[-+]?0\d/.test(source ?? '')) found.push(problemAt(range, `${source} is an octal number to some and a decimal one to others; write it in quotes`));
    },
  });
  return found;
}

/** Functions whose short form has the name `Fn::X`; `!Ref` and `!Condition` are named without `Fn::`. */
const FUNCTIONS = [
  'And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'GetAZs', 'GetStackOutput', 'If', 'ImportValue', 'Join',
  'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll',
];

type PlainMap = { toJSON(): unknown };

const inFull = (name: string): string => (FUNCTIONS.includes(name) ? `Fn::${name}` : name);

function tagsOf(name: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${name}`;
  const key = name === 'GetAtt' ? 'Fn::GetAtt' : inFull(name);
  // `!GetAtt A.B.C`: the attribute is everything after the first dot.
  const argument = (text: string): unknown => (name === 'GetAtt' && text.includes('.') ? [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] : text);
  return [
    { tag, resolve: (text) => ({ [key]: argument(text) }) },
    { tag, collection: 'seq', resolve: (seq) => short(key, seq) },
    { tag, collection: 'map', resolve: (map) => short(key, map) },
  ];
}

/** The collection stays what it is for anchors and positions, and becomes the function when it is read. */
function short(key: string, collection: YAMLMap | YAMLSeq) {
  const read = collection.toJSON.bind(collection) as (...input: unknown[]) => unknown;
  return Object.assign(collection, { toJSON: (...input: unknown[]) => ({ [key]: read(...input) }) } satisfies PlainMap);
}

const SHORT_FORMS = [...FUNCTIONS, 'GetAtt', 'Ref', 'Condition'].flatMap(tagsOf);
const NOT_IN_TEMPLATES = ['timestamp', 'binary', 'omap', 'pairs', 'set'].map((name) => `tag:yaml.org,2002:${name}`);

const withFunctions = (tags: Tags): Tags => [
  ...tags.filter((tag) => typeof tag === 'string' || (!NOT_IN_TEMPLATES.includes(tag.tag) && tag.format !== 'TIME')),
  ...SHORT_FORMS,
];
