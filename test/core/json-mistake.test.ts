import * as fc from 'fast-check';
import { jsonMistake } from '../../lib/core/json-mistake';

test.each([
  ['', 1, 1, 'the file ends where a value should be'],
  ['{', 1, 2, 'the file ends where a key in double quotes should be'],
  ['{\n  "app": "x",\n}', 2, 13, 'there is a comma too many, before }'],
  ['[1,\n]', 1, 3, 'there is a comma too many, before ]'],
  ['{ "a": 1,, "b": 2 }', 1, 10, 'there is a comma too many'],
  ['[,1]', 1, 2, 'there is a comma too many'],
  ['{ "a": 1\n  "b": 2 }', 2, 3, 'a comma or } should be here'],
  ['{ "a" 1 }', 1, 7, 'a colon should be here'],
  ["{ 'a': 1 }", 1, 3, 'strings stand in double quotes'],
  ['{ a: 1 }', 1, 3, 'a key in double quotes should be here'],
  ['{ // why\n}', 1, 3, 'JSON has no comments'],
  ['{ "a": "b\n" }', 1, 8, 'this string does not end in its line, or has a backslash that stands for nothing'],
  ['{ "a": "\\d" }', 1, 8, 'this string does not end in its line, or has a backslash that stands for nothing'],
  ['{ "a": 01 }', 1, 8, 'a value should be here'],
  ['{ "a": True }', 1, 8, 'a value should be here'],
  ['{ "a": 1.e }', 1, 8, 'a value should be here'],
  ['{} }', 1, 4, 'nothing may follow here: what began the file has ended'],
  ['<<<<<<< HEAD', 1, 1, 'a value should be here'],
])('%j', (text, line, column, because) => {
  expect(jsonMistake(text)).toEqual({ line, column, because });
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
});

test('of what is nested without end is told, too', () => {
  expect(jsonMistake('['.repeat(100_000))).toEqual({ line: 1, column: 501, because: 'it is nested too deeply' });
});

test('there is none in whatever JSON.stringify writes', () => {
  fc.assert(fc.property(fc.json(), fc.nat(4), (text, indent) => jsonMistake(JSON.stringify(JSON.parse(text), undefined, indent)) === undefined));
});

test('there is one exactly where JSON.parse finds one too', () => {
  const edits = fc.record({ text: fc.json(), at: fc.nat(), put: fc.constantFrom('', ',', '"', '}', ']', '{', ':', '\\', '1', ' ', '\n', '-', '.', 'e') });
  fc.assert(fc.property(edits, ({ text, at, put }) => {
    const place = at % (text.length + 1);
    const edited = text.slice(0, place) + put + text.slice(place + 1);
    let valid = true;
    try { JSON.parse(edited); } catch { valid = false; }
    return (jsonMistake(edited) === undefined) === valid;
  }), { numRuns: 2000 });
});
