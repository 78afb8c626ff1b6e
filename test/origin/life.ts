/** Life of honest pages: what changes between two requests, or between two visitors, and means nothing. */
import { articleOf, paragraphs, pick, splice } from './markup.ts';

/** One request, as life sees it. */
export interface Moment {
  /** Fresh for each request. */
  readonly draw: () => number;
  /** Fixed for the site: where its boxes stand, what its classes are called. */
  readonly site: () => number;
  /** Fixed for the visitor: address and user agent. */
  readonly visitor: () => number;
  /** Requests for this page before this one. */
  readonly asks: number;
  readonly isRobot: boolean;
  /** Prose from elsewhere, for teasers, advertisements and comments. */
  readonly prose: readonly string[];
  /** The texts of a long list, in its order, none of them twice. */
  readonly list: readonly string[];
}

export type Life = (markup: string, moment: Moment) => string;

export const token = (draw: () => number, length = 24): string =>
  Array.from({ length }, () => Math.floor(draw() * 16).toString(16)).join('');

const beforeBody = (markup: string, part: string): string => {
  const at = Math.max(markup.lastIndexOf('</body>'), markup.lastIndexOf('</BODY>'));
  return at === -1 ? markup + part : splice(markup, { start: at, end: at }, part);
};
/** After one of the paragraphs, the same one for the site. */
const inArticle = (markup: string, part: string, site: () => number): string => {
  const place = pick(paragraphs(markup), site);
  return place
    ? splice(markup, { start: place.end + 4, end: place.end + 4 }, part)
    : beforeBody(markup, part);
};

const some = (prose: readonly string[], count: number, draw: () => number): string[] =>
  Array.from({ length: count }, () => pick(prose, draw) ?? '');

export const nonces: Life = (markup, { draw }) =>
  beforeBody(
    markup,
    `<script nonce="${token(draw)}">window.t="${token(draw)}"</script><form><input type="hidden" name="csrf" value="${token(draw)}"></form><!-- rendered by web-${Math.floor(draw() * 40)} trace ${token(draw)} -->`,
  );

export const clocks: Life = (markup, { draw, asks, site }) => {
  const at = new Date(Date.UTC(2026, 10, 22, 9, 30 + asks, Math.floor(draw() * 60)));
  const part = `<p class="meta">Updated ${2 + asks} minutes ago</p><p>Server time ${at.toISOString()}</p>`;
  return inArticle(markup, part, site);
};

export const counters: Life = (markup, { draw, site }) =>
  inArticle(
    markup,
    `<p class="stats">${1200 + Math.floor(draw() * 500)} readers · ${Math.floor(draw() * 90)} comments · ${Math.floor(draw() * 9000)} views</p>`,
    site,
  );

/** Each kind of life has prose of its own: what an advertisement says stands in no teaser. */
const share = (prose: readonly string[], which: 0 | 1 | 2): string[] =>
  prose.filter((_, at) => at % 3 === which);

const BOXES = ['ad', 'advert-slot', 'sponsored', 'stage', 'box', 'unit'];
export const advertisements: Life = (markup, { draw, site, prose }) => {
  const box = pick(BOXES, site);
  const advertisement = () =>
    `<div class="${box}" id="${box}-${token(draw, 8)}"><a href="https://ads.example.net/c?k=${token(draw)}"><p>${pick(share(prose, 0), draw)}</p></a></div>`;
  return beforeBody(inArticle(markup, advertisement(), site), advertisement());
};

export const relatedLinks: Life = (markup, { draw, prose }) =>
  beforeBody(
    markup,
    `<section class="related"><h2>More stories</h2><ul>${some(share(prose, 1), 6, draw)
      .map((text) => `<li><a href="/story/${Math.floor(draw() * 1e6)}">${text.slice(0, 70)}</a></li>`)
      .join('')}</ul></section>`,
  );

