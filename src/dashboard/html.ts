/** Tagged templates that escape every value, and hostile text spelt out so that it can be looked at. */
import { html, raw } from 'hono/html';

export { html, raw };
export type Html = ReturnType<typeof html>;

/**
 * Characters that a reader does not see or that turn the direction of what follows: controls, format characters, and
 * what Unicode lets fonts leave out. A joiner or selector beside a pictograph is how emoji are written, and stays.
 */
const UNSEEN = /(?:(?![\t\n\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029])+/gu;
const EMOJI_GLUE = /^[\u200d\ufe0f]{1,2}$/u;
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|[0-9#*]/u;

const codePoints = (text: string): number[] => [...text].map((char) => char.codePointAt(0) ?? 0);

/** Tag characters (U+E0020 to U+E007E) mirror ASCII; what they spell is what a model would read. */
const decodeTags = (run: string): string =>
  codePoints(run)
    .filter((point) => point >= 0xe0020 && point <= 0xe007e)
    .map((point) => String.fromCodePoint(point - 0xe0000))
    .join('');

const nameOfRun = (run: string): string => {
  const points = codePoints(run);
  const first = `U+${(points[0] ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const tags = decodeTags(run);
  if (tags !== '') return `tags: ${tags}`;
  return points.length === 1 ? first : `${first} and ${points.length - 1} more`;
};

/** Text from a capture, for a template: escaped, unseen characters named in a mark, its direction kept to itself. */
export function spell(text: string): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(UNSEEN)) {
    const [run] = match;
    const before = text.slice(end, match.index);
    const last = [...before.slice(-2)].at(-1) ?? '';
    if (EMOJI_GLUE.test(run) && PICTOGRAPH.test(last)) {
      parts.push(html`${before + run}`);
    } else {
      parts.push(html`${before}<i class="unseen">${nameOfRun(run)}</i>`);
    }
    end = match.index + run.length;
  }
  return html`<bdi>${parts}${text.slice(end)}</bdi>`;
}

/** `text` cut to `length` characters, with an ellipsis where something was cut; never through a surrogate pair. */
export const clip = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};
