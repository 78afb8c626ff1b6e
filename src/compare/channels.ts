/** The channels of a page beside its text: links, labels, pictures, code, hidden text, data. */
import type { DataValue, PageView } from '../domain/index.ts';
import { changesBetween, likeness } from './align.ts';
import { kindsOfChange } from './change.ts';
import { type Channel, Entries, type Entry } from './entries.ts';
import type { Masks } from './mask.ts';
import type { PageText } from './page-text.ts';
import { remembered } from './recent.ts';
import { CHROME } from './text.ts';
import { rowOf, wordsOf } from './words.ts';

export interface PreparedPage {
  readonly text: PageText;
  readonly entries: Readonly<Record<ChannelName, Entries>>;
}

export const CHANNEL_NAMES = ['link', 'label', 'image', 'code', 'hidden', 'data'] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export function entriesOf(view: PageView, masks: Masks): PreparedPage['entries'] {
  return {
    link: new Entries(view.links.map((link) => linkEntry(link, masks))),
    label: new Entries(view.images.flatMap(labelEntries)),
    image: new Entries(view.images.flatMap((image, at) => imageEntry(image, at, masks))),
    code: new Entries(view.code.flatMap(({ text, path }) => codeEntries(text, path))),
    hidden: new Entries(view.hidden.map((hidden) => hiddenEntry(hidden, masks))),
    data: new Entries(dataEntries(view.data, masks)),
  };
}

const linkEntry = ({ href, text, region }: PageView['links'][number], masks: Masks): Entry => ({
  name: masks.row(text),
  value: masks.address(href),
  shown: href,
  region,
  place: `link:${region}`,
});

/** Format, or size, at the end of a picture's name. */
const FORM =
  /\.(?:jpe?g|png|gif|webp|avif|bmp|svg|jxl)$|[-_.@](?:\d{2,5}x\d{2,5}|\d{2,5}[wh]|@?[1-4]x|thumb(?:nail)?|small|medium|large|scaled|original)$/;

/** Last path segment without size, format and content hash: one picture at any size and from any shard. */
const stemOf = remembered((src) => {
  const url = new URL(src);
  const segments = decodeURI(safely(url.pathname)).toLowerCase().split('/');
  // A segment may say nothing but the form: `/529e59f9-260/.jpg`.
  const stem = segments.map(withoutForm).findLast((part) => part !== '') ?? '';
  const query = url.search.replace(
    /[?&](?:w|h|width|height|q|quality|fm|format|auto|dpr|crop|fit|resize|size|s|sig|token|exp|expires|v|ver|cb|ts?)=[^&]*/gi,
    '',
  );
  return `${stem}${query}`;
});

const plainRow = remembered((text) => rowOf(wordsOf(text)));

/** A name may have been resized and converted more than once: `logo.svg-640x480.jpg`. */
function withoutForm(segment: string): string {
  let name = segment.replace(/^\d{2,5}px-/, '');
  for (let shorter = name.replace(FORM, ''); shorter !== name; shorter = name.replace(FORM, ''))
    name = shorter;
  return name;
}

const safely = (path: string): string =>
  path.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/%[89a-f][0-9a-f]/gi, '_');

const labelEntries = ({ src, labels, region }: PageView['images'][number]): Entry[] =>
  labels.map((label) => ({
    name: stemOf(src),
    value: plainRow(label),
    shown: label,
    region,
    place: `label:${region}`,
  }));

/** A picture stands under its first label, or under its place in the order where it has none. */
const imageEntry = (
  { src, labels, region }: PageView['images'][number],
  at: number,
  masks: Masks,
): Entry[] => {
  const stem = masks.address(`/${stemOf(src)}`);
  const [label] = labels;
  return [
    {
      name: label ? plainRow(label) : `#${at}`,
      value: stem,
      shown: src,
      region,
      place: `image:${region}`,
    },
  ];
};

function codeEntries(text: string, path: string): Entry[] {
  let before = '';
  return text.split('\n').flatMap((line) => {
    const value = line.replace(/\s+/g, ' ').trim();
    if (value === '') return [];
    const entry = {
      name: `after ${before}`,
      value,
      shown: line,
      region: 'main' as const,
      place: `code:${path}`,
    };
    before = value;
    return [entry];
  });
}

const hiddenEntry = ({ text, technique, region, path }: PageView['hidden'][number], masks: Masks): Entry => ({
  name: `${technique} ${path}`,
  value: masks.row(text),
  shown: text,
  region,
  place: `hidden:${technique}:${path}`,
});

export const dataEntries = (values: readonly DataValue[], masks: Masks): Entry[] =>
  values
    .filter(({ path }) => !masks.path(path))
    .map(({ path, value }) => ({
      name: path,
      value: masks.text(value),
      shown: `${path}: ${value}`,
      region: 'main' as const,
      place: `data:${path}`,
    }));

