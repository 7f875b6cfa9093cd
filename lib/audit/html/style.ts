/** The style of the report. It is the same in every report, so that the page can allow this style by its hash and nothing else. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1f26; --soft: #4d5763; --line: #d5dae0; --panel: #f5f7f9;
  --good: #13693a; --good-paper: #e7f5ec; --bad: #b3161f; --bad-paper: #fdecec; --open: #7a4d00; --open-paper: #fff4dc; --link: #0b5394; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161b; --ink: #e8ecf1; --soft: #a9b4c0; --line: #39424d; --panel: #1b2129;
  --good: #6fd79a; --good-paper: #12301f; --bad: #ff8f8f; --bad-paper: #3c1618; --open: #f2c063; --open-paper: #35270a; --link: #8cc4ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 16px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 0 0 10px; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 4px 0; }
code, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
section { margin: 28px 0; }
.soft { color: var(--soft); }
.banner { margin-top: 20px; padding: 16px 18px; border-radius: 10px; border-left: 8px solid; }
.banner.pass { background: var(--good-paper); border-color: var(--good); }
.banner.fail { background: var(--bad-paper); border-color: var(--bad); }
.banner.unknown { background: var(--open-paper); border-color: var(--open); }
.banner.pass h1, .pass .verdict { color: var(--good); }
.banner.fail h1, .fail .verdict { color: var(--bad); }
.banner.unknown h1, .unknown .verdict { color: var(--open); }
.verdict { font-weight: 600; white-space: nowrap; }
.none .verdict { color: var(--soft); }
.overview { display: grid; gap: 28px; grid-template-columns: minmax(0, 1fr); }
.overview section { margin: 24px 0 0; }
@media (min-width: 900px) { .overview { grid-template-columns: 400px minmax(0, 1fr); } }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 7px 10px 7px 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--soft); font-size: .85rem; padding-top: 0; }
th .id { font-weight: 600; }
.card { border: 1px solid var(--line); border-left: 5px solid; border-radius: 8px; padding: 12px 14px; margin: 0 0 12px; background: var(--panel); }
.card.fail { border-left-color: var(--bad); }
.card.unknown { border-left-color: var(--open); }
.card ol { margin: 8px 0; padding-left: 24px; }
.card li { margin: 3px 0; }
.fix { margin-top: 8px; }
ul { margin: 0; padding-left: 20px; }
li { margin: 5px 0; }
footer { padding: 8px 16px 32px; color: var(--soft); font-size: .85rem; }
.picture { display: block; width: 100%; max-width: 400px; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.picture text { fill: var(--ink); unicode-bidi: isolate; }
.picture .title { font-weight: 600; font-size: 13px; }
.picture .name, .picture .zone-name, .picture .unclaimed { fill: var(--soft); }
.picture .zone { fill: var(--panel); stroke: var(--line); stroke-width: 1.5; }
.picture .box { fill: var(--paper); stroke: var(--line); stroke-width: 1.5; }
.picture .box.agents { stroke: var(--soft); }
.picture .box.allowed, .picture .box.blocked { stroke: var(--good); }
.picture .box.reached { stroke: var(--bad); stroke-width: 2.5; fill: var(--bad-paper); }
.picture .box.unknown { stroke: var(--open); stroke-dasharray: 5 4; }
.picture .box.unclaimed { stroke-dasharray: 2 4; }
.picture .trunk { stroke: var(--soft); stroke-width: 2; }
.picture .edge { stroke: var(--soft); stroke-width: 2; fill: none; }
.picture .edge.allowed, .picture .edge.blocked { stroke: var(--good); }
.picture .edge.reached { stroke: var(--bad); stroke-width: 3; }
.picture .edge.unknown { stroke: var(--open); stroke-dasharray: 6 4; }
.picture .edge.unclaimed { stroke-dasharray: 2 4; }
.picture .bar { stroke: var(--good); stroke-width: 5; stroke-linecap: round; }
.picture .head { fill: var(--soft); }
.picture .head.allowed, .picture .says.allowed, .picture .says.blocked { fill: var(--good); }
.picture .head.reached, .picture .says.reached { fill: var(--bad); }
.picture .head.unknown, .picture .says.unknown { fill: var(--open); }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff;
  --good: #13693a; --good-paper: #fff; --bad: #b3161f; --bad-paper: #fff; --open: #7a4d00; --open-paper: #fff; }
  body { font-size: 11pt; } header, main, footer { max-width: none; padding: 0; }
  .card, tr, .picture, .banner { break-inside: avoid; } h2 { break-after: avoid; } .overview { display: block; } }
`;

/** Of `STYLE`, for the page's content security policy; a test says whether it is current. */
export const STYLE_HASH = 'sha256-vwAiq4+Wk+fUoHfsTZfqmta2JyRIvb9I9I3hZvt2sQE=';
