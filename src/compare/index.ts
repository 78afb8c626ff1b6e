/** Compare what the crawler got with what others got. */
import type { Finding, IdentityName, NoiseBand, PageView, Ratio, View } from '../domain/index.ts';
import type { VolatileRule } from '../rules/volatile.ts';
import { CHANNEL_NAMES, channelsFor, dataEntries, entriesOf, type PreparedPage } from './channels.ts';
import { counts, type Difference } from './difference.ts';
import { Entries, entryDifferences } from './entries.ts';
import { findingsOf } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Masks, masksOf } from './mask.ts';
import { PageText } from './page-text.ts';
import { textDifferences } from './text.ts';
import { BYTES, FORM, PICTURE, REDIRECT, wholeDifference } from './whole.ts';

export interface Vote {
  readonly identity: IdentityName;
  /** Undefined: no evidence either way. */
  readonly corroborates: boolean | undefined;
  /** Differences that count and that this reference lacks. */
  readonly exclusive: number;
}

/** `equal`: no difference. `noise`: only benign ones. `divergent`: some that count. `no-evidence`: nothing to hold it against. */
export type Relation = 'equal' | 'noise' | 'divergent' | 'no-evidence';

export interface Comparison {
  readonly findings: readonly Finding[];
  /** One a reference view, in the order given. */
  readonly votes: readonly Vote[];
  readonly relation: Relation;
  /** Differences that more views would settle. */
  readonly open: number;
  /** Places that were seen to live within what should agree, for the noise band. */
  readonly volatile: readonly string[];
  /** `d1:...` over the differences that count. */
  readonly fingerprint?: string;
}

export interface ComparisonInput {
  readonly crawler: View;
  /** The crawler's identity, asked again. */
  readonly repeats: readonly View[];
  /** Several may be of one identity. */
  readonly references: readonly View[];
  readonly noise?: NoiseBand;
  readonly rules: { readonly volatile: readonly VolatileRule[] };
}

/**
 * Differences between the crawler's view and the others', over the noise the others show among themselves. Views that are not
 * usable neither corroborate nor accuse. What stands only in the references counts for nothing here: poison is what arrives.
 */
