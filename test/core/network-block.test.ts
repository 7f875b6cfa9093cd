import { blockProblems, overlapInWords } from '../../lib/core/network-block';

test.each(['10.213.0.0/16', '10.213.0.0/20', '192.168.7.0/24'])('%s is a block for the agents network', (cidr) => {
  expect(blockProblems(cidr, ['10.0.0.0/16', '172.16.0.0/12'])).toEqual([]);
});

test.each(['10.213.0.0/33', '10.213.0.1/20', '10.213.0.0', 'fd00::/56', '10.213.0.0/25', '10.0.0.0/15', ''])("fails when the block is '%s'", (cidr) => {
  expect(blockProblems(cidr, [])).toEqual([`cidr is '${cidr}'; write an IPv4 block of /16 to /24, such as '10.213.0.0/20'`]);
});

test("every block of production's that is overlapped is named", () => {
  expect(blockProblems('10.0.0.0/16', ['10.0.4.0/22', '10.1.0.0/16', '10.0.8.0/22'])).toEqual([
    "cidr 10.0.0.0/16 overlaps production's 10.0.4.0/22, which makes a replica unreliable and routes ambiguous; choose another block",
    "cidr 10.0.0.0/16 overlaps production's 10.0.8.0/22, which makes a replica unreliable and routes ambiguous; choose another block",
  ]);
});

test.each([
  [[], "production's CIDR blocks are not all known, so an overlap could not be ruled out"],
  [['10.0.0.0/16', '${Token[TOKEN.7]}'], "production's CIDR blocks are not all known, so an overlap could not be ruled out"],
  [['10.0.0.0/16', '10.1.0.0/16'], "no overlap with production's 10.0.0.0/16, 10.1.0.0/16"],
])('of production in %j it is said: %s', (productions, words) => {
  expect(overlapInWords(productions)).toBe(words);
});
