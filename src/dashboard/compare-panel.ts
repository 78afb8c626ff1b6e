/** Side by side: left what the crawler got, right what another visitor saw. */
import type { Verdict } from '../domain/index.ts';
import { byMark, channel, fieldItems, rawLines, TAB_NAMES, TABS, type Tab } from './channels.ts';
import type { Evidence, Held } from './evidence.ts';
import { count, counted } from './format.ts';
import { type Html, html, spell } from './html.ts';
import { type Key, keyed } from './keys.ts';
import {
  align,
  alignByMark,
  differences,
  type Folded,
  fold,
  type Item,
  type Piece,
  type Row,
} from './sides.ts';

export interface Panel {
  readonly tab: Tab;
  readonly against: Held | undefined;
  readonly rows: readonly Row[];
  /** Tabs that have something on either side, with the number of differences. */
  readonly tabs: ReadonlyArray<{ readonly tab: Tab; readonly differences: number }>;
}

/** Tabs that differ for many harmless reasons: shown when asked for, never counted. */
const UNCOUNTED: ReadonlySet<Tab> = new Set<Tab>(['fields', 'raw']);
/** Characters from which a block scrolls in its own cell, so that what follows stays in sight. */
const LONG = 1500;
/** Rows that one page shows; a browser lays out no more in a breath. */
const MOST_ROWS = 1500;
const TAB_KEYS: Partial<Record<Tab, Key>> = { text: 't', links: 'l', labels: 'i' };

const itemsOf = (held: Held | undefined, tab: Tab): Item[] => {
  if (held === undefined) return [];
  if (tab === 'raw') return held.text === undefined ? [] : rawLines(held.text.text);
  if (tab === 'fields') return fieldItems(held.record.fields);
  return held.view === undefined ? [] : channel(held.view, tab);
};

const rowsFor = (evidence: Evidence, against: Held | undefined, tab: Tab): Row[] => {
  const ours = itemsOf(evidence.own, tab);
  // With nobody to hold it against, nothing is a difference.
  if (against === undefined) return ours.map((item): Row => ({ kind: 'same', item }));
  const elsewhere = new Set(
    evidence.references
      .filter((other) => other !== against && other.usable)
      .flatMap((other) => itemsOf(other, tab).map(({ text }) => text)),
  );
  const aligned = byMark(evidence.own?.view, tab) ? alignByMark : align;
  return aligned(ours, itemsOf(against, tab), elsewhere);
};

/** The reference to hold against: as asked, else the first usable one whose content differs, else the first. */
export function chooseReference(evidence: Evidence, asked: string | undefined): Held | undefined {
  const { own, references } = evidence;
  const usable = references.filter((reference) => reference.usable);
  return (
    references.find(({ name }) => name === asked) ??
    usable.find(({ record }) => record.sha256 !== own?.record.sha256) ??
    usable[0] ??
    references[0]
  );
}

/** What to show: the tab asked for, else the first one with a difference. */
export function panelOf(
  evidence: Evidence,
  asked: { tab: Tab | undefined; against: string | undefined },
): Panel {
  const against = chooseReference(evidence, asked.against);
  const channels = TABS.map((tab) => ({
    tab,
    rows: UNCOUNTED.has(tab) && asked.tab !== tab ? [] : rowsFor(evidence, against, tab),
  }));
  const filled = channels.filter(({ tab, rows }) => UNCOUNTED.has(tab) || rows.length > 0);
  const shown =
    filled.find(({ tab }) => tab === asked.tab) ??
    filled.find(({ rows }) => differences(rows) > 0) ??
    filled[0];
  // Without any view, the source lines are all there is to see.
  if (shown !== undefined && asked.tab === undefined && UNCOUNTED.has(shown.tab)) {
    return panelOf(evidence, { tab: 'raw', against: asked.against });
  }
  return {
    tab: shown?.tab ?? 'raw',
    against,
    rows: shown?.rows ?? [],
    tabs: filled.map(({ tab, rows }) => ({ tab, differences: UNCOUNTED.has(tab) ? 0 : differences(rows) })),
  };
}

const pieces = (parts: readonly Piece[], tag: 'del' | 'ins'): Html[] =>
  parts.map(({ text, changed }) => {
    if (!changed) return spell(text);
    return tag === 'del' ? html`<del>${spell(text)}</del>` : html`<ins>${spell(text)}</ins>`;
  });