/** Words from which hidden text, or metadata that nobody else has, says something. */
const SAYS_SOMETHING = 5;
const wordsIn = (row: string): number => row.split(' ').filter((word) => /\p{L}/u.test(word)).length;
/** A menu for small screens, the imprint behind a button: as short there as what is shown there. */
const isHiddenChrome = ({ region, shown }: Entry): boolean =>
  (region === 'navigation' || region === 'footer' || region === 'dialog') && shown.length < CHROME;
/** Corpora of pictures drop labels under five characters. @see Schuhmann et al. 2021, LAION-400M */
const isLabel = (row: string): boolean => wordsIn(row) > 0 && row.trim().length >= 5;
const hostOf = (address: string): string => address.split('/')[2] ?? '';

/** Words from which a label or a value is prose that an editor corrects: `house` and `mouse` on their own are two things. */
const PROSE = 8;

/** Whether the entry says the same as `before` but for its spelling. */
function isRespelt(before: string, { value, shown }: Entry): boolean {
  const [from, to] = [before.trim().split(' '), value.trim().split(' ')];
  if (Math.abs(from.length - to.length) > 2 || likeness(from, to) < 0.7) return false;
  return kindsOfChange(from, to, changesBetween(from, to), shown).every((kind) => kind === 'spelling');
}

const isRespeltUnder = (lacking: Entries, entry: Entry): boolean =>
  [...lacking.valuesUnder(entry.name)].some((value) => isRespelt(value, entry));
const isProseRespelt = (lacking: Entries, entry: Entry): boolean =>
  wordsIn(entry.value) >= PROSE && isRespeltUnder(lacking, entry);

/** The channels, given the text of each view: what is visible to others is neither hidden nor new. */
export function channelsFor(
  pages: ReadonlyMap<Entries, PreparedPage>,
  masks: Pick<Masks, 'block'>,
): Record<ChannelName, Channel> {
  const saidBy = (view: Entries, row: string) => pages.get(view)?.text.row.includes(row) ?? false;
  return {
    link: {
      kind: 'split-view.link',
      rule: 'changed-link',
      need: 2,
      has: (entry, view) => view.hasValue(entry.value),
      matters: (entry, lacking) => {
        if (entry.name.trim() === '') return false;
        const isNewHost = !lacking.list.some((link) => hostOf(link.value) === hostOf(entry.value));
        // Around the content links vary by language and campaign, but not to whom they lead under the same words.
        if (entry.region !== 'main') return isNewHost && lacking.hasName(entry.name) && isLabel(entry.name);
        return isNewHost || lacking.hasName(entry.name);
      },
    },
    label: {
      kind: 'split-view.label',
      rule: 'changed-label',
      need: 2,
      has: (entry, view) =>
        view.hasUnder(entry.name, entry.value) || (!view.hasName(entry.name) && view.hasValue(entry.value)),
      matters: (entry, lacking) =>
        lacking.hasName(entry.name) && wordsIn(entry.value) > 0 && !isProseRespelt(lacking, entry),
    },
    image: {
      kind: 'split-view.image',
      rule: 'changed-picture',
      need: 2,
      has: (entry, view) => view.hasValue(entry.value),
      // A picture is a sample of its own wherever it stands, as long as its label names it.
      matters: (entry, lacking) =>
        lacking.hasName(entry.name) && (entry.region === 'main' || isLabel(entry.name)),
    },
    code: {
      kind: 'split-view.code',
      rule: 'exclusive-code',
      need: 2,
      has: (entry, view) => view.hasValue(entry.value) || saidBy(view, rowOf(wordsOf(entry.shown))),
      matters: (entry) => entry.value.replace(/[^\p{L}\p{N}]/gu, '').length >= 2,
    },
    hidden: {
      kind: 'split-view.hidden',
      rule: 'exclusive-hidden-text',
      need: 2,
      has: (entry, view) => view.hasValue(entry.value) || saidBy(view, entry.value),
      matters: (entry, lacking) =>
        wordsIn(entry.value) >= SAYS_SOMETHING &&
        !isHiddenChrome(entry) &&
        !masks.block(entry.shown) &&
        !isRespeltUnder(lacking, entry),
    },
    data: {
      kind: 'split-view.data',
      rule: 'changed-value',
      need: 2,
      has: (entry, view) => view.hasUnder(entry.name, entry.value),
      matters: (entry, lacking) =>
        /[\p{L}\p{N}]/u.test(entry.value) &&
        !isProseRespelt(lacking, entry) &&
        (lacking.hasName(entry.name) ||
          (wordsIn(entry.value) >= SAYS_SOMETHING && !saidBy(lacking, rowOf(wordsOf(entry.value))))),
    },
  };
}
