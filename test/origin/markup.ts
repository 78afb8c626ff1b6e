/** Handles on the markup of any page: where its prose, pictures and links stand. Nothing is parsed, so that nothing else changes. */

export interface Span {
  readonly start: number;
  readonly end: number;
  /** What stands between, as markup. */
  readonly inner: string;
}

const spans = (markup: string, pattern: RegExp): Span[] =>
  [...markup.matchAll(pattern)].map((found) => {
    const inner = found[1] ?? '';
    const start = found.index + found[0].indexOf(inner, found[0].indexOf('>') + 1);
    return { start, end: start + inner.length, inner };
  });

export const textOf = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Characters from which a paragraph is prose and not a label. */
const PROSE = 90;
const CHROME =
  /class="[^"]*(?:cookie|consent|comment|related|promo|footer|nav|share|social|sidebar|teaser|newsletter|caption|hidden|display-none)|style="[^"]*(?:display:\s*none)/i;

/** Paragraphs of prose outside comments, scripts, form fields, attributes and consent dialogs. */
export function paragraphs(markup: string): Span[] {
  const blind = markup.replace(
    /<!--[\s\S]*?-->|="[^"]*<[^"]*"|<(script|style|noscript|template|textarea|aside|footer|nav)\b[\s\S]*?<\/\1>/gi,
    (part) => ' '.repeat(part.length),
  );
  return spans(blind, /<p\b[^>]*>((?:(?!<\/?p\b|<div\b)[\s\S]){90,6000}?)<\/p>/gi).filter(
    ({ start, inner }) =>
      textOf(inner).length >= PROSE && !CHROME.test(blind.slice(Math.max(0, start - 200), start)),
  );
}

/** Runs of text inside paragraphs that hold no tag: what a lie can rewrite without touching markup. */
export const runs = (markup: string): Span[] =>
  paragraphs(markup).flatMap(({ start, inner }) =>
    [...inner.matchAll(/(?<=^|>)[^<>]{40,}(?=<|$)/g)].map((found) => ({
      start: start + found.index,
      end: start + found.index + found[0].length,
      inner: found[0],
    })),
  );

export const splice = (markup: string, { start, end }: Pick<Span, 'start' | 'end'>, by: string): string =>
  markup.slice(0, start) + by + markup.slice(end);

export const pick = <T>(list: readonly T[], draw: () => number): T | undefined =>
  list[Math.floor(draw() * list.length)];

/** The part between the first and the last paragraph of prose: the article, near enough. */
export function articleOf(markup: string): { start: number; end: number } | undefined {
  const prose = paragraphs(markup);
  const [first, last] = [prose[0], prose.at(-1)];
  return first && last && prose.length >= 2 ? { start: first.start, end: last.end } : undefined;
}
