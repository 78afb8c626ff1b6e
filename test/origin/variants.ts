/** Variants of an honest page: what visitors get differently although the site means the same, and what is no page at all. */

import type { Answer } from './answer.ts';
import { challenge, forbidden, html, softNotFound, tooMany, unavailable } from './answer.ts';
import { type Life, type Moment, nonces, token } from './life.ts';
import { markdownFor } from './markdown.ts';
import { paragraphs, pick, splice } from './markup.ts';

/** An answer, from the honest markup and the moment. */
export type Variant = (markup: string, moment: Moment) => Answer;

const afterBody = (markup: string, part: string): string => {
  const opened = /<body\b[^>]*>/i.exec(markup);
  const at = opened ? opened.index + opened[0].length : 0;
  return splice(markup, { start: at, end: at }, part);
};

const outsideScripts = (markup: string, change: (part: string) => string): string =>
  markup
    .split(/(<(?:script|style|pre|textarea)\b[\s\S]*?<\/(?:script|style|pre|textarea)>|<!--[\s\S]*?-->)/i)
    .map((part, at) => (at % 2 === 1 ? part : change(part)))
    .join('');

const hashedNames: Life = (markup, { draw }) => {
  const build = token(draw, 5);
  return outsideScripts(markup, (part) =>
    part.replace(
      /class="([^"]{1,300})"/g,
      (_, names: string) =>
        `class="${names
          .split(/\s+/)
          .map((name) => `${name} css-${build}${name.length}x`)
          .join(' ')}"`,
    ),
  );
};

const sessionLinks: Life = (markup, { draw }) => {
  const session = token(draw, 32);
  return outsideScripts(markup, (part) =>
    part.replace(
      /href="((?:https?:\/\/[^"?#]+|\/[^"?#]*))"/g,
      (_, href: string) => `href="${href}?sid=${session}&amp;utm_source=${session.slice(0, 4)}"`,
    ),
  );
};

/** Other white space, another order of attributes, other quotes. */
const reordered: Life = (markup, { isRobot }) => {
  if (!isRobot) return markup;
  return outsideScripts(markup, (part) =>
    part
      .replace(/>\s+</g, '> <')
      .replace(/<(p|div|a|li|td|span|h[1-6])\s+([\w-]+="[^"]*")\s+([\w-]+="[^"]*")/g, '<$1 $3 $2')
      .replace(/[ \t]+/g, ' '),
  );
};

/** For robots the words alone: no scripts, no classes, no navigation, one container. */
const simplified: Life = (markup, { isRobot }) => {
  if (!isRobot) return markup;
  const words = markup
    .replace(/<(script|style|svg|iframe|noscript|form|nav|aside|footer)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<!--[\s\S]*?-->/g, '');
  return outsideScripts(words, (part) =>
    part.replace(
      /\s(?:class|id|data-(?![\w-]*(?:src|original)\b)[\w-]+|on\w+|role|aria-[\w-]+|itemprop|itemscope|itemtype)="[^"]*"/gi,
      ' ',
    ),
  );
};

const consentDialog: Life = (markup, { isRobot }) =>
  isRobot
    ? markup
    : afterBody(
        markup,
        '<div class="cookie-banner" role="dialog"><h2>We value your privacy</h2><p>We and our 842 partners use cookies and similar technologies to store and read information on your device, to show you personal advertising and content, to measure both, and to learn about our audience. You can change your choices at any time.</p><button>Accept all cookies</button><button>Manage choices</button></div>',
      );

const CHROME = {
  en: [
    'Home',
    'News',
    'Sport',
    'Weather',
    'Sign in',
    'About us',
    'Terms of use',
    'All rights reserved by the publisher of these pages',
  ],
  de: [
    'Startseite',
    'Nachrichten',
    'Sport',
    'Wetter',
    'Anmelden',
    'Über uns',
    'Nutzungsbedingungen',
    'Alle Rechte liegen beim Herausgeber dieser Seiten',
  ],
};
const localisedChrome: Life = (markup, { visitor }) => {
  const language = visitor() < 0.5 ? 'en' : 'de';
  const names = CHROME[language];
  const nav = `<header class="site-header"><nav>${names
    .slice(0, 5)
    .map((name, at) => `<a href="/${language}/${at}">${name}</a>`)
    .join(' ')}</nav></header>`;
  return afterBody(markup, nav).replace(
    /<\/body>/i,
    `<footer class="site-footer"><p>${names.slice(5).join(' | ')}</p></footer></body>`,
  );
};

const CITIES = ['Berlin', 'Oslo', 'Lyon', 'Porto', 'Utrecht', 'Leeds', 'Graz'];
const geoGreeting: Life = (markup, { visitor }) => {
  const city = pick(CITIES, visitor);
  return afterBody(
    markup,
    `<div class="hello"><p>Good morning, reader from ${city}!</p><p>Weather in ${city}: ${Math.floor(visitor() * 30)} degrees, light wind</p><p>Delivering to ${city}</p></div>`,
  );
};

