/** Reads from the stores what pages show, a bounded part at a time. */
import {
  type Decision,
  ForetasteError,
  type SourceSummary,
  type Verdict,
  type VerdictQuery,
} from '../domain/index.ts';
import type { DashboardDeps } from './deps.ts';
import { type Filter, type State, storeQuery } from './filter.ts';
import { type Entry, matches } from './match.ts';
import { classify, type Group, groupsOf, reverseOf } from './queue.ts';

/** Newest verdicts that the queue looks at: what one person can work through in weeks, read in well under a second. */
const WINDOW = 2000;
/** Sources that one page shows. */
export const MOST_SOURCES = 50;
/** Bars of a source's history. */
const HISTORY = 30;

/** Up to `most` verdicts, newest first; `more` where older ones exist. */
async function newest(
  { verdicts }: DashboardDeps,
  query: Omit<VerdictQuery, 'limit' | 'cursor'>,
  most: number,
): Promise<{ items: Verdict[]; more: boolean }> {
  const items: Verdict[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(1000, most - items.length);
    const found = await verdicts.list({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...found.items);
    cursor = found.next;
  } while (cursor !== undefined && items.length < most);
  return { items, more: cursor !== undefined };
}

export interface Queue {
  /** All groups that pass the filter, whatever their state. */
  readonly groups: readonly Group[];
  readonly partial: boolean;
}

/** The queue under a filter. Only what the filter says of source, URL and time narrows what is read. */
export async function loadQueue(deps: DashboardDeps, filter: Filter): Promise<Queue> {
  // Kind and verdict are matched afterwards: what else was decided about a source says whether it was reopened.
  const { source, since } = storeQuery(filter, deps.clock());
  const { items, more } = await newest(
    deps,
    {
      verdict: ['suspect', 'poisoned'],
      ...(source === undefined ? {} : { source }),
      ...(since === undefined ? {} : { since }),
    },
    WINDOW,
  );
  const now = deps.clock();
  const entries = classify(items).filter((entry) => matches(filter, entry, now));
  return { groups: groupsOf(entries), partial: more };
}

/** Verdicts that needed no decision, newest first. */
export async function loadPassed(
  deps: DashboardDeps,
  filter: Filter,
  most: number,
): Promise<{ entries: Entry[]; partial: boolean }> {
  const now = deps.clock();
  const { items, more } = await newest(
    deps,
    { ...storeQuery(filter, now), verdict: ['clean', 'unverified'] },
    most,
  );
  return { entries: classify(items).filter((entry) => matches(filter, entry, now)), partial: more };
}

/** Standing of each named source. */
export async function loadSummaries(
  deps: DashboardDeps,
  hosts: Iterable<string>,
): Promise<Map<string, SourceSummary>> {
  const found = await Promise.all([...new Set(hosts)].map((host) => deps.sources.get(host)));
  return new Map(found.filter((summary) => summary !== undefined).map((summary) => [summary.host, summary]));
}

/** Newest verdicts of each named source, for its history. */
export async function loadHistories(
  deps: DashboardDeps,
  hosts: readonly string[],
): Promise<Map<string, readonly Verdict[]>> {
  const pages = await Promise.all(
    hosts.slice(0, MOST_SOURCES).map(async (source) => {
      const { items } = await deps.verdicts.list({ source, limit: HISTORY });
      return [source, items] as const;
    }),
  );
  return new Map(pages);
}

/** The group that a verdict stands in: those of its source with its fingerprint and state; alone without one. */
export async function loadGroup(deps: DashboardDeps, verdict: Verdict): Promise<Group> {
  const { items } = await newest(deps, { source: verdict.source, verdict: ['suspect', 'poisoned'] }, WINDOW);
  const known = items.some(({ id }) => id === verdict.id) ? items : [...items, verdict];
  const groups = groupsOf(classify(known));
  const own = groups.find(({ entries }) => entries.some((entry) => entry.verdict.id === verdict.id));
  if (own === undefined)
    throw new ForetasteError('internal', 'Expected the verdict to stand in one group but found it in none.');
  return own;
}

/** Verdicts that one and the same decision was appended to: by one person, in one moment. Empty without a decision. */
export async function loadTogether(deps: DashboardDeps, verdict: Verdict): Promise<Verdict[]> {
  const { review } = verdict;
  if (review === null) return [];
  const { items } = await newest(deps, { verdict: ['suspect', 'poisoned'] }, WINDOW);
  const others = items.filter(
    (other) =>
      other.id !== verdict.id &&
      other.review !== null &&
      other.review.at === review.at &&
      other.review.reviewer === review.reviewer &&
      other.review.decision === review.decision,
  );
  return [verdict, ...others];
}

/** What was decided a moment ago: the verdicts, and the decision that would take it back. */
export interface Done {
  readonly verdicts: readonly [Verdict, ...Verdict[]];
  readonly reverse: Decision;
}

/** The decision named in an address; undefined where it names none. */
export async function loadDone(deps: DashboardDeps, id: string | undefined): Promise<Done | undefined> {
  const verdict = id === undefined ? undefined : await deps.verdicts.get(id);
  if (verdict === undefined) return undefined;
  const [first, ...others] = await loadTogether(deps, verdict);
  const reverse = reverseOf(await deps.verdicts.reviews(verdict.id));
  return first === undefined || reverse === undefined ? undefined : { verdicts: [first, ...others], reverse };
}

/** Groups of one tab in the order in which its page lists them. */
export const inState = (groups: readonly Group[], state: State): Group[] =>
  groups.filter((group) => group.state === state);
