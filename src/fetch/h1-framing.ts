/** How long the content of an HTTP/1 response is, and whether its connection outlives it. */
import { type Bytes, ForetasteError } from '../domain/index.ts';
import { lowerName } from './field-name.ts';
import type { ParsedHead } from './h1-head.ts';
import { isBodyless } from './wire.ts';

export interface Framing {
  /** `close`: until the connection ends. */
  readonly content: { readonly by: 'length'; readonly length: Bytes } | { readonly by: 'chunks' | 'close' };
  readonly keepAlive: boolean;
}

/**
 * @see RFC 9112, sections 6.3 and 9.3
 * @throws ForetasteError `http-protocol-error` where lengths disagree, or a transfer coding is none that was offered
 */
export function framingOf(method: string, head: ParsedHead): Framing {
  let coding = '';
  let connection = '';
  const lengths: string[] = [];
  for (const pair of head.fields) {
    const name = pair[0];
    // Lengths of the three names first: most fields are none of them, and this runs for each response.
    if (name.length !== 14 && name.length !== 17 && name.length !== 10) continue;
    const lower = lowerName(name);
    if (lower === 'content-length') lengths.push(...pair[1].split(','));
    else if (lower === 'transfer-encoding') coding += coding === '' ? pair[1] : `,${pair[1]}`;
    else if (lower === 'connection') connection += `,${pair[1]}`;
  }
  if (coding !== '') coding = coding.toLowerCase().replace(/\s/g, '');
  connection = connection.toLowerCase();
  const persists =
    !head.sloppy &&
    (head.httpVersion === '1.0' ? /\bkeep-alive\b/.test(connection) : !/\bclose\b/.test(connection));

  if (isBodyless(method, head.status)) {
    return { content: { by: 'length', length: 0 }, keepAlive: persists };
  }
  if (coding !== '' && coding !== 'identity') {
    if (coding !== 'chunked') {
      throw new ForetasteError(
        'http-protocol-error',
        `Expected Transfer-Encoding chunked but received ${JSON.stringify(coding.slice(0, 80))}.`,
      );
    }
    // Both: chunked counts, and the connection is not trusted any further.
    return {
      content: { by: 'chunks' },
      keepAlive: persists && lengths.length === 0 && head.httpVersion === '1.1',
    };
  }
  const [first, ...more] = lengths.map((length) => length.trim());
  if (first === undefined) return { content: { by: 'close' }, keepAlive: false };
  if (!/^\d{1,15}$/.test(first) || more.some((length) => length !== first)) {
    throw new ForetasteError(
      'http-protocol-error',
      `Expected one Content-Length but received ${JSON.stringify(lengths.join(',').slice(0, 80))}.`,
    );
  }
  return { content: { by: 'length', length: Number(first) }, keepAlive: persists && more.length === 0 };
}
