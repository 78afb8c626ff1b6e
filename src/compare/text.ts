/** Sentences that the crawler got and references lack: new ones, and other versions of theirs. */
import type { IdentityName } from '../domain/index.ts';
import { likeness, settledChanges, versionOf } from './align.ts';
import { type Change, isTelling, kindsOfChange } from './change.ts';
import type { Difference } from './difference.ts';
import { livingPaths, longerLists } from './living.ts';
import type { Masks } from './mask.ts';
import type { PageText, PreparedBlock, Sentence } from './page-text.ts';
import { holds, type Other, type Seen } from './seen.ts';
import { type Sighting, settle } from './settle.ts';
import { MASK } from './words.ts';

/**
 * Bits that a changed sentence needs, and a whole new one: places rotate whole texts, but not numbers inside a sentence. `listed`:
 * lists are loaded as far as chance has it, the same few lengths again and again.
 */
const NEED = { changed: 2, whole: 3, outside: 4, listed: 6 } as const;
/** Share of words in common from which a changed sentence is an edit of another one, and not one on the same subject. */
const CLOSE = 0.75;
/** Text outside the content under this many characters is chrome: a greeting, a menu, a banner. */
export const CHROME = 90;
/** Consent is asked at length. */
const CONSENT = 300;
const ASKS_CONSENT =
  /cookie|\bprivacy\b|\bconsent|datenschutz|einwillig|privatsphäre|confidentialité|consentement|privacidad|consentimiento|riservatezza/i;
/** Words of letters under which a new sentence in the content is a label or a button. */
const FEWEST_WORDS = 4;
/** Characters of a block from which it is prose. */
const PROSE = 90;
/** Beyond this many new sentences the page is another one, and none is aligned with any. */
const MOST_ALIGNED = 80;
/** Sentences of a page that repeats itself which are looked at for a version. */
const MOST_REPEATED = 200;
/** A block shorter than this is no anchor: `Share` stands everywhere. */
const SHORTEST_ANCHOR = 12;

export interface TextInput {
  readonly crawler: PageText;
  readonly repeats: readonly PageText[];
  readonly references: readonly PageText[];
  /** Identities of the references, in order. */
  readonly names: readonly IdentityName[];
  readonly masks: Masks;
  /** Places known to live, `text:PATH`. */
  readonly volatile: ReadonlySet<string>;
}

export function textDifferences(input: TextInput): Difference[] {
  const { crawler, references, repeats } = input;
  const suspects = crawler.blocks.flatMap((block, at) =>
    references.every((reference) => reference.keys.has(block.key)) ? [] : crawler.sentences(at),
  );
  if (suspects.length === 0) return [];
  const anchors = anchorsOf(crawler, [...references, ...repeats]);
  const others = (pages: readonly PageText[]): Other[] =>
    pages.map((page) => {
      const own = page.exclusiveAgainst(crawler);
      return { page, own, slots: bySlot(own, page, anchors) };
    });
  const seen = { references: others(references), repeats: others(repeats) };
  const differing = suspects.filter((sentence) => seen.references.some((other) => !holds(other, sentence)));
  const align = differing.length <= MOST_ALIGNED;
  const exclusive = new Map<number, number>();
  for (const sentence of differing)
    exclusive.set(sentence.block, (exclusive.get(sentence.block) ?? 0) + sentence.text.length);
  const slots = slotsOf(crawler, anchors);
  const places = { living: livingPaths(differing, crawler, seen), longer: longerLists(differing, crawler) };
  return differing.map((sentence) =>
    differenceOf(
      sentence,
      slots[sentence.block] ?? '',
      exclusive.get(sentence.block) ?? 0,
      seen,
      align,
      places,
      input,
    ),
  );
}

