/** Ways to hide text from readers that parsers do not see through. */

import type { HiddenText, Region } from '../domain/index.ts';
import { isAscii } from './ascii.ts';

/** A single mark is decoration. Short labels are kept: a page simplified for robots shows them. */
const FEWEST_CHARACTERS = 2;

export const isWorthKeeping = (text: string): boolean =>
  text.length >= FEWEST_CHARACTERS && /\p{L}/u.test(text);

/** The technique by which an element hides its text, from its own attributes; undefined where it hides nothing. */
export function techniqueOf(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  sheet: ReadonlyMap<string, string>,
): string | undefined {
  if (tag === 'template') return 'template';
  if (tag === 'noscript') return 'noscript';
  if ('hidden' in attributes) return 'hidden';
  const style = attributes['style'];
  if (style) {
    const technique = techniqueOfStyle(style);
    if (technique) return technique;
  }
  const classes = attributes['class'];
  if (classes) {
    for (const name of classes.split(/\s+/)) {
      if (/^(?:sr-only|visually-?hidden|screen-reader-text|a11y-hidden|assistive-text)$/i.test(name))
        return 'sr-only';
      const technique = sheet.get(`.${name}`);
      if (technique) return technique;
    }
  }
  const id = attributes['id'];
  return id ? sheet.get(`#${id}`) : undefined;
}

const FAR = String.raw`-\s*(?:\d{4,}|[5-9]\d\d)(?:\.\d+)?(?:px|em|rem|vw|%)?`;

/** In this order: the first that matches names the technique. */
const STYLES: ReadonlyArray<readonly [string, RegExp]> = [
  ['display-none', /(?:^|;)\s*display\s*:\s*none/i],
  ['visibility-hidden', /(?:^|;)\s*visibility\s*:\s*(?:hidden|collapse)/i],
  ['opacity', /(?:^|;)\s*opacity\s*:\s*0?(?:\.0\d*)?\s*(?:[;!%]|$)/i],
  [
    'tiny-font',
    /(?:^|;)\s*font(?:-size)?\s*:\s*(?:[^;]*\s)?(?:0|[01](?:\.\d+)?px|0?\.\d+p[xt]|0?\.[01]\d*r?em)\s*(?:[;/!]|$)/i,
  ],
  [
    'off-screen',
    new RegExp(
      String.raw`(?:^|;)\s*(?:left|top|right|bottom|text-indent|margin(?:-left|-top)?)\s*:\s*${FAR}`,
      'i',
    ),
  ],
  ['off-screen', new RegExp(String.raw`(?:^|;)\s*transform\s*:\s*translate[xy]?\(\s*${FAR}`, 'i')],
  [
    'clip',
    /(?:^|;)\s*clip(?:-path)?\s*:\s*(?:rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%)/i,
  ],
  ['transparent', /(?:^|;)\s*color\s*:\s*(?:transparent|rgba\([^)]*,\s*0(?:\.0+)?\s*\)|#[0-9a-f]{6}00\b)/i],
];

export function techniqueOfStyle(style: string): string | undefined {
  const known = STYLES.find(([, pattern]) => pattern.test(style))?.[0];
  if (known) return known;
  if (
    /overflow\s*:\s*hidden/i.test(style) &&
    /(?:^|;)\s*(?:max-)?height\s*:\s*[01](?:px)?\s*(?:;|$)/i.test(style)
  )
    return 'zero-size';
  const colour = /(?:^|;)\s*color\s*:\s*([^;!]+)/i.exec(style)?.[1]?.trim().toLowerCase();
  const ground = /(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)/i.exec(style)?.[1]?.trim().toLowerCase();
  return colour !== undefined && colour === ground ? 'same-colour' : undefined;
}

/** Longest style sheet that is read for hiding rules: more is a framework, and regular expressions take their time. */
const LONGEST_SHEET = 200_000;

/** Hiding rules of a style sheet with a plain `.class` or `#id` selector, to their technique. Media queries are ignored. */
export function hidingRules(sheets: readonly string[]): Map<string, string> {
  const rules = new Map<string, string>();
  for (const sheet of sheets) {
    const plain = sheet.slice(0, LONGEST_SHEET).replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, selectors = '', body = ''] of plain.matchAll(/([^{}@]{1,400})\{([^{}]{1,1000})\}/g)) {
      const technique = techniqueOfStyle(body.replace(/\s+/g, ' '));
      if (!technique) continue;
      for (const selector of selectors.split(',')) {
        const name = /^\s*(?:[a-z]+)?([.#][\w-]+)\s*$/i.exec(selector)?.[1];
        if (name) rules.set(name, technique);
      }
    }
  }
  return rules;
}

/** Text carried by characters that no font draws: the tags block, runs of zero-width marks, variation selectors. */
export function invisibleText(text: string, region: Region, path: string): HiddenText[] {
  if (isAscii(text)) return [];
  const found: HiddenText[] = [];
  const tags = text.match(/[\u{e0020}-\u{e007e}]{4,}/gu) ?? [];
  for (const run of tags) {
    const shown = [...run].map((mark) => String.fromCodePoint((mark.codePointAt(0) ?? 0) - 0xe0000)).join('');
    found.push({ text: shown, technique: 'unicode-tags', region, path });
  }
  const marks = text.match(/[\u200b-\u200d\u2060-\u2064\ufeff]{8,}|[\u{e0100}-\u{e01ef}]{4,}/gu) ?? [];
  for (const run of marks) {
    const shown = [...run].map((mark) => (mark.codePointAt(0) ?? 0).toString(16)).join(' ');
    found.push({ text: shown.slice(0, 2000), technique: 'zero-width', region, path });
  }
  return found;
}
