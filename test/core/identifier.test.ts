import fc from 'fast-check';
import { parseAcl } from '../../lib/core/grants/acl';
import { parseIdentifierList, quoteDollar, quoteIdentifier, quoteLiteral } from '../../lib/core/identifier';

describe('names and texts become SQL in one place', () => {
  test.each([['orders', '"orders"'], ['a"b', '"a""b"'], ['"; DROP TABLE x; --', '"""; DROP TABLE x; --"']])('the name %s', (name, sql) => {
    expect(quoteIdentifier(name)).toBe(sql);
  });

  test.each([['plain', "'plain'"], ["it's", "'it''s'"], ["a\\'b", "E'a\\\\''b'"]])('the text %s', (text, sql) => {
    expect(quoteLiteral(text)).toBe(sql);
  });

  test('a dollar quote never ends inside', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('$', 'dbguard', '_', 'a', '$dbguard$')).map((parts) => parts.join('')), (body) => {
      const quoted = quoteDollar(body);
      const tag = quoted.slice(0, quoted.indexOf('$', 1) + 1);
      expect(quoted).toBe(`${tag}${body}${tag}`);
      expect(`${body}${tag}`.indexOf(tag)).toBe(body.length);
    }));
  });

  test('a list of names is read as it was written', () => {
    fc.assert(fc.property(fc.array(fc.string({ minLength: 1 })), (names) => {
      expect(parseIdentifierList(names.map(quoteIdentifier).join(', '))).toEqual(names);
    }));
    expect(parseIdentifierList('pg_catalog, "Weird, name", "$user"')).toEqual(['pg_catalog', 'Weird, name', '$user']);
  });
});

test('an access control list is read whatever the roles are called', () => {
  expect(parseAcl(String.raw`{app=arwdDxt/app,=r/app,"\"odd \"\"name,\"=r*w/\"x=y/z\"","\"back\\slash\"=U/app"}`)).toEqual([
    { grantee: 'app', grantor: 'app', privileges: 'arwdDxt', grantable: '' },
    { grantee: '', grantor: 'app', privileges: 'r', grantable: '' },
    { grantee: 'odd "name,', grantor: 'x=y/z', privileges: 'rw', grantable: 'r' },
    { grantee: 'back\\slash', grantor: 'app', privileges: 'U', grantable: '' },
  ]);
  expect(parseAcl('{}')).toEqual([]);
});