function differenceOf(
  sentence: Sentence,
  slot: string,
  blockExclusive: number,
  seen: Seen,
  align: boolean,
  { living, longer }: Readonly<Record<'living' | 'longer', ReadonlySet<string>>>,
  { crawler, masks, names, volatile }: TextInput,
): Difference {
  const block = crawler.blocks[sentence.block] as PreparedBlock;
  const lackedBy = seen.references.map((other) => !holds(other, sentence));
  const versions = align
    ? seen.references.map((other) =>
        holds(other, sentence) ? undefined : versionIn(sentence, block.path, other),
      )
    : [];
  const found = versions.filter((version) => version !== undefined);
  const lacking = lackedBy.filter(Boolean).length;
  const isChanged = found.length > 0 && found.length === lacking;
  const changed = isChanged ? changesAgainst(sentence, found) : undefined;
  const sighting = (other: Other, version: Sentence | undefined): Sighting => {
    if (holds(other, sentence)) return { same: true, instead: '' };
    // What versions disagree on has been taken out of the change, so that they stand for one and the same.
    if (isChanged) return { same: false, instead: version ? '~' : insteadIn(other, slot) };
    return { same: false, instead: insteadIn(other, slot) };
  };
  const references = seen.references.map((other, at) => sighting(other, versions[at]));
  const repeats = seen.repeats.map((other) => {
    const version = isChanged && !holds(other, sentence) ? versionOf(sentence, other.own) : undefined;
    if (version && changesAgainst(version, found).kinds.length > 0)
      return { same: false, instead: `own ${version.masked}` };
    return sighting(other, version);
  });
  const kinds = changed?.kinds ?? [];
  const isClose = found.every((version) => likeness(version.maskedWords, sentence.maskedWords) >= CLOSE);
  const isEdit = isChanged && isClose;
  const isAdded = longer.has(block.path) && references.every(({ same, instead }) => same || instead === '');
  const need = isAdded
    ? NEED.listed
    : block.region !== 'main'
      ? NEED.outside
      : isEdit
        ? NEED.changed
        : NEED.whole;
  const settled = settle(references, repeats, need, names);
  const place = `text:${block.path}`;
  const isTold = isEdit && kinds.some((kind) => kind !== 'words' && kind !== 'spelling');
  const lives =
    (isChanged && kinds.length === 0) || (!isTold && (volatile.has(place) || living.has(block.path)));
  // Hidden or scattered there and shown here: a page made simple for robots, or a trick with style sheets. It is no evidence either way.
  const around = crawler.sentences(sentence.block).flatMap(({ words }) => words);
  const unhidden = seen.references.every(
    ({ page }, at) =>
      !lackedBy[at] ||
      page.otherwise.hides(sentence.words) ||
      page.otherwise.hides(around) ||
      page.otherwise.showsInPieces(around),
  );
  // The longest of several lengths is seen once, too.
  const isLongest = isAdded && settled.state === 'once';
  const explained = lives
    ? ('noise' as const)
    : unhidden
      ? ('contested' as const)
      : isLongest
        ? ('open' as const)
        : undefined;
  return {
    kind: 'split-view.text',
    rule: isChanged ? 'changed-sentence' : 'exclusive-text',
    settlement: settled.state === 'shared' ? settled : { ...settled, state: explained ?? settled.state },
    matters: isChanged
      ? mattersChanged(block, kinds, masks)
      : mattersWhole(block, sentence, blockExclusive, masks),
    region: block.region,
    place,
    crawler: sentence.text,
    reference: found[0]?.text ?? shownInstead(seen.references, slot),
    changes: kinds,
    lackedBy,
  };
}

/** Its version among what the other view says alone; or, where a page repeats itself, among all that it says at this path. */
const versionIn = (sentence: Sentence, path: string, { own, page }: Other): Sentence | undefined =>
  versionOf(sentence, own) ??
  versionOf(
    sentence,
    page.blocks
      .flatMap((block, at) => (block.path === path ? page.sentences(at) : []))
      .slice(0, MOST_REPEATED),
    CLOSE,
  );

/** Changes to `sentence` from what all versions agree on. */
function changesAgainst(sentence: Sentence, versions: readonly Sentence[]): { kinds: Change[] } {
  const rows = versions.map((version) => version.maskedWords);
  const hunks = settledChanges(rows, sentence.maskedWords);
  return { kinds: kindsOfChange(rows[0] ?? [], sentence.maskedWords, hunks, sentence.text) };
}

const mattersChanged = (block: PreparedBlock, kinds: readonly Change[], masks: Masks): boolean =>
  kinds.some((kind) => kind !== 'spelling') &&
  !masks.block(block.text) &&
  (block.region === 'main' || block.text.length >= CHROME);

function mattersWhole(
  block: PreparedBlock,
  sentence: Sentence,
  blockExclusive: number,
  masks: Masks,
): boolean {
  if (masks.block(block.text)) return false;
  const words = sentence.maskedWords.filter((word) => word !== MASK && /\p{L}/u.test(word));
  if (block.region !== 'main')
    return blockExclusive >= (block.region === 'dialog' && ASKS_CONSENT.test(block.text) ? CONSENT : CHROME);
  // Scripts without spaces count by character, and a word has about two.
  const length = words.reduce(
    (sum, word) =>
      sum + (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u.test(word) ? 0.5 : 1),
    0,
  );
  if (length >= FEWEST_WORDS) return true;
  // In the middle of prose a few words are no label: `(Miller, 2016)`.
  if (block.text.length >= PROSE && sentence.maskedWords.some(isTelling)) return true;
  // A cell of a table is content however short it is.
  return /^(?:td|th|dd|h1|title)$/.test(block.tag) && sentence.maskedWords.some((word) => word !== MASK);
}

/** Blocks that all views have: between two of them, texts stand in place of one another. */
function anchorsOf(crawler: PageText, others: readonly PageText[]): Set<string> {
  return new Set(
    [...crawler.keys].filter(
      (key) => key.length >= SHORTEST_ANCHOR && others.every((other) => other.keys.has(key)),
    ),
  );
}

/** For each block its slot: the anchor before it, and its path. */
function slotsOf(page: PageText, anchors: ReadonlySet<string>): string[] {
  let anchor = '';
  return page.blocks.map((block) => {
    if (anchors.has(block.key)) anchor = block.key;
    return `${anchor}\n${block.path}`;
  });
}

function bySlot(
  own: readonly Sentence[],
  page: PageText,
  anchors: ReadonlySet<string>,
): Map<string, Sentence[]> {
  const slots = slotsOf(page, anchors);
  const found = new Map<string, Sentence[]>();
  for (const sentence of own) {
    const slot = slots[sentence.block] ?? '';
    found.set(slot, [...(found.get(slot) ?? []), sentence]);
  }
  return found;
}

const insteadIn = (other: Other, slot: string): string =>
  (other.slots.get(slot) ?? [])
    .map(({ masked }) => masked)
    .sort()
    .join('|');

const shownInstead = (others: readonly Other[], slot: string): string | undefined =>
  others.flatMap((other) => other.slots.get(slot) ?? [])[0]?.text;
