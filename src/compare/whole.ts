/** Views that are compared as a whole: pictures, bytes, redirects, and content of another form than the references'. */
import type { Finding, FindingKind, ImageView, Region, View } from '../domain/index.ts';
import type { Difference } from './difference.ts';
import { compareImages } from './image.ts';
import { type Sighting, settle } from './settle.ts';

/** One view brought to a form in which it is the same as another or not. */
type Same = (one: View, other: View) => boolean;

const NEED = 2;
const REGION: Region = 'main';

/** The difference of the whole view; undefined where all references have the same. */
export function wholeDifference(
  crawler: View,
  repeats: readonly View[],
  references: readonly View[],
  { kind, rule, same, shown }: { kind: FindingKind; rule: string; same: Same; shown: (view: View) => string },
): Difference | undefined {
  const lackedBy = references.map((view) => !same(crawler, view));
  if (!lackedBy.includes(true)) return undefined;
  const all = [...references, ...repeats];
  // Views that are the same as one another stand for one alternative: the first of them names it.
  const sighting = (view: View): Sighting =>
    same(crawler, view)
      ? { same: true, instead: '' }
      : { same: false, instead: String(all.findIndex((other) => same(other, view))) };
  const lacking = references[lackedBy.indexOf(true)] as View;
  return {
    kind,
    rule,
    settlement: settle(
      references.map(sighting),
      repeats.map(sighting),
      NEED,
      references.map(({ identity }) => identity),
    ),
    matters: true,
    region: REGION,
    place: `whole:${crawler.kind}`,
    crawler: shown(crawler),
    reference: shown(lacking),
    changes: [],
    lackedBy,
  };
}

const isImage = (view: View): view is ImageView => view.kind === 'image';

export const PICTURE = {
  kind: 'split-view.image',
  rule: 'other-picture',
  same: (one, other) =>
    one.sha256 === other.sha256 ||
    (isImage(one) && isImage(other) && compareImages(one, other).relation !== 'different'),
  shown: (view) =>
    isImage(view) ? `${view.format} ${view.width}x${view.height}, pdq ${view.pdq}` : view.mediaType,
} as const satisfies { kind: Finding['kind']; rule: string; same: Same; shown: (view: View) => string };

export const BYTES = {
  kind: 'split-view.bytes',
  rule: 'other-bytes',
  same: (one, other) => one.sha256 === other.sha256,
  shown: (view) => `${view.mediaType} ${view.sha256}`,
} as const satisfies
  | typeof PICTURE
  | { kind: Finding['kind']; rule: string; same: Same; shown: (view: View) => string };

/** Content of one form for the crawler and of another for the references; all that is known is that they differ. */
export const FORM = {
  kind: 'split-view.bytes',
  rule: 'other-form',
  same: (one, other) => one.kind === other.kind,
  shown: (view) => view.mediaType,
} as const satisfies { kind: Finding['kind']; rule: string; same: Same; shown: (view: View) => string };

export const REDIRECT = {
  kind: 'split-view.redirect',
  rule: 'redirect-elsewhere',
  same: (one, other) => target(one) === target(other),
  shown: (view) => view.redirect ?? `status ${view.status}`,
} as const satisfies { kind: Finding['kind']; rule: string; same: Same; shown: (view: View) => string };

/** Where a view leads, without what sites vary for everybody: scheme, www, slash, locale, mobile host. */
export function target(view: View): string {
  if (view.redirect === undefined) return '';
  const url = new URL(view.redirect);
  const host = url.host.replace(/^(?:www|m|mobile|amp|[a-z]{2})\./, '');
  const path = url.pathname
    .replace(/^\/[a-z]{2}(?:[-_][a-z]{2})?(?=\/|$)/i, '')
    .replace(/\/(?:index\.\w+)?$/, '');
  return `${host}${path}`;
}
