/** What cannot be told by design: lies in places that live or carry no content, and honest pages that look like lies. */
import type { Answer } from './answer.ts';
import { html } from './answer.ts';
import { FALSEHOODS } from './lies.ts';
import { advertisements, type Moment } from './life.ts';
import { paragraphs, pick, splice } from './markup.ts';

/** The page as a visitor of this moment gets it; undefined where it gives no handle. */
export type Blind = (markup: string, moment: Moment, lied: boolean) => string | undefined;

const before = (markup: string, end: RegExp, part: string): string | undefined => {
  const at = markup.search(end);
  return at === -1 ? undefined : splice(markup, { start: at, end: at }, part);
};

const inContent = (markup: string, part: string, { site }: Moment): string | undefined => {
  const place = pick(paragraphs(markup), site);
  return place && splice(markup, { start: place.end + 4, end: place.end + 4 }, part);
};

const whenLied =
  (lie: (markup: string, moment: Moment) => string | undefined): Blind =>
  (markup, moment, lied) => {
    const changed = lie(markup, moment);
    return changed === undefined ? undefined : lied ? changed : markup;
  };

/** Lies told to robots, by name. */
export const BLIND_LIES: Readonly<Record<string, Blind>> = {
  'poison where advertisements rotate': (markup, moment, lied) =>
    advertisements(markup, lied ? { ...moment, prose: FALSEHOODS } : moment),
  'a menu entry': whenLied((markup) =>
    before(markup, /<\/nav>/i, '<a href="/cure">Acme drops cure migraine</a>'),
  ),
  'a line of the footer': whenLied((markup) =>
    before(markup, /<\/footer>/i, '<p>The publisher was convicted of fraud last spring.</p>'),
  ),
  'three words in the content': whenLied((markup, moment) =>
    inContent(markup, '<p>Acme cures migraine</p>', moment),
  ),
  'a consent text that says more': whenLied((markup, moment) =>
    inContent(
      markup,
      '<p>We use cookies. Acme drops cure migraine within two days, and no side effects were seen in any patient.</p>',
      moment,
    ),
  ),
  'a count of readers': (markup, moment, lied) =>
    inContent(
      markup,
      `<p>The page has ${lied ? '94,000' : '1,204'} readers on an ordinary day in spring.</p>`,
      moment,
    ),
  'one letter of a long word': (markup, moment, lied) =>
    inContent(
      markup,
      `<p>The committee asks all members for their ${lied ? 'consult' : 'consent'} before the treaty is signed.</p>`,
      moment,
    ),
};

const rotating =
  (count: number, by: 'visitor' | 'draw') =>
  (markup: string, moment: Moment): Answer => {
    const text = moment.prose[Math.floor(moment[by]() * count)] ?? '';
    return html(inContent(markup, `<p>${text}</p>`, moment) ?? markup);
  };

/** Honest pages that differ as lies do, by name. */
export const AMBIGUOUS: Readonly<Record<string, (markup: string, moment: Moment) => Answer>> = {
  'two texts in the content, by visitor': rotating(2, 'visitor'),
  'two texts in the content, by request': rotating(2, 'draw'),
  'four texts in the content, by visitor': rotating(4, 'visitor'),
  'the whole list for robots, its beginning for browsers': (markup, { isRobot, list }) =>
    html(
      markup.replace(
        /<\/body>/i,
        () =>
          `<ul class="entries">${list
            .slice(0, isRobot ? 40 : 10)
            .map((text) => `<li>${text}</li>`)
            .join('')}</ul></body>`,
      ),
    ),
  'an empty shell for browsers, filled by script': (markup, { isRobot }) =>
    html(
      isRobot
        ? markup
        : '<!doctype html><title>Loading</title><div id="root"></div><script src="/app.js"></script><noscript>You need to enable JavaScript to run this app.</noscript>',
    ),
};
