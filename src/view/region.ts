/** Regions of a page: what is content, and what stands around it. */
import type { Region } from '../domain/index.ts';
import { type Element, isElement } from './tree.ts';

const BY_TAG: Readonly<Record<string, Region>> = {
  nav: 'navigation',
  menu: 'navigation',
  aside: 'aside',
  footer: 'footer',
  dialog: 'dialog',
};

const BY_ROLE: Readonly<Record<string, Region>> = {
  navigation: 'navigation',
  banner: 'navigation',
  menubar: 'navigation',
  menu: 'navigation',
  search: 'navigation',
  complementary: 'aside',
  contentinfo: 'footer',
  dialog: 'dialog',
  alertdialog: 'dialog',
  alert: 'dialog',
};

/** Words of class and id names, in this order: a cookie banner in a footer is a dialog. */
const BY_NAME: ReadonlyArray<readonly [RegExp, Region]> = [
  [/^(?:cookies?|consent|gdpr|cmp|modal|popup|overlay|lightbox|interstitial|onetrust|didomi)$/, 'dialog'],
  [/^(?:comments?|disqus|replies|discussion|respond|commentlist)$/, 'comments'],
  [
    /^(?:related|recirc|recirculation|recommended|recommendations|trending|popular|taboola|outbrain|readmore|teasers?|mostread)$/,
    'related',
  ],
  [
    /^(?:ads?|advert|adverts|advertisement|advertising|adslot|adunit|sponsor|sponsored|promo|promos|promoted|newsletter|subscribe|sidebar|widget|widgets|share|sharing|social|banner|toolbox|announcement)$/,
    'aside',
  ],
  [
    /^(?:nav|navbar|navigation|menu|breadcrumbs?|topbar|masthead|sitemap|skiplinks?|languages?|locale)$/,
    'navigation',
  ],
  [/^(?:footer|colophon|copyright)$/, 'footer'],
];

/** Elements that hold the page itself; their class names (`has-sidebar`) describe the layout. */
const FRAMES = new Set(['html', 'body', 'main', 'article']);

/** Elements of a site's header; that of an article has none. */
const CHROME_OF_HEADER = new Set(['nav', 'form', 'ul', 'menu', 'input', 'button']);
/** Elements in the heading of an article; more are a site's header, and are not all looked at. */
const LARGEST_HEADING = 60;

/** Whether a `header` that stands in no article is the heading of one all the same: a first headline, and nothing to click through. */
export function isHeading(header: Element): boolean {
  const left = [...header.children];
  let isHeaded = false;
  for (let seen = 0; left.length > 0; seen++) {
    const next = left.pop();
    if (!next || !isElement(next)) continue;
    if (CHROME_OF_HEADER.has(next.name) || seen > LARGEST_HEADING) return false;
    isHeaded ||= next.name === 'h1';
    left.push(...next.children.slice(0, LARGEST_HEADING));
  }
  return isHeaded;
}

/**
 * Region that an element opens; undefined where it stays in that of its parent.
 * `names` are its class and id names; a name counts by its first and last word, `post-comments` and `comments-list`.
 */
export function regionOf(
  tag: string,
  role: string,
  names: string,
  parent: Region,
  inArticle: boolean,
): Region | undefined {
  if (FRAMES.has(tag)) return tag === 'main' || role === 'main' ? 'main' : undefined;
  const known = BY_TAG[tag] ?? BY_ROLE[role];
  if (tag === 'header' && !inArticle && parent === 'main') return 'navigation';
  // The footer of an article holds its notes and its author, not the site's chrome.
  if (known && !(tag === 'footer' && inArticle)) return known;
  if (names === '') return undefined;
  for (const name of names.split(/\s+/)) {
    const words = name
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .split(/[-_:]+/);
    if (/^(?:has|with|without|no|is|js|wp)$/.test(words[0] ?? '')) continue;
    const ends = words.length > 1 ? [words[0] ?? '', words.at(-1) ?? ''] : words;
    const found = BY_NAME.find(([pattern]) => ends.some((word) => pattern.test(word)));
    if (found) return found[1];
  }
  return undefined;
}
