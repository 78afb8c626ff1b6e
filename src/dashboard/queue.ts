/** The review queue: which verdicts need a decision, and which of them are one and the same difference. */
import type { Decision, Review, Severity, SourceSummary, Verdict } from '../domain/index.ts';
import type { State } from './filter.ts';
import { type Entry, fingerprintOf, rank, severityOf } from './match.ts';

/** Verdicts of one source that show the same divergence; one decision is for all of them. */
export interface Group {
  readonly source: string;
  readonly fingerprint: string | undefined;
  readonly state: State;
  readonly severity: Severity;
  /** Newest first; never empty. */
  readonly entries: readonly [Entry, ...Entry[]];
}

/** A source with what is open there. */
export interface SourceGroup {
  readonly source: string;
  readonly summary: SourceSummary | undefined;
  readonly groups: readonly Group[];
}

const keyOf = (source: string, fingerprint: string): string => `${source}\n${fingerprint}`;

const stateAfter = (decision: Decision): State => {
  switch (decision) {
    case 'confirm':
      return 'quarantined';
    case 'dismiss':
    case 'release':
      return 'accepted';
    default:
      return decision satisfies never;
  }
};

/** The newest decision for each source and fingerprint, and the first acceptance of each source. */
function decisionsOf(verdicts: readonly Verdict[]): {
  covering: Map<string, { verdict: Verdict; review: Review }>;
  accepted: Map<string, string>;
} {
  const covering = new Map<string, { verdict: Verdict; review: Review }>();
  const accepted = new Map<string, string>();
  for (const verdict of verdicts) {
    const { review, source } = verdict;
    if (review === null) continue;
    const fingerprint = fingerprintOf(verdict);
    if (fingerprint !== undefined) {
      const key = keyOf(source, fingerprint);
      const known = covering.get(key);
      if (known === undefined || known.review.at < review.at) covering.set(key, { verdict, review });
    }
    if (stateAfter(review.decision) === 'accepted') {
      const first = accepted.get(source);
      if (first === undefined || review.at < first) accepted.set(source, review.at);
    }
  }
  return { covering, accepted };
}

/**
 * Give each verdict its place in review. A decision covers later verdicts of the same source and fingerprint; a
 * fingerprint that was not accepted reopens a source that was. Order is kept.
 */
export function classify(verdicts: readonly Verdict[]): Entry[] {
  const { covering, accepted } = decisionsOf(verdicts);
  return verdicts.map((verdict): Entry => {
    const fingerprint = fingerprintOf(verdict);
    if (verdict.review !== null) return { verdict, fingerprint, state: stateAfter(verdict.review.decision) };
    if (verdict.verdict === 'clean' || verdict.verdict === 'unverified') {
      return { verdict, fingerprint, state: 'passed' };
    }
    const cover = fingerprint === undefined ? undefined : covering.get(keyOf(verdict.source, fingerprint));
    if (cover !== undefined) {
      return { verdict, fingerprint, state: stateAfter(cover.review.decision), coveredBy: cover.verdict.id };
    }
    const since = accepted.get(verdict.source);
    const reopened = since !== undefined && since < verdict.decidedAt;
    return { verdict, fingerprint, state: reopened ? 'reopened' : 'to-review' };
  });
}

const severest = (a: Group, b: Group): number =>
  rank(b.severity) - rank(a.severity) ||
  b.entries[0].verdict.score - a.entries[0].verdict.score ||
  b.entries.length - a.entries.length;

/** Group by source, state and fingerprint, most severe first. A verdict without fingerprint stands alone. */
export function groupsOf(entries: readonly Entry[]): Group[] {
  const groups = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const key = `${entry.state}\n${keyOf(entry.verdict.source, entry.fingerprint ?? entry.verdict.id)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [entry]);
    else known.push(entry);
  }
  return [...groups.values()]
    .map((members): Group => {
      const [first] = members;
      const severity = members
        .map(({ verdict }) => severityOf(verdict))
        .reduce((most, next) => (rank(next) > rank(most) ? next : most));
      return {
        source: first.verdict.source,
        fingerprint: first.fingerprint,
        state: first.state,
        severity,
        entries: members,
      };
    })
    .sort(severest);
}

/** Groups under their sources: the source with the most severe one first, among equals the one that diverges more often. */
export function sourcesOf(
  groups: readonly Group[],
  summaries: ReadonlyMap<string, SourceSummary>,
): SourceGroup[] {
  const sources = new Map<string, Group[]>();
  for (const group of groups) {
    const known = sources.get(group.source);
    if (known === undefined) sources.set(group.source, [group]);
    else known.push(group);
  }
  const worst = (source: SourceGroup): number => rank(source.groups[0]?.severity ?? 'info');
  return [...sources]
    .map(([source, own]): SourceGroup => ({ source, summary: summaries.get(source), groups: own }))
    .sort(
      (a, b) =>
        worst(b) - worst(a) ||
        (b.summary?.divergenceRate ?? 0) - (a.summary?.divergenceRate ?? 0) ||
        b.groups.length - a.groups.length,
    );
}

/** How many groups stand in each state: the counts in the tabs. */
export function tally(groups: readonly Group[]): Record<State, number> {
  const counts: Record<State, number> = {
    'to-review': 0,
    reopened: 0,
    quarantined: 0,
    accepted: 0,
    passed: 0,
  };
  for (const { state } of groups) counts[state] += 1;
  return counts;
}

/** The decision that takes `last` back: the one before it, or its opposite where it was the first. */
export function reverseOf(reviews: readonly Review[]): Decision | undefined {
  const ordered = [...reviews].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const last = ordered.at(-1);
  if (last === undefined) return undefined;
  const before = ordered.at(-2)?.decision;
  if (before !== undefined && before !== last.decision) return before;
  // Taking back an acceptance withholds again: the safe side.
  return last.decision === 'confirm' ? 'dismiss' : 'confirm';
}
