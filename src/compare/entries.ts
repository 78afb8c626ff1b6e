/** Things that stand under a name: links under their text, labels under their picture, values under their path. */
import type { FindingKind, IdentityName, Region } from '../domain/index.ts';
import type { Difference } from './difference.ts';
import { type Sighting, settle } from './settle.ts';

export interface Entry {
  /** What it stands under; views are compared name by name. */
  readonly name: string;
  /** What is compared. */
  readonly value: string;
  /** What a reader is shown. */
  readonly shown: string;
  readonly region: Region;
  /** Skeleton of the place, for noise and fingerprint. */
  readonly place: string;
}

/** The entries of one view in one channel. */
export class Entries {
  readonly list: readonly Entry[];
  readonly #byName = new Map<string, Set<string>>();
  readonly #shown = new Map<string, string>();
  readonly #values = new Set<string>();

  constructor(list: readonly Entry[]) {
    this.list = list;
    for (const { name, value, shown } of list) {
      const values = this.#byName.get(name) ?? new Set<string>();
      this.#byName.set(name, values.add(value));
      this.#values.add(value);
      if (!this.#shown.has(name)) this.#shown.set(name, shown);
    }
  }

  hasName = (name: string): boolean => this.#byName.has(name);
  hasUnder = (name: string, value: string): boolean => this.#byName.get(name)?.has(value) ?? false;
  valuesUnder = (name: string): ReadonlySet<string> => this.#byName.get(name) ?? new Set();
  hasValue = (value: string): boolean => this.#values.has(value);
  shownUnder = (name: string): string | undefined => this.#shown.get(name);
  under = (name: string): string => [...(this.#byName.get(name) ?? [])].sort().join('|');
}

export interface Channel {
  readonly kind: FindingKind;
  readonly rule: string;
  /** Bits that a difference needs. */
  readonly need: number;
  /** Whether this view has the entry, perhaps under another name. */
  has(entry: Entry, view: Entries): boolean;
  /** Whether the entry could be poison, given a view that lacks it. */
  matters(entry: Entry, lacking: Entries): boolean;
}

/** Bits more outside the content, where campaigns and languages change things for some. */
const OUTSIDE = 2;

/**
 * What all who lack an entry have under its name and the crawler has not. They may differ in what else stands there: a caption with
 * a count in it makes no other `alt` of a picture.
 */
const agreedUnder = (name: string, crawler: Entries, lackers: readonly Entries[]): string[] =>
  [...(lackers[0]?.valuesUnder(name) ?? [])]
    .filter((value) => !crawler.hasUnder(name, value) && lackers.every((view) => view.hasUnder(name, value)))
    .sort();

/** Entries that the crawler got and some reference lacks. */
export function entryDifferences(
  channel: Channel,
  crawler: Entries,
  repeats: readonly Entries[],
  references: readonly Entries[],
  volatile: ReadonlySet<string>,
  names: readonly IdentityName[],
): Difference[] {
  const differences: Difference[] = [];
  const done = new Set<string>();
  for (const entry of crawler.list) {
    const lackedBy = references.map((view) => !channel.has(entry, view));
    if (!lackedBy.includes(true)) continue;
    const id = `${entry.name}\n${entry.value}`;
    if (done.has(id)) continue;
    done.add(id);
    const lackers = references.filter((_, at) => lackedBy[at]);
    const lacking = lackers[0] as Entries;
    const agreed = agreedUnder(entry.name, crawler, lackers);
    const sighting = (view: Entries): Sighting => {
      const same = channel.has(entry, view);
      const agrees = agreed.length > 0 && agreed.every((value) => view.hasUnder(entry.name, value));
      return { same, instead: same ? '' : agrees ? agreed.join('|') : view.under(entry.name) };
    };
    const matters = channel.matters(entry, lacking);
    const need = channel.need + (entry.region === 'main' ? 0 : OUTSIDE);
    const settled = settle(references.map(sighting), repeats.map(sighting), need, names);
    const lives = volatile.has(entry.place) && settled.state !== 'shared';
    differences.push({
      kind: channel.kind,
      rule: channel.rule,
      settlement: lives ? { ...settled, state: 'noise' } : settled,
      matters,
      region: entry.region,
      place: entry.place,
      crawler: entry.shown,
      reference: lacking.shownUnder(entry.name),
      changes: [],
      lackedBy,
    });
  }
  return differences;
}
