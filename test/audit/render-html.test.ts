import { createHash } from 'node:crypto';
import { STYLE, STYLE_HASH } from '../../lib/audit/html/style';
import { sceneOf } from '../../lib/audit/html/reach';
import { renderHtml } from '../../lib/audit/render-html';
import { guarded, hostile, HOSTILE, imported, passport, proven, refuted, who } from './report-fixture';

const about = { what: 'cdk.out', today: '2026-11-20', assembly: guarded, subjects: who };
const page = (report = refuted, more: Partial<typeof about> = {}) => renderHtml(report, { ...about, ...more });

/** Every tag of a page, without its content. */
const tags = (html: string) => [...html.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<([a-z][a-z0-9]*)([^>]*)>/g)].map(([, name, attributes]) => ({ name: name!, attributes: attributes! }));

describe('the page', () => {
  test('allows its own style by its hash, and nothing else (run: printf of STYLE through sha256)', () => {
    expect(STYLE_HASH).toBe(`sha256-${createHash('sha256').update(STYLE).digest('base64')}`);
    expect(page()).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'">`);
    expect(page()).toContain(`<style>${STYLE}</style>`);
  });

  test('has no script, no event handler, no style of an element and no address', () => {
    for (const html of [page(), page(hostile, { what: HOSTILE.attribute, subjects: { agents: Object.values(HOSTILE), production: Object.values(HOSTILE), approvers: Object.values(HOSTILE) } })]) {
      expect(tags(html).filter(({ name }) => ['script', 'iframe', 'object', 'embed', 'a', 'form', 'base'].includes(name))).toEqual([]);
      expect(tags(html).filter(({ attributes }) => /\s(on\w+|style|src|srcset)=/.test(attributes))).toEqual([]);
      expect(tags(html).map(({ attributes }) => /\shref="([^"]*)"/.exec(attributes)?.[1]).filter((href) => href !== undefined)).toEqual(['data:,']);
      expect(html.replace(/\\u\{[0-9a-f]+\}/g, '')).not.toMatch(/[\u202e\u001b\r]/);
    }
  });

  test('has the same tags whether names are hostile or not', () => {
    const harmless = Object.fromEntries(Object.keys(HOSTILE).map((key) => [key, 'name']));
    const tame = JSON.parse(JSON.stringify(hostile), (_, value) => (typeof value === 'string' && Object.values<string>(HOSTILE).includes(value) ? harmless.script : value));
    const names = (html: string) => tags(html).map(({ name }) => name).filter((name) => !['title', 'text'].includes(name));
    // Lines are folded by length, so the picture is left out.
    const withoutPicture = (html: string) => html.replace(/<svg[\s\S]*?<\/svg>/, '');
    expect(names(withoutPicture(page(hostile)))).toEqual(names(withoutPicture(page(tame))));
  });

  test('says the verdict, each guarantee, each finding with its path and fix, what was assumed and what was accepted with the reason', () => {
    const text = page().replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]*>/g, ' ').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replace(/\s+/g, ' ');
    for (const wanted of [
      'Refuted: a claim does not hold', '3 claims hold, 1 is refuted, 1 is unknown; 2 assumptions, 1 exception', 'dbguard audit of cdk.out on 2026-11-20',
      '✔ holds agent-reads-a-replica agents read near-live data', '✖ refuted agent-cannot-use-the-control-plane', '? unknown agents-cannot-alter-their-log',
      '– open freeze-is-enforced', passport.because, 'take iam:PassRole out of AgentPolicy',
      'Shop.CodingAgentRole → Shop.DeployRole : may iam:PassRole to lambda:CreateFunction [ Shop.AgentPolicy ]', 'assuming parameter Stage is prod',
      imported.because, 'may allow anything ( Shop/DeployRole/Resource ; bears on identity)', 'a scratch bucket, emptied every night until 2027-03-31',
    ]) expect(text).toContain(wanted);
  });

  test('leaves out what there is nothing of', () => {
    expect([...page(proven).matchAll(/<h2[^>]*>([^<]*)/g)].map(([, heading]) => heading)).toEqual(['Who can reach what', 'Guarantees']);
  });
});

describe('the picture', () => {
  const scene = (report = refuted) => sceneOf(report, guarded, who);
  const states = (report = refuted) => Object.fromEntries(scene(report).reaches.map(({ target, state, says }) => [target, `${state}: ${says.join(', ')}`]));

  test('shows what agents reach, what they do not, and what nobody knows', () => {
    expect(states()).toEqual({
      'Replica': 'allowed: reads', 'Staging copy': 'unknown: not known', 'Production': 'reached: refuted', 'Backups': 'blocked: locked',
      'Log': 'unknown: not known', 'Approvers': 'unclaimed: nothing, claims this',
    });
  });

  test('never shows more than was proven: a claim that is unknown, or that nobody makes, is no wall', () => {
    const without = (id: string) => ({ ...proven, rules: proven.rules.filter((rule) => rule.id !== id) });
    expect(states(proven)).toMatchObject({ 'Backups': 'blocked: locked', 'Staging copy': 'blocked: closed, until masked' });
    expect(states(without('backups-outlive-the-agent')).Backups).toBe('unclaimed: nothing, claims this');
    const unknown = { ...proven, rules: proven.rules.map((rule) => ({ ...rule, verdict: 'unknown' as const })) };
    expect(Object.values(states(unknown)).filter((state) => /^(blocked|allowed)/.test(state))).toEqual([]);
  });

  test('draws a refuted claim as a chain, by the names of the resources', () => {
    expect(scene().reaches.find(({ target }) => target === 'Production')).toMatchObject({
      names: ['Production'],
      chains: [{ verdict: 'fail', from: 'Agent-coding/Role', hops: [{ to: 'DeployRole', by: 'may iam:PassRole to lambda:CreateFunction' }, { by: 'may rds:ModifyDBInstance' }] }],
    });
    expect(page()).toContain('<line class="edge reached"');
    expect(page(proven)).not.toContain('<line class="edge reached"');
  });

  test('is told in words to those who do not see it', () => {
    expect(page()).toContain('<desc id="picture-description">Agents (Agent-coding/Role, Agent-support/Role) reach, as intended replica (Live/Instance); '
      + 'may or may not reach staging copy (Staging/Copy); may reach production (Production); cannot reach backups (Backups/Vault); '
      + 'may or may not reach log (Locked/Bucket); are not kept from approvers (role/DatabaseAdministrator).</desc>');
  });

  test('cuts names that are too long, and keeps the whole as a title', () => {
    const long = page(hostile, { subjects: { ...who, agents: [HOSTILE.long] } });
    expect(long).toContain(`<title>${HOSTILE.long}</title>LongLong`);
  });
});