export function compareViews({ crawler, repeats, references, noise, rules }: ComparisonInput): Comparison {
  const usable = references.filter((view) => view.evidence === 'usable');
  const own = repeats.filter((view) => view.evidence === 'usable');
  if (crawler.evidence !== 'usable' || usable.length === 0) {
    return { findings: [], votes: references.map(abstain), relation: 'no-evidence', open: 0, volatile: [] };
  }
  const volatile = new Set(noise?.volatile ?? []);
  const differences = differencesOf(crawler, own, usable, volatile, preparer(rules.volatile));
  const counted = differences.filter(counts);
  const silent = silentReferences(crawler, usable, differences);
  const votes = references.map((view): Vote => {
    const at = usable.indexOf(view);
    if (at === -1) return abstain(view);
    const exclusive = counted.filter((difference) => difference.lackedBy[at]).length;
    const contested = differences.some(
      ({ matters, settlement, lackedBy }) => matters && settlement.state === 'contested' && lackedBy[at],
    );
    // Who answered and says too little or something else does not stand aside: one agreeing voice would be a quorum.
    const corroborates = exclusive === 0 && !contested && !silent.has(at);
    return { identity: view.identity, corroborates, exclusive };
  });
  const fingerprint = fingerprintOf(counted);
  return {
    findings: findingsOf(differences),
    votes,
    relation: relationOf(differences, counted, votes),
    open: counted.filter(({ settlement }) => settlement.state === 'open').length,
    volatile: learnt(crawler, differences),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}

/** What `crawler` has and others lack, one by one, whether it counts or not; for views that are held against each other over time. */
export const differencesBetween = ({
  crawler,
  repeats,
  references,
  noise,
  rules,
}: ComparisonInput): Difference[] =>
  differencesOf(crawler, repeats, references, new Set(noise?.volatile ?? []), preparer(rules.volatile));

const abstain = ({ identity }: View): Vote => ({ identity, corroborates: undefined, exclusive: 0 });

function relationOf(
  differences: readonly Difference[],
  counted: readonly Difference[],
  votes: readonly Vote[],
): Relation {
  if (counted.length > 0) return 'divergent';
  if (!votes.some(({ corroborates }) => corroborates === true)) return 'no-evidence';
  return differences.length > 0 ? 'noise' : 'equal';
}

function differencesOf(
  crawler: View,
  repeats: readonly View[],
  references: readonly View[],
  volatile: ReadonlySet<string>,
  prepared: Preparer,
): Difference[] {
  const whole = (by: Parameters<typeof wholeDifference>[3], among = references) =>
    [wholeDifference(crawler, repeats, among, by)].filter((difference) => difference !== undefined);
  if (
    references.every(
      (view) =>
        view.sha256 === crawler.sha256 &&
        view.status === crawler.status &&
        view.redirect === crawler.redirect,
    )
  )
    return [];
  if (crawler.redirect !== undefined || references.some((view) => view.redirect !== undefined))
    return whole(REDIRECT);
  const names = references.map(({ identity }) => identity);
  const alike = references.filter((view) => view.kind === crawler.kind);
  if (alike.length < references.length) return whole(FORM);
  switch (crawler.kind) {
    case 'image':
      return whole(PICTURE);
    case 'bytes':
      return whole(BYTES);
    case 'data': {
      const entries = (view: View) => prepared.data(view);
      const channel = { ...channelsFor(new Map(), prepared.masks).data, matters: () => true };
      return entryDifferences(
        channel,
        entries(crawler),
        repeats.map(entries),
        references.map(entries),
        volatile,
        names,
      );
    }
    case 'page':
      return pageDifferences(crawler, repeats, references, volatile, prepared);
    default:
      return crawler satisfies never;
  }
}

function pageDifferences(
  crawler: PageView,
  repeats: readonly View[],
  references: readonly View[],
  volatile: ReadonlySet<string>,
  prepared: Preparer,
): Difference[] {
  const pages = (views: readonly View[]) =>
    views.flatMap((view) => (view.kind === 'page' ? [prepared.page(view)] : []));
  const names = references.map(({ identity }) => identity);
  const [own] = pages([crawler]) as [PreparedPage];
  const [again, others] = [pages(repeats), pages(references)];
  const text = textDifferences({
    crawler: own.text,
    repeats: again.map((page) => page.text),
    references: others.map((page) => page.text),
    names,
    masks: prepared.masks,
    volatile,
  });
  const entries = CHANNEL_NAMES.flatMap((name) => {
    const byEntries = new Map([own, ...again, ...others].map((page) => [page.entries[name], page] as const));
    return entryDifferences(
      channelsFor(byEntries, prepared.masks)[name],
      own.entries[name],
      again.map((page) => page.entries[name]),
      others.map((page) => page.entries[name]),
      volatile,
      names,
    );
  });
  return [...text, ...entries];
}

/** Views as they are compared, kept as long as the view is: an exchange compares its views again with each new one. */
interface Preparer {
  readonly masks: Masks;
  page(view: PageView): PreparedPage;
  data(view: View): Entries;
}

const preparers = new WeakMap<readonly VolatileRule[], Preparer>();

function preparer(rules: readonly VolatileRule[]): Preparer {
  const known = preparers.get(rules);
  if (known) return known;
  const masks = masksOf(rules);
  const pages = new WeakMap<View, PreparedPage>();
  const made: Preparer = {
    masks,
    page(view) {
      const page = pages.get(view) ?? { text: new PageText(view, masks), entries: entriesOf(view, masks) };
      pages.set(view, page);
      return page;
    },
    data: (view) => new Entries(view.kind === 'data' ? dataEntries(view.values, masks) : []),
  };
  preparers.set(rules, made);
  return made;
}

/** Share of the crawler's content that noise may make up before the rest says too little about it. */
const MOST_NOISE: Ratio = 0.5;

/** References that hold too little of the crawler's content to corroborate it, by index: most of it is noise between them. */
function silentReferences(
  crawler: View,
  references: readonly View[],
  differences: readonly Difference[],
): Set<number> {
  if (crawler.kind !== 'page') {
    const open = differences.some(({ settlement }) => settlement.state === 'noise');
    return new Set(open && crawler.kind !== 'data' ? references.keys() : []);
  }
  const size = crawler.blocks.reduce(
    (sum, { text, region }) => sum + (region === 'main' ? text.length : 0),
    0,
  );
  return new Set(
    [...references.keys()].filter((at) => {
      const lost = differences
        .filter(
          ({ kind, region, lackedBy, settlement, rule }) =>
            kind === 'split-view.text' &&
            region === 'main' &&
            lackedBy[at] &&
            settlement.state === 'noise' &&
            rule === 'exclusive-text',
        )
        .reduce((sum, difference) => sum + difference.crawler.length, 0);
      return lost > size * MOST_NOISE;
    }),
  );
}

/** Places whose content was seen to live, where it is most of what stands there: an article is no such place. */
function learnt(crawler: View, differences: readonly Difference[]): string[] {
  const lived = new Map<string, number>();
  for (const { place, settlement, crawler: text, matters } of differences) {
    if (matters && settlement.state === 'noise') lived.set(place, (lived.get(place) ?? 0) + text.length);
  }
  if (crawler.kind !== 'page') return [];
  return [...lived.keys()].filter((place) => {
    if (!place.startsWith('text:')) return place.startsWith('data:') || place.startsWith('hidden:');
    const all = crawler.blocks.reduce(
      (sum, { text, path }) => sum + (`text:${path}` === place ? text.length : 0),
      0,
    );
    return (lived.get(place) ?? 0) >= all * 0.6;
  });
}
