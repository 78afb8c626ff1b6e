/** Hold content whose bytes no record confirms against what an archive captured at another time. */
import { compareImages } from '../compare/image.ts';
import { differencesBetween } from '../compare/index.ts';
import {
  type Finding,
  type IdentityName,
  type NoiseBand,
  type PageView,
  type Ratio,
  type Timestamp,
  timestamp,
  type View,
} from '../domain/index.ts';
import type { VolatileRule } from '../rules/volatile.ts';
import { differsFinding } from './findings.ts';
import type { Matched } from './ladder.ts';
import { isSimilarText, likenessOf } from './likeness.ts';

export interface ArchivedView {
  readonly view: View;
  /** When the archive captured it, milliseconds since the epoch. */
  readonly at: number;
}

/** What a comparison with an archived capture came to; undefined where the two cannot be compared. */
interface Outcome {
  readonly similar: boolean;
  readonly distance: Ratio;
  readonly finding?: Finding;
}

/** Passages that a finding quotes at most, and of each so much. */
const MOST_PASSAGES = 20;
const LONGEST_PASSAGE = 2000;

/**
 * Whether an archive's capture could say more than the records did: they have nothing that can be checked, they say that bytes
 * changed, or they have a picture only by its perceptual hash, which a perturbed copy has too. A doubtful record is no reason to ask.
 */
export const leavesOpen = ({ match }: Matched, view: View): boolean =>
  match.dataset !== null &&
  view.evidence === 'usable' &&
  view.kind !== 'bytes' &&
  (match.status === 'changed' ||
    match.status === 'unlisted' ||
    (match.status === 'similar' && view.kind === 'image'));

/**
 * What `matched` amounts to beside the archived capture. Content that is alike is `similar`, never more: the capture is of
 * another time, and anybody can have an archive take one, so it neither votes nor settles anything. Content that is not alike
 * is `changed`, with what is new in it. The record that was matched keeps its name.
 */
export function matchArchived(
  matched: Matched,
  view: View,
  archived: ArchivedView,
  context: { readonly noise?: NoiseBand; readonly rules: { readonly volatile: readonly VolatileRule[] } },
): Matched {
  const outcome = archived.view.evidence === 'usable' ? compare(view, archived, context) : undefined;
  if (outcome === undefined) return matched;
  // Pixels that a recorded hash is near to are not made less alike by another capture.
  const status = outcome.similar || matched.match.status === 'similar' ? 'similar' : 'changed';
  const others = matched.findings.filter(({ kind }) => kind !== 'snapshot.changed');
  return {
    ...matched,
    match: { ...matched.match, status, distance: outcome.distance },
    findings: outcome.finding === undefined ? others : [...others, outcome.finding],
  };
}

function compare(
  view: View,
  archived: ArchivedView,
  context: Parameters<typeof matchArchived>[3],
): Outcome | undefined {
  const earlier = archived.view;
  const by = { identity: earlier.identity, date: timestamp(archived.at) };
  if (view.sha256 === earlier.sha256) return { similar: true, distance: 0 };
  if (view.kind === 'page' && earlier.kind === 'page') return comparePages(view, earlier, by, context);
  if (view.kind === 'image' && earlier.kind === 'image') {
    const { relation, pdqDistance, summary } = compareImages(view, earlier);
    const distance = pdqDistance / 256;
    if (relation !== 'different') return { similar: true, distance };
    const what = `is another one than ${by.identity} captured on ${by.date.slice(0, 10)}: ${summary}`;
    return {
      similar: false,
      distance,
      finding: differsFinding(`The picture ${what}`, 'picture', { ...by, distance }),
    };
  }
  return undefined;
}

function comparePages(
  view: PageView,
  earlier: PageView,
  by: { readonly identity: IdentityName; readonly date: Timestamp },
  { noise, rules }: Parameters<typeof matchArchived>[3],
): Outcome | undefined {
  const likeness = likenessOf(earlier, view);
  if (likeness === undefined) return undefined;
  const { kept, fresh, size } = likeness;
  const similar = isSimilarText(likeness);
  const distance = Math.max(1 - kept, fresh);
  // Places that live, and what is benign by position and kind, are no news; links, labels, code and hidden text can be.
  const passages = differencesBetween({
    crawler: view,
    repeats: [],
    references: [earlier],
    ...(noise === undefined ? {} : { noise }),
    rules,
  }).filter(({ matters, settlement }) => matters && settlement.state !== 'noise');
  if (similar && passages.length === 0) return { similar, distance };
  const summary =
    `Of ${size} runs of words that ${by.identity} captured on ${by.date.slice(0, 10)} ${percent(kept)} still stand; ` +
    `${percent(fresh)} of the content is new${passages.length === 0 ? '' : `, ${passages.length} parts of it outside places that live`}.`;
  const quoted = passages.slice(0, MOST_PASSAGES).map(({ kind, crawler, reference, place }) => ({
    // What kind of content it is, by the name that a split of it would have.
    kind,
    place,
    crawler: crawler.slice(0, LONGEST_PASSAGE),
    ...(reference === undefined ? {} : { reference: reference.slice(0, LONGEST_PASSAGE) }),
  }));
  const evidence = {
    ...by,
    kept,
    fresh,
    passages: quoted,
    more: Math.max(0, passages.length - MOST_PASSAGES),
  };
  return { similar, distance, finding: differsFinding(summary, 'text', evidence) };
}

const percent = (share: Ratio): string => `${Math.round(share * 100)} %`;
