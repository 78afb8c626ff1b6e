/** Content that was only there for a while: the crawler got it, later it is gone, and before it was not there. */

import { counts, type Difference } from '../compare/difference.ts';
import { differencesBetween } from '../compare/index.ts';
import type { Finding, NoiseBand, PageView, Ratio, Timestamp, View } from '../domain/index.ts';
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
const MOST_EVIDENCE = 20;
const LONGEST_EVIDENCE = 2000;

/**
 * The finding `frontrun.reverted`, or undefined. A passage counts where it stood in the main content, nobody gets it now, no
 * earlier view had it, and nothing new stands in such a place: where a page moves on (live blog, teasers, a corrected
 * paragraph), it is the page's own life.
 */
export function revertedFinding({
  seen,
  at,
  now,
  before,
  asRecorded,
  noise,
  rules,
}: History): Finding | undefined {
  const pages = [seen, ...now];
  if (now.length === 0 || pages.some(({ kind, evidence }) => kind !== 'page' || evidence !== 'usable'))
    return undefined;
  if (now.some(({ status, redirect }) => status !== seen.status || redirect !== undefined)) return undefined;
  const earlier = before.filter(({ kind, evidence }) => kind === 'page' && evidence === 'usable');
  const exclusive = (crawler: View, references: readonly View[]): Difference[] =>
    differencesBetween({
      crawler,
      repeats: [],
      references,
      ...(noise === undefined ? {} : { noise }),
      rules,
    });

  const lost = exclusive(seen, now).filter(lackedByAll);
  if (characters(lost) > MOST_LOST * contentOf(seen as PageView)) return undefined;
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
      CONTENT.has(difference.kind) &&
      difference.region === 'main' &&
      isStatement(difference) &&
      !moved.has(difference.place) &&
      (came?.has(difference.crawler) ?? true),
  );
  return gone.length === 0 || gone.length > MOST_PASSAGES
    ? undefined
    : findingOf(gone, { at, now, earlier: earlier.length, asRecorded });
}

const lackedByAll = ({ lackedBy }: Difference): boolean => lackedBy.every(Boolean);

const characters = (differences: readonly Difference[]): number =>
  differences
    .filter(({ kind, region }) => kind === 'split-view.text' && region === 'main')
    .reduce((sum, { crawler }) => sum + crawler.length, 0);

const contentOf = ({ blocks }: PageView): number =>
  blocks.reduce((sum, { text, region }) => sum + (region === 'main' ? text.length : 0), 0);

/** A whole sentence, or a change of what one says; other words for the same are an editor's. */
const isStatement = ({ changes }: Difference): boolean =>
  changes.length === 0 || changes.some((change) => change !== 'words' && change !== 'spelling');

function findingOf(
  gone: readonly Difference[],
  { at, now, earlier, asRecorded }: Pick<History, 'at' | 'now' | 'asRecorded'> & { earlier: number },
): Finding {
  const known = earlier > 0 || asRecorded;
  const what = `${gone.length} ${gone.length === 1 ? 'passage' : 'passages'} (${characters(gone)} characters)`;
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
