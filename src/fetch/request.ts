/** The crawler's own request as it goes on: its fields as sent, without what belonged to the connection it came on. */
import { type Exchange, type Fields, fieldValues } from '../domain/index.ts';
import { targetOf } from './target.ts';
import type { WireRequest } from './wire.ts';

/** RFC 9110, section 7.6.1, and what clients send to proxies only. `Content-Length` is framing: ours to decide. */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** They ask for a part, or for nothing if nothing changed; content is judged whole, and deliver answers them from it. */
const PARTIAL = new Set([
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]);

/** @throws ForetasteError `bad-request` where the URL cannot be asked for */
export function ownRequest(exchange: Exchange): WireRequest {
  const target = targetOf(exchange.url);
  const { method, content } = exchange;
  const named = new Set(
    fieldValues(exchange.fields, 'connection')
      .join(',')
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const length = fieldValues(exchange.fields, 'content-length').at(0);
  const contentLength = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;

  const fields: Array<readonly [string, string]> = [];
  let host = false;
  for (const [name, value] of exchange.fields) {
    const lower = name.toLowerCase();
    if (lower === 'host') {
      // RFC 9112, section 3.2.2: a proxy replaces Host by the authority of the URL, and there is one of them.
      if (!host) fields.push([name, target.authority]);
      host = true;
    } else if (lower === 'content-length') {
      const wanted = content === undefined ? contentLength === 0 : contentLength !== undefined;
      if (wanted && !fields.some(([held]) => held.toLowerCase() === lower))
        fields.push([name, `${contentLength}`]);
    } else if (HOP_BY_HOP.has(lower) || named.has(lower) || lower.startsWith('foretaste-')) {
    } else if (method === 'GET' && PARTIAL.has(lower)) {
    } else if (lower === 'expect' && content === undefined) {
    } else fields.push([name, value]);
  }
  if (!host) fields.unshift(['Host', target.authority]);

  return {
    method,
    target,
    fields: exchange.httpVersion === '2' ? joinCookies(fields) : fields,
    content,
    contentLength: content === undefined ? undefined : contentLength,
    expectContinue:
      content !== undefined &&
      fieldValues(exchange.fields, 'expect').some((value) => value.trim().toLowerCase() === '100-continue'),
  };
}

/** HTTP/2 may split Cookie for compression; HTTP/1.1 takes one (RFC 9113, section 8.2.3). */
function joinCookies(fields: Fields): Fields {
  const crumbs = fieldValues(fields, 'cookie');
  if (crumbs.length < 2) return fields;
  const first = fields.findIndex(([name]) => name.toLowerCase() === 'cookie');
  return fields.flatMap(([name, value], at) =>
    name.toLowerCase() !== 'cookie'
      ? [[name, value] as const]
      : at === first
        ? [[name, crumbs.join('; ')] as const]
        : [],
  );
}
