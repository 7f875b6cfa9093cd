import { wrap } from '../../lib/core/wrap';

test('text is broken at blanks, and a word that is too long stays whole', () => {
  expect(wrap('one two three', 9, '  ')).toBe('  one two\n  three');
  expect(wrap('one two three', 9, '  ', '- ')).toBe('- one two\n  three');
  expect(wrap('incomprehensibilities of it', 9, '')).toBe('incomprehensibilities\nof it');
});
