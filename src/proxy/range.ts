/** Range, answered from a representation that is held whole (RFC 9110, section 14). */
import type { Bytes } from '../domain/units.ts';

/** Octets from `start` up to, not including, `end`. */
export interface Span {
  readonly start: Bytes;
  readonly end: Bytes;
}

/** More parts than this are an attack on the sender (section 14.2), and are answered as if no range had been asked. */
const MOST_SPANS = 64;
const SPECIFIER = /^(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/;

/**
 * The spans that a Range asks for, of content with `size` octets, in the order asked.
 * `ignore`: not bytes, malformed, or too greedy; `unsatisfiable`: well formed, and none of it exists.
 */
export function spansOf(range: string, size: Bytes): Span[] | 'ignore' | 'unsatisfiable' {
  const match = /^bytes[ \t]*=(.*)$/i.exec(range.trim());
  if (match === null) return 'ignore';
  const specifiers = (match[1] ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (specifiers.length === 0 || specifiers.length > MOST_SPANS) return 'ignore';
  const spans: Span[] = [];
  for (const specifier of specifiers) {
    const [all, first, last, suffix] = SPECIFIER.exec(specifier) ?? [];
    if (all === undefined) return 'ignore';
    if (suffix !== undefined) {
      if (Number(suffix) > 0 && size > 0)
        spans.push({ start: Math.max(0, size - Number(suffix)), end: size });
      continue;
    }
    const start = Number(first);
    const end = last === undefined ? size : Number(last) + 1;
    if (end <= start && last !== undefined) return 'ignore';
    if (start < size) spans.push({ start, end: Math.min(end, size) });
  }
  if (spans.length === 0) return 'unsatisfiable';
  const asked = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  return spans.length > 1 && asked > size ? 'ignore' : spans;
}

/** `bytes 0-99/1234` */
export const contentRange = ({ start, end }: Span, size: Bytes): string =>
  `bytes ${start}-${end - 1}/${size}`;
