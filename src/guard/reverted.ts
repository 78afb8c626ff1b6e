/** Content that was only there for a while: the crawler got it, later it is gone, and before it was not there. */

import { counts, type Difference } from '../compare/difference.ts';
import { differencesBetween } from '../compare/index.ts';
import type { Finding, NoiseBand, Ratio, Timestamp, View } from '../domain/index.ts';
import type { VolatileRule } from '../rules/volatile.ts';

export interface History {
  /** What the crawler got. */
  readonly seen: View;
  readonly at: Timestamp;
  /** What whoever asks gets now, the crawler among them. */
  readonly now: readonly View[];
  /** What the crawler got long enough before that content which stood there then was no passing edit. */
  readonly before: readonly View[];
  /** A snapshot record says that what stands there now is what stood there before. */
  readonly asRecorded: boolean;
  readonly noise?: NoiseBand;
  readonly rules: { readonly volatile: readonly VolatileRule[] };
}

/** Share of the content that may be gone: beyond that it is another page, and says nothing about a passage. */
const MOST_LOST: Ratio = 0.5;
/** Sentences that may be gone: a passage somebody wrote has fewer, a list that loads as far as it likes has more. */
const MOST_PASSAGES = 20;
/** Seen to come and to go; policy makes that suspect. */
const CAME_AND_WENT: Ratio = 0.9;
/** Seen to go, nothing earlier known: editors take text back, too. */
const WENT: Ratio = 0.5;

/** Kinds that are told as content; links, labels and data of a page change for many reasons. */
const CONTENT = new Set(['split-view.text', 'split-view.code']);
/** Words from which a value of JSON says something: figures and states come and go all day. */
const FEWEST_WORDS = 3;
const MOST_EVIDENCE = 20;
const LONGEST_EVIDENCE = 2000;

type Comparable = Extract<View, { kind: 'page' | 'data' }>;

/**
 * The finding `frontrun.reverted`, or undefined. Views of one form are held against each other; what cannot be looked into (bytes)
 * is never found.
 */
export function revertedFinding(history: History): Finding | undefined {
  const { seen, now } = history;
  const alike = [seen, ...now].every(({ kind, evidence }) => kind === seen.kind && evidence === 'usable');
  const elsewhere = now.some(({ status, redirect }) => status !== seen.status || redirect !== undefined);
  if (now.length === 0 || !alike || elsewhere) return undefined;
  const before = history.before.filter(({ kind, evidence }) => kind === seen.kind && evidence === 'usable');
  switch (seen.kind) {
    case 'page':
    case 'data':
      return revertedPassages(seen, { ...history, before });
    case 'image':
      return revertedPicture({ ...history, before });
    case 'bytes':
      return undefined;
    default:
      return seen satisfies never;
  }
}

/**
 * A picture in whose place stands again exactly what stood there before: where nothing earlier is known it may simply be a newer
 * one, and where those before or those after differ among themselves pictures change there anyhow.
 */
function revertedPicture({ seen, at, now, before, asRecorded, rules }: History): Finding | undefined {
  if (before.length === 0 && !asRecorded) return undefined;
  const differ = (crawler: View, references: readonly View[]) =>
    differencesBetween({ crawler, repeats: [], references, rules });
  const [picture, ...others] = now as [View, ...View[]];
  const back = [...others, ...before].every((view) => differ(picture, [view]).length === 0);
  const [gone] = back ? differ(seen, now).filter(lackedByAll) : [];
  return gone && findingOf([gone], 'a picture', { at, now, earlier: before.length, asRecorded });
}

/**
 * Passages of a page or of data. A passage counts where it stood in the main content, nobody gets it now, no
 * earlier view had it, and nothing new stands in such a place: where a page moves on (live blog, teasers, a corrected
 * paragraph), it is the page's own life.
 */
