import type { Difference } from './differences';
import { drawing } from './html/drawing';
import { escaped, named } from './html/escape';
import { sceneOf, type People } from './html/reach';
import { STYLE, STYLE_HASH } from './html/style';
import type { Acknowledgement, Assembly, Assumption, Finding, Report, Step, Verdict } from './model';
import { headline, people, tally, VERDICT } from './wording';

/** What a report is about, for its picture and its heading. */
export interface About {
  /** What was audited, e.g. `cdk.out`. */
  readonly what: string;
  /** ISO day. */
  readonly today: string;
  readonly assembly: Assembly | undefined;
  readonly subjects: People;
  /** Between the account and its template, if the account was audited. */
  readonly differences?: readonly Difference[];
}

/** Nothing is loaded, nothing runs: one style, allowed by its hash, and an empty icon, so that none is asked for. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** The report as one page that a reviewer reads in a minute. It needs no network and no script. */
export function renderHtml(report: Report, about: About): string {
  const { rules, notClaimed, findings, assumptions, accepted, verdict } = report;
  const failed = findings.filter((finding) => finding.verdict === 'fail');
  const undecided = findings.filter((finding) => finding.verdict === 'unknown');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escaped(`${headline(report)} · ${about.what}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<div class="banner ${verdict}">
<h1>${MARKS[verdict]} ${escaped(headline(report))}</h1>
<p>${escaped(tally(report))}</p>
${people(report).map(([who, names]) => `<p class="soft">${who}: ${names.map(named).join(', ')}</p>`).join('\n')}
<p class="soft">dbguard audit of ${named(about.what)} on ${escaped(about.today)}</p>
</div>
</header>
<main>
<div class="overview">
<section aria-labelledby="reach">
<h2 id="reach">Who can reach what</h2>
${drawing(sceneOf(report, about.assembly, about.subjects))}
</section>
<section aria-labelledby="guarantees">
<h2 id="guarantees">Guarantees</h2>
<table>
<thead><tr><th scope="col">Verdict</th><th scope="col">Claim</th></tr></thead>
<tbody>
${[...rules.map(({ id, claim, verdict }) => guarantee(verdict, `${MARKS[verdict]} ${VERDICT[verdict]}`, id, claim)), ...notClaimed.map((id) =>
    guarantee('none', '– open', id, 'nothing in here claims this'))].join('\n')}
</tbody>
</table>
</section>
</div>
${section('findings', 'Findings', [...failed, ...undecided].map(card))}
${section('differences', 'Different from the deployed template', (about.differences ?? []).length === 0 ? [] : [`<ul>${about.differences!.map(differing).join('\n')}</ul>`])}
${section('assumptions', 'Assumed, because the template does not tell', assumptions.length === 0 ? [] : [`<ul>${assumptions.map(assumed).join('\n')}</ul>`])}
${section('exceptions', 'Accepted by people', accepted.length === 0 ? [] : [exceptions(accepted)])}
</main>
<footer><p>Proven means: shown from ${about.differences ? 'the account as it was read' : 'the templates that were read'}, with the assumptions above. It says nothing about what was changed in the account since.</p></footer>
</body>
</html>
`;
}

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✔', fail: '✖', unknown: '?' };

const section = (id: string, heading: string, content: readonly string[]): string =>
  (content.length === 0 ? '' : `<section aria-labelledby="${id}">\n<h2 id="${id}">${heading}</h2>\n${content.join('\n')}\n</section>`);

function guarantee(kind: string, word: string, id: string, claim: string): string {
  return `<tr class="${kind}"><td class="verdict">${word}</td><th scope="row"><span class="id">${escaped(id)}</span><br>${named(claim)}</th></tr>`;
}

function card({ rule, verdict, subject, because, fix, steps }: Finding): string {
  return `<article class="card ${verdict}">
<h3>${named(because)}</h3>
<p><span class="verdict">${MARKS[verdict]} ${VERDICT[verdict]}</span> <span class="id">${escaped(rule)}</span></p>
<p class="soft">at ${named(subject.path)}${subject.path === subject.id ? '' : ` (${named(subject.id)})`}</p>
${steps.length === 0 ? '' : `<ol>${steps.map(stated).join('\n')}</ol>`}
<p class="fix"><strong>Fix:</strong> ${named(fix)}</p>
</article>`;
}

function stated({ from, to, by, source, assuming }: Step): string {
  const origin = source === '' || source === from ? '' : ` <span class="soft">[${named(source)}]</span>`;
  return `<li>${named(from)} → ${named(to)}: <strong>${named(by)}</strong>${origin}${assuming === undefined ? '' : `, assuming ${named(assuming)}`}</li>`;
}

function assumed({ what, path, affects }: Assumption): string {
  return `<li>${named(what)} <span class="soft">(${named(path)}${affects === 'note' ? '' : `; bears on ${affects}`})</span></li>`;
}

function differing({ path, type, what, property, template, account }: Difference): string {
  const values = what === 'changed' ? `: ${escaped(property ?? '')}<br><span class="soft">template</span> ${named(template ?? '')}<br><span class="soft">account</span> ${named(account ?? '')}` : ` ${what === 'gone' ? 'is gone' : 'was added'}`;
  return `<li>${named(path)} <span class="soft">(${escaped(type)})</span>${values}</li>`;
}

function exceptions(accepted: readonly { readonly finding: Finding; readonly acknowledgement: Acknowledgement }[]): string {
  return `<table>
<thead><tr><th scope="col">Accepted</th><th scope="col">Reason</th></tr></thead>
<tbody>
${accepted.map(({ finding, acknowledgement: { reason, expires } }) =>
    `<tr><th scope="row"><span class="id">${escaped(finding.rule)}</span><br>${named(finding.because)}</th><td>${named(reason)}<br><span class="soft">until ${named(expires)}</span></td></tr>`).join('\n')}
</tbody>
</table>`;
}