const STORIES = ['teaser', 'story', 'card', 'rail-item', 'stream', 'tile'];
export const teasers: Life = (markup, { draw, site, prose }) => {
  const name = pick(STORIES, site);
  const part = some(share(prose, 1), 3, draw).map(
    (text) => `<div class="${name}"><h3>${text.slice(0, 50)}</h3><p>${text}</p></div>`,
  );
  return beforeBody(markup, `<section class="${name}s">${part.join('')}</section>`);
};

export const commentsShuffled: Life = (markup, { draw, site, prose }) => {
  const comments = some(share(prose, 2), 8, site).map(
    (text) => `<li class="comment"><p>${text.slice(0, 200)}</p></li>`,
  );
  const shuffled = comments.map((comment) => ({ comment, at: draw() })).sort((a, b) => a.at - b.at);
  return beforeBody(
    markup,
    `<section class="comments"><h2>What readers say</h2><ol>${shuffled.map(({ comment }) => comment).join('')}</ol></section>`,
  );
};

export const lazyList: Life = (markup, { draw, list }) => {
  const items = list
    .slice(0, 40)
    .map((text) => `<article class="entry"><h3>${text.slice(0, 60)}</h3><p>${text}</p></article>`);
  return beforeBody(
    markup,
    `<main class="entries">${items.slice(0, 10 + 10 * Math.floor(draw() * 4)).join('')}</main>`,
  );
};

/** A window that moves on as new entries arrive. */
export const paging: Life = (markup, { draw, asks, list }) => {
  const items = list.slice(0, 60).map((text) => `<div class="item"><p>${text}</p></div>`);
  const from = Math.min(40, asks + Math.floor(draw() * 3));
  return beforeBody(markup, `<div class="feed">${items.slice(40 - from, 55 - from).join('')}</div>`);
};

/** New entries above the old ones, which stay. */
export const liveBlog: Life = (markup, { asks, list }) => {
  const entries = list
    .slice(0, 40)
    .map(
      (text, at) =>
        `<div class="post"><p class="time">${9 + Math.floor(at / 4)}:${10 + (at % 4) * 12}</p><p>${text}</p></div>`,
    );
  const place = paragraphs(markup)[0];
  const part = entries.slice(Math.max(0, 20 - asks)).join('');
  return place
    ? splice(markup, { start: place.end + 4, end: place.end + 4 }, `<div class="live">${part}</div>`)
    : markup;
};

/** A word was misspelt until an editor saw it, some requests later. */
export const typoFixed: Life = (markup, { asks, site }) => {
  const place = pick(paragraphs(markup), site);
  const word = /(?<=[a-z,] )[a-z]{6,12}(?= [a-z])/.exec(place?.inner ?? '');
  if (!place || !word || asks >= 1 + Math.floor(site() * 3)) return markup;
  const at = place.start + word.index + 2;
  return splice(markup, { start: at, end: at + 2 }, `${markup[at + 1]}${markup[at]}`);
};

/** A correction is appended after some requests. */
export const noteAppended: Life = (markup, { asks, site }) => {
  const article = articleOf(markup);
  if (!article || asks < 1 + Math.floor(site() * 3)) return markup;
  return splice(
    markup,
    { start: article.end + 4, end: article.end + 4 },
    '<p>An earlier version of this article misstated the name of the street.</p>',
  );
};

/** Churn on every request, by name. */
export const LIVING: Readonly<Record<string, Life>> = {
  'clocks and counters': (markup, moment) => counters(clocks(markup, moment), moment),
  'rotating ads': advertisements,
  'related links': relatedLinks,
  'teasers with prose': teasers,
  'comments in random order': commentsShuffled,
  'lazy-loaded lists': lazyList,
  'infinite-scroll paging': paging,
  'live blog that grows': liveBlog,
  'typo fixed by the editor': typoFixed,
  'note appended by the editor': noteAppended,
};

/** What a busy page does all at once. */
export const busy: Life = (markup, moment) =>
  [nonces, clocks, counters, advertisements, relatedLinks, teasers, commentsShuffled].reduce(
    (page, life) => life(page, moment),
    markup,
  );