function revertedPassages(
  seen: Comparable,
  { at, now, before: earlier, asRecorded, noise, rules }: History,
): Finding | undefined {
  // Values of data change for so many reasons that only what is back as it was tells anything.
  if (seen.kind === 'data' && earlier.length === 0 && !asRecorded) return undefined;
  const exclusive = (crawler: View, references: readonly View[]): Difference[] =>
    differencesBetween({
      crawler,
      repeats: [],
      references,
      ...(noise === undefined ? {} : { noise }),
      rules,
    });

  const lost = exclusive(seen, now).filter(lackedByAll);
  if (shareOf(lost, seen) > MOST_LOST) return undefined;
  const moved = new Set(
    [
      ...now.flatMap((view) => exclusive(view, [seen, ...earlier])),
      // Where those before and those after differ among themselves, too, it is a place that lives.
      ...now.flatMap((view) => now.flatMap((other) => exclusive(view, [other]))),
      ...earlier.flatMap((view) => exclusive(view, now)),
    ]
      .filter(lackedByAll)
      .map(({ place }) => place),
  );
  const came =
    earlier.length === 0
      ? undefined
      : new Set(
          exclusive(seen, earlier)
            .filter(lackedByAll)
            .map(({ crawler }) => crawler),
        );
  const gone = lost.filter(
    (difference) =>
      counts(difference) &&
      difference.region === 'main' &&
      isStatement(difference, seen) &&
      !moved.has(difference.place) &&
      (came?.has(difference.crawler) ?? true),
  );
  return gone.length === 0 || gone.length > MOST_PASSAGES
    ? undefined
    : findingOf(gone, passages(gone), { at, now, earlier: earlier.length, asRecorded });
}

const lackedByAll = ({ lackedBy }: Difference): boolean => lackedBy.every(Boolean);

const characters = (differences: readonly Difference[]): number =>
  differences.reduce((sum, { crawler }) => sum + crawler.length, 0);

/** Share of the content: of the text of a page, of the values of data, one of which may be most of its text. */
function shareOf(lost: readonly Difference[], seen: Comparable): Ratio {
  if (seen.kind === 'data') return lost.length / Math.max(1, seen.values.length);
  const text = lost.filter(({ kind, region }) => kind === 'split-view.text' && region === 'main');
  const all = seen.blocks.reduce((sum, block) => sum + (block.region === 'main' ? block.text.length : 0), 0);
  return characters(text) / Math.max(1, all);
}

/** A whole sentence, or a change of what one says; other words for the same are an editor's. */
const isStatement = ({ kind, crawler, changes }: Difference, seen: Comparable): boolean =>
  seen.kind === 'data'
    ? crawler.split(/\s+/).length >= FEWEST_WORDS
    : CONTENT.has(kind) &&
      (changes.length === 0 || changes.some((change) => change !== 'words' && change !== 'spelling'));

const passages = (gone: readonly Difference[]): string =>
  `${gone.length} ${gone.length === 1 ? 'passage' : 'passages'} (${characters(gone)} characters)`;

function findingOf(
  gone: readonly Difference[],
  what: string,
  { at, now, earlier, asRecorded }: Pick<History, 'at' | 'now' | 'asRecorded'> & { earlier: number },
): Finding {
  const known = earlier > 0 || asRecorded;
  const before =
    earlier > 0
      ? `and ${earlier === 1 ? 'an earlier capture' : `${earlier} earlier captures`} did not have it`
      : asRecorded
        ? 'and the page is as a record says again'
        : 'but nothing earlier is known of the page, so an editor may have taken it back';
  return {
    kind: 'frontrun.reverted',
    severity: known ? 'high' : 'low',
    score: known ? CAME_AND_WENT : WENT,
    summary: `Content that the crawler got at ${at}, ${what}, is gone for ${now.map(({ identity }) => identity).join(' and ')}, ${before}.`,
    taxonomy: ['AML.T0020', 'NISTAML.013'],
    rule: 'frontrun/reverted@1',
    evidence: {
      earlier,
      asRecorded,
      gone: gone
        .slice(0, MOST_EVIDENCE)
        .map(({ crawler, place }) => ({ crawler: crawler.slice(0, LONGEST_EVIDENCE), place })),
      more: Math.max(0, gone.length - MOST_EVIDENCE),
    },
  };
}