const cell = (mark: string, text: Html | Html[], length: number): Html =>
  html`<div class="cell${length > LONG ? ' long' : ''}">${mark === '' ? '' : html`<span class="mk">${mark}</span>`}<span class="tx">${text}</span></div>`;
const EMPTY = html`<div class="cell none"></div>`;

const rowHtml = (row: Row): Html => {
  switch (row.kind) {
    case 'same': {
      const { mark, text } = row.item;
      return html`<div class="r">${cell(mark, spell(text), text.length)}${cell(mark, spell(text), text.length)}</div>`;
    }
    case 'changed':
      return html`<div class="r changed" data-row tabindex="-1">${cell(row.left.mark, pieces(row.was, 'del'), row.left.text.length)}${cell(row.right.mark, pieces(row.is, 'ins'), row.right.text.length)}</div>`;
    case 'left':
      return html`<div class="r left${row.alone ? ' alone' : ''}" data-row tabindex="-1">${cell(row.item.mark, spell(row.item.text), row.item.text.length)}${EMPTY}</div>`;
    case 'right':
      return html`<div class="r right" data-row tabindex="-1">${EMPTY}${cell(row.item.mark, spell(row.item.text), row.item.text.length)}</div>`;
    default:
      return row satisfies never;
  }
};

const FOLDED = { same: 'equal part', right: 'more part' } as const;

const foldedHtml = (row: Folded): Html =>
  row.kind === 'fold'
    ? html`<details class="fold of-${row.what}"><summary>${counted(row.rows.length, FOLDED[row.what])}</summary>${row.rows.slice(0, MOST_ROWS).map(rowHtml)}</details>`
    : rowHtml(row);

const missing = (verdict: Verdict, evidence: Evidence): Html => {
  if (verdict.views.length === 0) return html`<p class="meta">Nobody else was asked for this page.</p>`;
  if (evidence.own?.text === undefined && evidence.own?.view === undefined) {
    return html`<p class="meta">The bytes are no longer held, or hold no text. The findings above keep what was quoted from them.</p>`;
  }
  return html`<p class="meta">There is nothing to compare under this tab.</p>`;
};

/** The whole panel. `link` gives the address of this page with one parameter changed. */
export const comparePanel = (
  verdict: Verdict,
  evidence: Evidence,
  panel: Panel,
  link: (name: 'tab' | 'against', value: string) => string,
): Html => {
  const { tab, against, rows } = panel;
  const folded = fold(rows);
  const different = differences(rows);
  return html`
<section class="compare" aria-labelledby="compare">
  <header>
    <h2 id="compare">What each saw</h2>
    <nav class="tabs small" aria-label="Channels">${panel.tabs.map(({ tab: name, differences: n }) => {
      const key = TAB_KEYS[name];
      return html`<a href="${link('tab', name)}"${name === tab ? html` aria-current="page"` : ''}${key === undefined ? '' : keyed(key)}>${TAB_NAMES[name]}${n > 0 ? html` <span class="n">${count(n)}</span>` : ''}</a>`;
    })}</nav>
  </header>
  <div class="sides in-${tab}${against === undefined ? ' single' : ''}">
    <div class="r heads">
      <div class="cell"><b>The crawler</b> <span class="meta">${evidence.own?.name ?? 'nothing held'}</span></div>
      <div class="cell"><b>Others</b>
        ${evidence.references.map(
          (held) =>
            html`<a class="ref" href="${link('against', held.name)}"${held === against ? html` aria-current="true"` : ''}>${held.name}</a>`,
        )}
        ${evidence.references.length === 0 ? html`<span class="meta">no other visitor's bytes are held</span>` : ''}
      </div>
    </div>
    ${rows.length === 0 ? missing(verdict, evidence) : ''}
    ${rows.length > 0 && different === 0 && against !== undefined ? html`<p class="meta equal">No difference here.</p>` : ''}
    ${(against === undefined ? rows : folded).slice(0, MOST_ROWS).map(foldedHtml)}
  </div>
  ${folded.length > MOST_ROWS ? html`<p class="meta">${counted(folded.length - MOST_ROWS, 'more row')} not shown. The unified diff has them all.</p>` : ''}
</section>`;
};
