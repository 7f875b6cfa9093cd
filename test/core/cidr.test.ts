import fc from 'fast-check';
import { contains, enclosingBlock, freeBlock, overlap, parseCidr, sizedWithin, VPC_PREFIXES, type Cidr } from '../../lib/core/cidr';

const cidr = (text: string): Cidr => parseCidr(text)!;

describe('reading a CIDR block', () => {
  test.each([
    ['10.0.0.0/16', 167772160, 16],
    ['10.213.0.0/20', 181731328, 20],
    ['0.0.0.0/0', 0, 0],
    ['255.255.255.255/32', 4294967295, 32],
    ['192.168.1.0/24', 3232235776, 24],
  ])('%s is understood', (text, first, prefix) => {
    expect(parseCidr(text)).toEqual({ first, prefix, text });
  });

  test.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '/16',
    '10.0.0/16',
    '10.0.0.0.0/16',
    '256.0.0.0/16',
    '10.0.0.0/33',
    '10.0.0.0/016',
    '010.0.0.0/16',
    '10.0.0.00/16',
    ' 10.0.0.0/16',
    '10.0.0.0/16 ',
    '10.0.0.0/16\n',
    '10.0.0.0/-1',
    '10.0.0.0/1e1',
    '1O.0.0.0/16',
    '٣.0.0.0/16',
    'fd00::/8',
  ])('%j is not a block', (text) => {
    expect(parseCidr(text)).toBeUndefined();
    expect(enclosingBlock(text)).toBeUndefined();
  });

  test('an address inside a block is not the block, but names it', () => {
    expect(parseCidr('10.213.1.7/20')).toBeUndefined();
    expect(enclosingBlock('10.213.1.7/20')?.text).toBe('10.213.0.0/20');
  });

  test('a VPC is /16 to /28', () => {
    expect(['10.0.0.0/15', '10.0.0.0/16', '10.0.0.0/28', '10.0.0.0/29'].map((text) => sizedWithin(cidr(text), VPC_PREFIXES))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('comparing blocks', () => {
  test.each([
    ['10.0.0.0/16', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.255.0/24', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.1.0.0/16', false],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['0.0.0.0/0', '192.168.0.0/16', true],
    ['255.255.255.255/32', '0.0.0.0/1', false],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(overlap(cidr(one), cidr(other))).toBe(expected);
  });

  test.each([
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.255.0/24', '10.0.0.0/16', false],
    ['10.0.0.0/16', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.1.0.0/24', false],
  ])('%s contains %s: %s', (outer, inner, expected) => {
    expect(contains(cidr(outer), cidr(inner))).toBe(expected);
  });
});

describe('finding a free block', () => {
  test.each([
    [20, [], '10.0.0.0/20'],
    [20, ['10.0.0.0/16'], '10.1.0.0/20'],
    [16, ['10.0.0.0/28'], '10.1.0.0/16'],
    [20, ['10.0.0.0/8'], '172.16.0.0/20'],
    [20, ['10.0.0.0/8', '172.16.0.0/12'], '192.168.0.0/20'],
    [24, ['10.0.1.0/24', '10.0.0.0/24'], '10.0.2.0/24'],
  ])('a /%i beside %j is %s', (prefix, taken, expected) => {
    expect(freeBlock(prefix, taken.map(cidr))?.text).toBe(expected);
  });

  test('there is none when all private ranges are taken', () => {
    expect(freeBlock(20, ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr))).toBeUndefined();
  });
});

describe('for any blocks', () => {
  const octet = fc.nat({ max: 255 });
  const anyBlock = fc
    .tuple(octet, octet, octet, octet, fc.nat({ max: 32 }))
    .map(([a, b, c, d, prefix]) => enclosingBlock(`${a}.${b}.${c}.${d}/${prefix}`)!);

  test('what is read is written the same way', () => {
    fc.assert(fc.property(anyBlock, (block) => expect(parseCidr(block.text)).toEqual(block)));
  });

  test('any text is read or refused, never an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => [undefined, text].includes(parseCidr(text)?.text)));
  });

  test('overlap is symmetric, and since blocks nest it means that one contains the other', () => {
    fc.assert(
      fc.property(anyBlock, anyBlock, (one, other) => {
        expect(overlap(one, other)).toBe(overlap(other, one));
        expect(overlap(one, other)).toBe(contains(one, other) || contains(other, one));
      }),
    );
  });

  test('blocks that overlap share the address of the smaller one; blocks that do not share none', () => {
    fc.assert(
      fc.property(anyBlock, anyBlock, (one, other) => {
        const [larger, smaller] = one.prefix <= other.prefix ? [one, other] : [other, one];
        const address = smaller.text.replace(/\/.*/, '');
        expect(overlap(one, other)).toBe(enclosingBlock(`${address}/${larger.prefix}`)!.first === larger.first);
      }),
    );
  });

  test('a free block overlaps nothing that is taken and lies in a private range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 28 }), fc.array(anyBlock, { maxLength: 8 }), (prefix, taken) => {
        const free = freeBlock(prefix, taken);
        if (!free) return;
        expect(free.prefix).toBe(prefix);
        expect(parseCidr(free.text)).toEqual(free);
        expect(taken.filter((block) => overlap(block, free))).toEqual([]);
        expect(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].some((range) => contains(cidr(range), free))).toBe(true);
      }),
    );
  });
});
