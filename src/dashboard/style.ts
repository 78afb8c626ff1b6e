/** The one style sheet. Colour means verdict, severity or side, and nothing else. */
import { COMPARE_STYLE } from './style-compare.ts';

export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#faf9f7, #17181b);
  --panel: light-dark(#ffffff, #1e2024);
  --sunk: light-dark(#f3f1ed, #131417);
  --ink: light-dark(#1d1e21, #e7e5e0);
  --muted: light-dark(#67676d, #9d9da5);
  --line: light-dark(#e3e0d9, #303339);
  --accent: light-dark(#2557a7, #8fb6f2);
  --bad: light-dark(#b3261e, #f2857c);
  --bad-bg: light-dark(#fbe9e7, #43211f);
  --warn: light-dark(#8a5300, #e6b35c);
  --warn-bg: light-dark(#fbf0dc, #3b2d14);
  --good: light-dark(#2c6e3f, #84c795);
  --good-bg: light-dark(#e6f2e8, #1c3324);
  --other: light-dark(#24579e, #8db5ee);
  --other-bg: light-dark(#e8effa, #1c2a40);
  --plain-bg: light-dark(#eceae6, #2a2c31);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace;
  --gap: 16px;
}
* { box-sizing: border-box; }
html { font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Open Sans", sans-serif; }
body { margin: 0; background: var(--bg); color: var(--ink); }
main { max-width: 1240px; margin: 0 auto; padding: 20px var(--gap) 64px; outline: none; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 20px; line-height: 1.3; font-weight: 700; letter-spacing: -.01em; }
h2 { font-size: 15px; font-weight: 700; }
h3 { font-size: 12px; font-weight: 700; color: var(--muted); }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre, kbd { font-family: var(--mono); font-size: 12px; }
pre { overflow: auto; max-height: 340px; margin: 6px 0; padding: 10px 12px; background: var(--sunk); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
bdi { unicode-bidi: isolate; overflow-wrap: anywhere; }
.unseen { font: 11px/1.3 var(--mono); font-style: normal; padding: 0 4px; border-radius: 3px; color: var(--warn); background: var(--warn-bg); }
.unseen-title, .skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; padding: 6px 10px; background: var(--panel); z-index: 5; }
.meta { color: var(--muted); font-size: 12.5px; }
.num { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.gap { flex: 1; }

.top { display: flex; align-items: center; gap: 18px; padding: 0 var(--gap); min-height: 50px; background: var(--panel); border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: 8px; color: var(--ink); font-weight: 700; }
.brand:hover { text-decoration: none; }
.mark { fill: var(--ink); } .mark-line { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-linecap: round; }
.top nav { display: flex; gap: 4px; }
.top nav a { padding: 5px 10px; border-radius: 6px; color: var(--muted); }
.top nav a:hover { color: var(--ink); text-decoration: none; }
.top nav a[aria-current] { color: var(--ink); background: var(--plain-bg); }
.filter { flex: 1; max-width: 620px; margin-left: auto; }
.filter input { width: 100%; }
input[type=search], textarea, select { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px; }
input[type=search] { font-family: var(--mono); font-size: 12.5px; }
input::placeholder, textarea::placeholder { color: var(--muted); opacity: .8; }
button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 4px 12px; cursor: pointer; }
button:hover { border-color: var(--muted); }
button.quiet { border-color: transparent; background: none; color: var(--muted); }
button.bad { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 40%, var(--line)); }

.live a { display: block; text-align: center; padding: 5px; background: var(--plain-bg); color: var(--ink); font-size: 13px; }
.say { position: fixed; bottom: 18px; left: 50%; translate: -50%; padding: 6px 14px; border-radius: 6px; background: var(--ink); color: var(--bg); }
.problems { margin: 12px 0; padding: 8px 12px; border-radius: 6px; background: var(--warn-bg); color: var(--warn); font-size: 13px; }
.done { display: flex; align-items: center; gap: 12px; margin-bottom: 14px; padding: 6px 8px 6px 12px; border-radius: 6px; background: var(--plain-bg); font-size: 13px; }
.done span { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }

.tabs { display: flex; gap: 2px; border-bottom: 1px solid var(--line); overflow-x: auto; }
.tabs a { padding: 7px 12px; color: var(--muted); white-space: nowrap; border-bottom: 2px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--ink); text-decoration: none; }
.tabs a[aria-current] { color: var(--ink); border-color: var(--ink); font-weight: 700; }
.tabs .n { margin-left: 3px; padding: 0 6px; border-radius: 9px; background: var(--plain-bg); color: var(--muted); font-size: 11.5px; font-weight: 400; font-variant-numeric: tabular-nums; }
.tabs .t-passed { margin-left: auto; }
.tabs.small { border: 0; }
.tabs.small a { padding: 3px 9px; border: 0; border-radius: 6px; margin: 0; font-size: 13px; }
.tabs.small a[aria-current] { background: var(--plain-bg); font-weight: 400; }

.badge, .sev, .flag, .state { display: inline-block; padding: 0 7px; border-radius: 4px; font-size: 12px; line-height: 19px; font-weight: 400; background: var(--plain-bg); color: var(--muted); white-space: nowrap; }
.v-poisoned.badge, .s-critical, .flag { background: var(--bad-bg); color: var(--bad); }
.s-critical { background: var(--bad); color: var(--bg); }
.s-high { background: var(--bad-bg); color: var(--bad); }
.v-suspect.badge, .s-medium { background: var(--warn-bg); color: var(--warn); }
.v-clean.badge { background: var(--good-bg); color: var(--good); }
.sev { min-width: 62px; text-align: center; }
.state.t-quarantined { background: var(--bad-bg); color: var(--bad); }
.state.t-accepted { background: var(--good-bg); color: var(--good); }
.state.t-reopened { background: var(--warn-bg); color: var(--warn); }
.history { display: block; overflow: visible; }
.history rect { fill: var(--muted); opacity: .45; }
.history .v-poisoned { fill: var(--bad); opacity: 1; } .history .v-suspect { fill: var(--warn); opacity: 1; } .history .v-clean { fill: var(--good); opacity: .7; }

.source { margin-top: 22px; }
.source > header { display: flex; align-items: center; gap: 14px; padding: 0 12px 7px; }
.source h2 a { color: var(--ink); }
.source b { color: var(--ink); font-weight: 700; }
.rows { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
.row { display: grid; grid-template-columns: 16px 66px minmax(0, 1fr) minmax(44px, auto) 46px 38px 62px; gap: 0 12px; align-items: start; padding: 9px 12px; border-top: 1px solid var(--line); }
.row:first-child { border-top: 0; }
.row:focus-within { background: color-mix(in srgb, var(--accent) 6%, transparent); }
.row > input { margin: 4px 0 0; accent-color: var(--accent); }
.row > .num { color: var(--muted); padding-top: 1px; font-size: 13px; }
kbd.hint { margin-left: 5px; min-width: 0; padding: 0 4px; border-width: 1px; background: none; color: var(--muted); font-size: 10.5px; line-height: 14px; }
@media (pointer: coarse) { kbd.hint { display: none; } }
.rows.plain .row { grid-template-columns: 72px minmax(0, 1fr) minmax(74px, auto) 46px 38px 62px; }
.heads-row { padding: 0 13px; margin: 14px 0 -39px; background: none; border: 0; pointer-events: none; }
.row.heads-row > .num { font-size: 12px; }
.row .many { color: var(--ink); }
.row .sev, .row .badge { margin-top: 1px; }
.reason { color: var(--ink); }
.what .meta { margin-top: 1px; overflow-wrap: anywhere; }
.what .meta > * { margin-right: 9px; }
.path { font-family: var(--mono); font-size: 12px; }
.kind, .fp, .more { color: var(--muted); }
.fp { font-family: var(--mono); font-size: 12px; }
.rest { margin: 8px 12px; font-size: 13px; }
.decide-bar { position: sticky; bottom: 0; display: flex; align-items: center; gap: 8px; margin-top: 20px; padding: 10px 12px; background: var(--bg); border-top: 1px solid var(--line); }
.decide-bar span { flex: 1; color: var(--muted); font-size: 13px; }
.empty { padding: 48px 12px; text-align: center; color: var(--muted); }
.welcome { max-width: 680px; margin: 24px auto; }
.welcome h3 { margin-top: 18px; font-size: 13px; color: var(--ink); }
.welcome h2 { font-size: 20px; margin-bottom: 4px; }

table { border-collapse: collapse; width: 100%; font-size: 13px; }
caption { text-align: left; font-weight: 700; padding: 0 0 5px; }
th, td { padding: 6px 12px 6px 0; text-align: left; border-top: 1px solid var(--line); font-weight: 400; vertical-align: middle; }
th.num, td.num { text-align: right; }
thead th { color: var(--muted); font-size: 12px; border-top: 0; white-space: nowrap; }
tbody th { font-weight: 400; }
.scroll { overflow-x: auto; }
.sources { margin-top: 8px; }
td.num + td:not(.num), th.num + th:not(.num) { padding-left: 20px; }
.sources th:first-child, .sources td:first-child { padding-left: 12px; }
.sources tbody { background: var(--panel); }
.standing { margin: 4px 0 14px; color: var(--muted); }
main > h1 { margin-bottom: 12px; }
main > .history { margin: 16px 0 6px; }
main > .rows { margin-top: 12px; }

.keys { border: 1px solid var(--line); border-radius: 10px; padding: 18px 22px; background: var(--panel); color: var(--ink); width: min(700px, 92vw); }
.keys::backdrop { background: rgb(0 0 0 / .25); }
.keys-places { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 14px 28px; margin-top: 10px; }
.keys dl > div { display: flex; gap: 10px; padding: 2px 0; }
.keys dt { width: 46px; }
kbd { display: inline-block; min-width: 20px; padding: 0 5px; text-align: center; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; background: var(--bg); }
${COMPARE_STYLE}
@media (max-width: 720px) {
  .top { flex-wrap: wrap; gap: 4px 12px; padding-block: 8px; }
  .filter { order: 5; flex-basis: 100%; max-width: none; }
  .top .quiet { display: none; }
  .row { grid-template-columns: 16px minmax(0, 1fr) auto; gap: 4px 10px; }
  .row .sev, .row .badge { justify-self: start; }
  .row .what { grid-column: 2 / -1; }
  .row > .num { display: none; }
  .row > .num.age { display: block; grid-row: 1; grid-column: 3; }
  .row > .num.many, .heads-row { display: none; }
  .decide-bar span { display: none; }
  .decide-bar button { flex: 1; padding-inline: 4px; }
  .source > header { flex-wrap: wrap; gap: 2px 12px; }
}
@media (prefers-reduced-motion: no-preference) { .row, button { transition: background-color .12s, border-color .12s; } }
`;