const NAMES = ['Anna', 'Jonas', 'Mei', 'Fatima', 'Luca', 'Ines'];
const personalName: Life = (markup, { visitor }) => {
  const name = pick(NAMES, visitor);
  return afterBody(markup, `<p>Welcome back, ${name}!</p><p class="account">Signed in as ${name}</p>`);
};

const BANNERS = [
  'Subscribe now and read all stories free for three months with our app',
  'Join 40,000 others and get our newsletter in your inbox every morning',
  'Limited time offer: half price for the first year of your subscription',
  'Support independent reporting: donate today and help us stay free for all',
];
const abBanner: Life = (markup, { visitor, site }) => {
  const part = `<div class="${pick(['banner', 'promo', 'cta', 'ab-slot'], site)}"><p>${pick(BANNERS, visitor)}.</p></div>`;
  const place = pick(paragraphs(markup), site);
  return place ? splice(markup, { start: place.end + 4, end: place.end + 4 }, part) : afterBody(markup, part);
};

/** A unique token in the text for each visitor, to find out later who trained on it. @see arXiv 2605.13706 */
const canary: Life = (markup, { draw, site }) => {
  const place = pick(paragraphs(markup), site);
  return place ? splice(markup, { start: place.end, end: place.end }, ` (ref ${token(draw, 16)})`) : markup;
};

const pictureSizes: Life = (markup, { isRobot, draw }) =>
  outsideScripts(markup, (part) =>
    part.replace(/(<img\b[^>]*?\bsrc=")([^"?]+?)(\.(?:jpe?g|png))"/gi, (_, head: string, path: string) =>
      isRobot
        ? `${head}${path}-640x480.jpg?q=75&amp;sig=${token(draw, 8)}"`
        : `${head}${path}.webp?w=1280&amp;sig=${token(draw, 8)}"`,
    ),
  );

const served =
  (life: Life): Variant =>
  (markup, moment) =>
    html(life(markup, moment));

/** Robots get the page, everybody else something that is none. */
const withheld =
  (instead: () => Answer): Variant =>
  (markup, { isRobot }) =>
    isRobot ? html(markup) : instead();

const loginWall = (): Answer =>
  html(
    '<!doctype html><title>Sign in to continue</title><h1>Members only</h1><form action="/login" method="post"><input name="name"><input name="password" type="password"><button>Sign in</button></form>',
  );
const consentWall = (): Answer =>
  html(
    '<!doctype html><title>Before you continue</title><div class="consent-page"><h1>Your privacy choices</h1><p>We and our partners use cookies. Choose what you allow before you continue to the page.</p><form action="/consent"><button>Accept all</button></form></div>',
  );
const loginRedirect = (): Answer => ({ status: 302, fields: { Location: '/login?next=%2F' }, body: '' });

/** A rate limit that everybody but the robot meets on every other request or so. */
const nowAndThen: Variant = (markup, { isRobot, draw }) =>
  !isRobot && draw() < 0.5 ? tooMany() : html(markup);

/** A name for the visitor, new at each visit without one. */
const cookied: Variant = (markup, { draw }) => {
  const answer = html(markup);
  return { ...answer, fields: { ...answer.fields, 'Set-Cookie': `visitor=${token(draw)}; Path=/` } };
};

/** Benign on a page that otherwise stands still, by name. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  'nothing at all': (markup) => html(markup),
  'tokens and nonces': served(nonces),
  'hashed class names': served(hashedNames),
  'session ids in links': served(sessionLinks),
  'minified or reordered': served(reordered),
  'simplified for robots': served(simplified),
  'Markdown for robots': (markup, { isRobot }) =>
    isRobot
      ? {
          status: 200,
          fields: { 'Content-Type': 'text/markdown; charset=utf-8', Vary: 'Accept' },
          body: markdownFor(markup),
        }
      : html(markup),
  'consent dialog': served(consentDialog),
  'localised chrome': served(localisedChrome),
  'geo greeting': served(geoGreeting),
  'personalised name': served(personalName),
  'A/B banner': served(abBanner),
  'canary tokens': served(canary),
  'picture sizes and formats': served(pictureSizes),
  'cookies to new visitors': cookied,
  '429 now and then': nowAndThen,
};

/** No page at all for the references: they can neither corroborate nor accuse. */
export const WITHHELD: Readonly<Record<string, Variant>> = {
  'challenge to references': withheld(challenge),
  '403 to references': withheld(forbidden),
  '429 to references': withheld(tooMany),
  '503 to references': withheld(unavailable),
  'soft 404 to references': withheld(softNotFound),
  'login wall to references': withheld(loginWall),
  'login redirect to references': withheld(loginRedirect),
  'consent wall to references': withheld(consentWall),
};
