/** What is compared under which tab: the channels of a view as lists of items. */
import type { Fields, View } from '../domain/index.ts';
import type { Item } from './sides.ts';

export const TABS = ['text', 'links', 'labels', 'code', 'data', 'fields', 'raw'] as const;
export type Tab = (typeof TABS)[number];

export const TAB_NAMES: Readonly<Record<Tab, string>> = {
  text: 'Text',
  links: 'Links',
  labels: 'Images and labels',
  code: 'Code',
  data: 'Data',
  fields: 'Header fields',
  raw: 'Raw',
};

/** Channels in which the mark names the place, so that values are compared place by place. */
export const byMark = (view: View | undefined, tab: Tab): boolean =>
  tab === 'data' || tab === 'fields' || (tab === 'labels' && view?.kind === 'image');

/** Longest line of a raw body that is shown whole. */
const LONGEST_LINE = 2000;

const lines = (text: string, mark: string): Item[] =>
  text.split(/\r\n|\r|\n/).map((line) => ({ text: line.slice(0, LONGEST_LINE), mark }));

const measuresOf = (view: View & { kind: 'image' }): Item[] => [
  { mark: 'size', text: `${view.width} × ${view.height} ${view.format}` },
  { mark: 'pixels', text: view.pixelSha256 },
  { mark: 'pdq', text: `${view.pdq} (quality ${view.pdqQuality})` },
  { mark: 'phash', text: view.phash },
  ...view.irregularities.map((text): Item => ({ mark: 'irregular', text })),
];

/** Items of one channel in reading order; empty where the view has none. */
export function channel(view: View, tab: Exclude<Tab, 'raw' | 'fields'>): Item[] {
  const redirect =
    view.redirect === undefined || tab !== 'text' ? [] : [{ mark: 'redirect', text: view.redirect }];
  return [...redirect, ...contentOf(view, tab)];
}

function contentOf(view: View, tab: Exclude<Tab, 'raw' | 'fields'>): Item[] {
  switch (view.kind) {
    case 'page':
      switch (tab) {
        case 'text':
          return [
            ...(view.title === '' ? [] : [{ mark: 'title', text: view.title }]),
            ...view.blocks.map(({ tag, text, region }) => ({
              mark: region === 'main' ? tag : `${tag} ${region}`,
              text,
            })),
            ...view.hidden.map(({ technique, text }) => ({ mark: `hidden ${technique}`, text })),
          ];
        case 'links':
          return view.links.map(({ href, text, rel }) => ({
            mark: rel === '' ? 'a' : rel,
            text: text === '' ? href : `${text} → ${href}`,
          }));
        case 'labels':
          return view.images.map(({ src, labels }) => ({ mark: 'img', text: [src, ...labels].join(' | ') }));
        case 'code':
          return view.code.flatMap(({ text, language }) => lines(text, language === '' ? 'code' : language));
        case 'data':
          return view.data.map(({ path, value }) => ({ mark: path, text: value }));
        default:
          return tab satisfies never;
      }
    case 'data':
      return tab === 'data' ? view.values.map(({ path, value }) => ({ mark: path, text: value })) : [];
    case 'image':
      return tab === 'labels' ? measuresOf(view) : [];
    case 'bytes':
      return [];
    default:
      return view satisfies never;
  }
}

/** A raw body line by line. */
export const rawLines = (text: string): Item[] => lines(text, '');

/** Header fields by name, since their order is compared elsewhere and would only blur what differs. */
export const fieldItems = (fields: Fields): Item[] =>
  fields
    .map(([name, value]): Item => ({ mark: name.toLowerCase(), text: value }))
    .sort((a, b) => (a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : 0));
