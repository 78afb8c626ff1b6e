/** Styles of one verdict: reason, decision, side by side, pictures. */
export const COMPARE_STYLE = `
.steps { display: flex; gap: 14px; margin-bottom: 12px; font-size: 13px; }
.verdict { display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 28px; align-items: start; }
.lead > h1 { padding-left: 12px; border-left: 4px solid var(--muted); }
.lead > h1.v-poisoned { border-color: var(--bad); } .lead > h1.v-suspect { border-color: var(--warn); } .lead > h1.v-clean { border-color: var(--good); }
.url { margin: 6px 0 0 16px; font: 12.5px/1.5 var(--mono); color: var(--muted); overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 20px; margin: 16px 0 4px; }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { font-variant-numeric: tabular-nums; }
.findings { margin: 14px 0; border-top: 1px solid var(--line); }
.finding { display: grid; grid-template-columns: 66px minmax(0, 1fr); gap: 12px; padding: 9px 0; border-bottom: 1px solid var(--line); }
.finding .sev { align-self: start; margin-top: 1px; }
.finding .meta > * { margin-right: 10px; }
.finding details { margin-top: 2px; font-size: 12.5px; }
summary { cursor: pointer; color: var(--muted); }
summary:hover { color: var(--ink); }
.quotes { margin: 4px 0 8px; }
.quotes li { padding: 4px 0; }
.quotes q { display: block; quotes: none; padding: 2px 10px; overflow-wrap: anywhere; }
.quotes .mine { border-left: 3px solid var(--bad); }
.quotes .others { border-left: 3px solid var(--other); margin-top: 3px; }
.identities { margin-top: 6px; }
.identities th[scope=row] { white-space: nowrap; }
.e-usable .ev { color: var(--good); } .e-challenged .ev, .e-blocked .ev, .e-soft-404 .ev, .e-late .ev, .e-failed .ev { color: var(--warn); }
.lead .scroll { margin-top: 18px; }

.card { padding: 14px 16px 16px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
.card h2 { display: flex; justify-content: space-between; align-items: center; margin-bottom: 10px; }
.card h3 { margin: 16px 0 4px; }
.buttons { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; }
.buttons button { padding: 6px 2px; white-space: nowrap; font-size: 13px; font-weight: 400; }
.note { display: block; margin-top: 10px; font-size: 12px; color: var(--muted); }
.note textarea { display: block; width: 100%; margin-top: 2px; resize: vertical; font-size: 13px; color: var(--ink); }
.scope { display: flex; gap: 7px; margin-top: 8px; font-size: 13px; }
.scope input { margin: 4px 0 0; accent-color: var(--accent); }
.means { margin-top: 12px; font-size: 12px; color: var(--muted); }
.means > div { display: grid; grid-template-columns: 56px minmax(0, 1fr); gap: 8px; padding: 2px 0; }
a .hint, button .hint { vertical-align: 1px; }
.about-source { margin: 10px 0; max-width: 560px; }
.about-source .card { margin-top: 8px; }
.about-source .means > div { grid-template-columns: 92px minmax(0, 1fr); align-items: center; padding: 3px 0; }
.about-source .means button { width: 100%; }
.means dt { color: var(--ink); }
.reviews li { padding: 3px 0; font-size: 13px; }
.reviews q { display: block; color: var(--muted); quotes: none; overflow-wrap: anywhere; }
.card form + form, .reviews + form { margin-top: 6px; }
.take li { padding: 1px 0; font-size: 13px; }
.plan li { padding: 6px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.plan-form { max-width: 760px; }
.plan-form .rest { display: flex; gap: 14px; align-items: center; margin: 12px 0 18px; }
.card > form:first-child > .note:first-child { margin-top: 0; }

.compare { margin-top: 30px; }
.compare > header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin-bottom: 8px; }
.sides { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.r { display: grid; grid-template-columns: 1fr 1fr; }
.r + .r, .fold + .r, .r + .fold, .fold + .fold { border-top: 1px solid color-mix(in srgb, var(--line) 55%, transparent); }
.cell { display: grid; grid-template-columns: 74px minmax(0, 1fr); gap: 10px; padding: 5px 12px; min-width: 0; overflow: clip; }
.cell + .cell { border-left: 1px solid var(--line); }
.cell > .tx:only-child { grid-column: 1 / -1; font: 12px/1.55 var(--mono); white-space: pre-wrap; }
.in-code .tx, .in-raw .tx, .in-data .tx, .in-fields .tx { font: 12px/1.6 var(--mono); white-space: pre-wrap; }
.mk { color: var(--muted); font: 11px/1.9 var(--mono); overflow-wrap: anywhere; text-align: right; }
.tx { overflow-wrap: anywhere; }
.single .r:not(.heads) { grid-template-columns: minmax(0, 1fr); }
.single .r:not(.heads) .cell + .cell { display: none; }
.long .tx { max-height: 300px; overflow: auto; }
.heads { background: var(--sunk); border-bottom: 1px solid var(--line); font-size: 13px; position: sticky; top: 0; z-index: 1; }
.heads .cell { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; padding: 7px 12px; }
.ref { color: var(--muted); padding: 0 6px; border-radius: 4px; }
.ref[aria-current] { color: var(--ink); background: var(--plain-bg); }
.none { background: repeating-linear-gradient(-45deg, transparent 0 5px, color-mix(in srgb, var(--line) 45%, transparent) 5px 6px); }
.left .cell:first-child { background: color-mix(in srgb, var(--bad-bg) 45%, transparent); }
.alone .cell:first-child { background: var(--bad-bg); box-shadow: inset 3px 0 var(--bad); }
.right .cell:last-child { background: var(--other-bg); box-shadow: inset 3px 0 var(--other); }
.changed .cell:first-child { box-shadow: inset 3px 0 var(--bad); }
.changed .cell:last-child { box-shadow: inset 3px 0 var(--other); }
del, ins { text-decoration: none; border-radius: 3px; padding: 0 1px; }
del { background: color-mix(in srgb, var(--bad) 24%, transparent); }
ins { background: color-mix(in srgb, var(--other) 24%, transparent); }
.r:focus { outline: 2px solid var(--accent); outline-offset: -2px; }
.fold > summary { padding: 4px 12px; font-size: 12px; background: var(--sunk); }
.of-right > summary { padding-left: calc(50% + 12px); }
.sides > .meta { padding: 14px; }
.equal { color: var(--good); }

.stage { margin-top: 28px; --at: 50%; }
.modes { display: flex; gap: 6px; align-items: center; margin-bottom: 8px; }
.modes button[aria-pressed=true] { background: var(--plain-bg); }
.natural { display: flex; gap: 5px; align-items: center; margin-left: 8px; color: var(--muted); font-size: 13px; }
.stage:has(.natural :checked) img { width: auto; max-width: none; max-height: none; }
.stage:has(.natural :checked) figure { overflow: auto; }
.stage.stage:has(.natural :checked) .pictures::after { content: none; }
.modes .place { display: flex; align-items: center; gap: 8px; flex: 1; max-width: 340px; margin-left: auto; color: var(--muted); font-size: 12px; visibility: hidden; }
.stage[data-shows=swipe] .place, .stage[data-shows=onion] .place { visibility: visible; }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
.pictures img { display: block; width: 100%; max-height: 620px; object-fit: contain; background: var(--sunk); }
.pictures figcaption { font-size: 12px; color: var(--muted); padding-top: 4px; }
.stage:not([data-shows=split]) .pictures { grid-template-columns: 1fr; }
.stage:not([data-shows=split]) figure { grid-area: 1 / 1; }
.stage:not([data-shows=split]) .theirs figcaption { text-align: right; }
.stage[data-shows=swipe] .theirs img { clip-path: inset(0 0 0 var(--at)); }
.place input { flex: 1; min-width: 0; accent-color: var(--accent); }
.pictures { position: relative; touch-action: pan-y; }
.stage[data-shows=swipe] .pictures::after { content: ""; position: absolute; inset: 0 auto 22px var(--at); width: 2px; margin-left: -1px; background: var(--panel); mix-blend-mode: difference; pointer-events: none; }
.stage[data-shows=onion] .theirs img { opacity: var(--at); }
.evidence-map figure { display: grid; margin: 0; }
.evidence-map img { grid-area: 1 / 1; width: 100%; max-width: 32rem; }
.stage[data-shows=heat] .pictures { isolation: isolate; background: #000; }
.stage[data-shows=heat] .theirs { mix-blend-mode: difference; }
.stage[data-shows=heat] .pictures img { background: none; }
.stage[data-shows=heat] .pictures { filter: brightness(12); }
.stage[data-shows=heat] figcaption { visibility: hidden; }

@media (max-width: 900px) {
  .verdict { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 720px) {
  .cell { grid-template-columns: minmax(0, 1fr); gap: 0; padding: 5px 8px; }
  .mk { text-align: left; }
  .r { grid-template-columns: minmax(0, 1fr); }
  .r:not(.changed):not(.left):not(.right):not(.heads) .cell + .cell, .r .none { display: none; }
  .cell + .cell { border-left: 0; }
  .heads { position: static; }
  .of-right > summary { padding-left: 12px; }
  .pictures { grid-template-columns: 1fr; }
}
`;
