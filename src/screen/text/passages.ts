/** Passages: every text of a view that would reach a corpus, and whether a reader sees it. */
import type { PageView, View } from '../../domain/index.ts';
import type { Place } from '../../rules/text.ts';

export interface Passage {
  readonly text: string;
  readonly place: Place;
  /** How it is hidden; empty for what is seen. */
  readonly technique: string;
  readonly path: string;
}

/**
 * Captions and metadata count as visible: they reach a corpus, but honest ones repeat what the page says.
 * Code is left out: documentation shows there what it warns of.
 */
export function passagesOf(view: View): Passage[] {
  switch (view.kind) {
    case 'page':
      return [...visibleOf(view), ...view.hidden.map((run) => ({ ...run, place: 'hidden' as const }))];
    case 'data':
      return view.values.map(({ path, value }) => seen(value, path));
    case 'image':
    case 'bytes':
      return [];
    default:
      return view satisfies never;
  }
}

const seen = (text: string, path: string): Passage => ({ text, place: 'visible', technique: '', path });

const visibleOf = (view: PageView): Passage[] => [
  seen(view.title, 'title'),
  ...view.blocks.map(({ text, path }) => seen(text, path)),
  ...view.images.flatMap(({ labels, src }) => labels.map((label) => seen(label, src))),
  ...view.data.map(({ path, value }) => seen(value, path)),
];
