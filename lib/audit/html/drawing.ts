import { printable } from '../printable';
import { escaped } from './escape';
import type { Chain, Reach, Scene } from './reach';

/** Units of the drawing; a phone shows one as a pixel. */
const WIDTH = 360;
const [TRUNK, LEFT, RIGHT] = [30, 150, 342];
const CHAIN_LEFT = 52;
const [LINE, BOX] = [15, 44];

/** A piece of the drawing, and how far down it reaches. */
interface Piece {
  readonly svg: string;
  readonly bottom: number;
}

/**
 * Who can reach what, as one SVG: agents at the top, a trunk from them, a branch to each target. What lies on their side of the
 * wall comes first. A refuted claim is a red chain with its steps; what is unknown is dashed.
 */
export function drawing(scene: Scene): string {
  const beside = scene.reaches.filter((reach) => reach.beside);
  const beyond = scene.reaches.filter((reach) => !reach.beside);
  const agents = agentsBox(scene.agents);
  const inside = stack(beside, agents.bottom + 14);
  const wall = inside.bottom + 4;
  const outside = stack(beyond, wall + 30);
  const height = Math.max(outside.bottom, wall) + 10;
  const trunk = Math.max(inside.trunk, outside.trunk);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="picture-title picture-description" class="picture">`,
    '<title id="picture-title">Who can reach what</title>',
    `<desc id="picture-description">${escaped(description(scene))}</desc>`,
    ARROWS,
    `<rect class="zone" x="4" y="4" width="${WIDTH - 8}" height="${wall - 4}" rx="10"/>`,
    `<text class="zone-name" x="${WIDTH - 14}" y="22" text-anchor="end">${scene.hasNetwork ? "the agents’ network" : 'the agents’ side'}</text>`,
    `<line class="trunk" x1="${TRUNK}" y1="${agents.bottom}" x2="${TRUNK}" y2="${trunk}"/>`,
    agents.svg, inside.svg, outside.svg,
    '</svg>',
  ].join('\n');
}

const ARROWS = `<defs>${['allowed', 'reached', 'unknown'].map((state) =>
  `<marker id="arrow-${state}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${state}" d="M0 0 8 4 0 8z"/></marker>`).join('')}</defs>`;

/** The picture in words, for those who do not see it. */
export function description({ agents, reaches }: Scene): string {
  const WORDS: Readonly<Record<Reach['state'], string>> = {
    allowed: 'reach, as intended', blocked: 'cannot reach', reached: 'may reach', unknown: 'may or may not reach', unclaimed: 'are not kept from',
  };
  const targets = reaches.map(({ target, names, state }) => `${WORDS[state]} ${target.toLowerCase()}${names.length === 0 ? '' : ` (${names.join(', ')})`}`);
  return `Agents${agents.length === 0 ? '' : ` (${agents.join(', ')})`} ${targets.join('; ')}.`;
}

function agentsBox(agents: readonly string[]): Piece {
  const lines = shortened(agents, 4);
  const height = 32 + lines.length * LINE;
  return {
    svg: [
      `<rect class="box agents" x="14" y="30" width="${RIGHT - 14}" height="${height}" rx="8"/>`,
      label('Agents', 26, 48, 'title', 120),
      ...lines.map((line, index) => label(line, 26, 66 + index * LINE, 'name', RIGHT - 40)),
    ].join('\n'),
    bottom: 30 + height,
  };
}

/** Rows one below the other, and where the last branch leaves the trunk. */
function stack(reaches: readonly Reach[], top: number): Piece & { readonly trunk: number } {
  const rows: string[] = [];
  let [y, trunk] = [top, 0];
  for (const reach of reaches) {
    const drawn = reach.chains.length > 0 ? chained(reach, y) : branch(reach, y);
    rows.push(drawn.svg);
    trunk = drawn.trunk;
    y = drawn.bottom + 12;
  }
  return { svg: rows.join('\n'), bottom: y, trunk };
}

/** A straight branch: an arrow where there is a way, a bar where there is none, dashes where it is not known. */
function branch(reach: Reach, y: number): Piece & { readonly trunk: number } {
  const middle = y + BOX / 2;
  const blocked = reach.state === 'blocked';
  const end = blocked ? LEFT - 22 : LEFT - 2;
  const [above, below] = reach.says;
  return {
    svg: [
      `<line class="edge ${reach.state}" x1="${TRUNK}" y1="${middle}" x2="${end}" y2="${middle}"${marker(reach.state)}/>`,
      ...(blocked ? [`<line class="bar" x1="${end}" y1="${middle - 13}" x2="${end}" y2="${middle + 13}"/>`] : []),
      ...(above === undefined ? [] : [label(above, TRUNK + 8, middle - 6, `says ${reach.state}`, LEFT - TRUNK - 30)]),
      ...(below === undefined ? [] : [label(below, TRUNK + 8, middle + 15, `says ${reach.state}`, LEFT - TRUNK - 30)]),
      box(reach, LEFT, y),
    ].join('\n'),
    bottom: y + BOX,
    trunk: middle,
  };
}

const marker = (state: Reach['state']): string => (['allowed', 'reached', 'unknown'].includes(state) ? ` marker-end="url(#arrow-${state})"` : '');

/** At most two chains are drawn; the findings have them all. */
const DRAWN = 2;

function chained(reach: Reach, top: number): Piece & { readonly trunk: number } {
  const state = reach.chains.some(({ verdict }) => verdict === 'fail') ? 'reached' : 'unknown';
  const pieces: string[] = [];
  let [y, trunk] = [top, top];
  const sorted = [...reach.chains].sort((one, other) => Number(other.verdict === 'fail') - Number(one.verdict === 'fail'));
  sorted.slice(0, DRAWN).forEach((chain, index) => {
    const drawn = links(chain, y, index === Math.min(DRAWN, sorted.length) - 1);
    pieces.push(drawn.svg);
    trunk = drawn.trunk;
    y = drawn.bottom;
  });
  pieces.push(box({ ...reach, state }, CHAIN_LEFT, y));
  const more = sorted.length - DRAWN;
  if (more > 0) pieces.push(label(`and ${more} more, below`, CHAIN_LEFT, y + BOX + 14, `says ${state}`, RIGHT - CHAIN_LEFT));
  return { svg: pieces.join('\n'), bottom: y + BOX + (more > 0 ? 16 : 0), trunk };
}

/** The steps of one chain from the trunk down to where the target's box begins. */
function links(chain: Chain, top: number, isLast: boolean): Piece & { readonly trunk: number } {
  const state = chain.verdict === 'fail' ? 'reached' : 'unknown';
  const [x, middle] = [CHAIN_LEFT + 14, top + 12];
  const pieces = [
    `<line class="edge ${state}" x1="${TRUNK}" y1="${middle}" x2="${CHAIN_LEFT - 1}" y2="${middle}"/>`,
    pill(chain.from, top, state),
  ];
  let y = top + 24;
  chain.hops.forEach(({ by, to, assuming }, index) => {
    const lines = [...folded(by, RIGHT - x - 14).slice(0, 3), ...(assuming === undefined ? [] : [`assuming ${assuming}`])];
    const end = y + lines.length * 14 + 12;
    const arrives = index === chain.hops.length - 1;
    pieces.push(`<line class="edge ${state}" x1="${x}" y1="${y}" x2="${x}" y2="${end - 1}" marker-end="url(#arrow-${state})"/>`);
    pieces.push(...lines.map((line, row) => label(line, x + 12, y + 16 + row * 14, `says ${state}`, RIGHT - x - 14)));
    y = end;
    // The last step leads into the target's own box, unless another chain comes between.
    if (!arrives || !isLast) {
      pieces.push(pill(to, y, state));
      y += 24 + (arrives ? 10 : 0);
    }
  });
  return { svg: pieces.join('\n'), bottom: y, trunk: middle };
}

function pill(name: string, y: number, state: string): string {
  return `<rect class="box ${state}" x="${CHAIN_LEFT}" y="${y}" width="${RIGHT - CHAIN_LEFT}" height="24" rx="12"/>\n${label(name, CHAIN_LEFT + 12, y + 16, 'name', RIGHT - CHAIN_LEFT - 24)}`;
}

function box({ target, names, state }: Reach, x: number, y: number): string {
  const [first, ...rest] = names;
  const name = first === undefined ? 'not in the template' : `${first}${rest.length === 0 ? '' : ` + ${rest.length}`}`;
  return [
    `<rect class="box ${state}" x="${x}" y="${y}" width="${RIGHT - x}" height="${BOX}" rx="8"/>`,
    label(target, x + 12, y + 18, 'title', RIGHT - x - 24),
    label(name, x + 12, y + 34, 'name', RIGHT - x - 24),
  ].join('\n');
}

/** One line of text, cut in the middle if it is too long; the whole is its title. */
function label(text: string, x: number, y: number, kind: string, room: number): string {
  const whole = printable(text);
  const cut = fitted(whole, room);
  return `<text class="${kind}" x="${x}" y="${y}">${cut === whole ? '' : `<title>${escaped(whole)}</title>`}${escaped(cut)}</text>`;
}

/** What a character takes at 12 px, rather too much than too little: the fonts of those who look are not known. */
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (character > '\u02ff' ? 12.5 : /[A-Z@%mwMW]/.test(character) ? 8.6 : 6.5), 0);

function fitted(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  const characters = [...text];
  let keep = characters.length;
  const cut = () => `${characters.slice(0, Math.ceil(keep / 2)).join('')}…${characters.slice(characters.length - Math.floor(keep / 2)).join('')}`;
  // Halves until it fits, then grows: names may have thousands of characters.
  while (keep > 1 && widthOf(cut()) > room) keep = Math.floor(keep / 2);
  while (widthOf(cut()) <= room) keep += 1;
  keep -= 1;
  return cut();
}

function folded(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of printable(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function shortened(names: readonly string[], most: number): string[] {
  if (names.length === 0) return ['none is named'];
  return names.length <= most ? [...names] : [...names.slice(0, most - 1), `and ${names.length - most + 1} more`];
}
