/** The one table of shortcuts: it drives the handler, the tooltips and the help. */
import { type Html, html } from './html.ts';

export interface Shortcut {
  readonly key: string;
  readonly does: string;
  /** Where the key means something; the help is ordered by it. */
  readonly where: 'Lists' | 'Decisions' | 'One verdict' | 'Everywhere';
}

export const SHORTCUTS = [
  { key: 'j', does: 'Next row or difference', where: 'Lists' },
  { key: 'k', does: 'Previous row or difference', where: 'Lists' },
  { key: 'Enter', does: 'Open the row', where: 'Lists' },
  { key: 'x', does: 'Select the row', where: 'Lists' },
  { key: 'a', does: 'Dismiss: accept the difference', where: 'Decisions' },
  { key: 'q', does: 'Confirm: keep it out', where: 'Decisions' },
  { key: 'z', does: 'Undo the last decision', where: 'Decisions' },
  { key: ']', does: 'Next in the queue', where: 'One verdict' },
  { key: '[', does: 'Previous in the queue', where: 'One verdict' },
  { key: 't', does: 'Text', where: 'One verdict' },
  { key: 'l', does: 'Links', where: 'One verdict' },
  { key: 'i', does: 'Images and labels', where: 'One verdict' },
  { key: 's', does: 'Split: side by side', where: 'One verdict' },
  { key: 'w', does: 'Swipe between two pictures', where: 'One verdict' },
  { key: 'o', does: 'Onion: one picture over the other', where: 'One verdict' },
  { key: 'h', does: 'Heat: where two pictures differ', where: 'One verdict' },
  { key: 'g', does: 'All verdicts with this divergence', where: 'One verdict' },
  { key: 'c', does: 'Copy the link to this page', where: 'Everywhere' },
  { key: '/', does: 'Filter', where: 'Everywhere' },
  { key: '?', does: 'These keys', where: 'Everywhere' },
] as const satisfies readonly Shortcut[];

export type Key = (typeof SHORTCUTS)[number]['key'];

const DOES = new Map<string, string>(SHORTCUTS.map(({ key, does }) => [key, does]));

/** Attributes that bind an element to its key: the handler finds it by them, the tooltip names both. */
export const keyed = (key: Key): Html =>
  html` data-key="${key}" aria-keyshortcuts="${key}" title="${DOES.get(key)} (${key})"`;

const PLACES = ['Lists', 'Decisions', 'One verdict', 'Everywhere'] as const;

/** The help, opened by its button without script and by `?` with it. */
export const keyHelp = (): Html => html`
<div popover id="keys" class="keys" aria-label="Keys">
  <h2>Keys</h2>
  <div class="keys-places">
  ${PLACES.map(
    (place) => html`<section><h3>${place}</h3><dl>
    ${SHORTCUTS.filter(({ where }) => where === place).map(
      ({ key, does }) => html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`,
    )}</dl></section>`,
  )}
  </div>
</div>`;
