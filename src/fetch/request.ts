/** The crawler's own request as it goes on: its fields as sent, without what belonged to the connection it came on. */
import { type Exchange, type Fields, fieldValues } from '../domain/index.ts';
import { lowerName } from './field-name.ts';
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

const LENGTH = /^\d{1,15}$/;

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
  const asked = targetOf(exchange.url);
  const target = exchange.asterisk ? { ...asked, path: '*' } : asked;
  const { method, content } = exchange;
  const connection = fieldValues(exchange.fields, 'connection');
  const named =
    connection.length === 0
      ? undefined
      : new Set(
          connection
            .join(',')
            .split(',')
            .map((name) => name.trim().toLowerCase()),
        );

  const fields: Array<readonly [string, string]> = [];
  let host = false;
  let length: string | undefined;
  let expects = false;
  for (const pair of exchange.fields) {
    const lower = lowerName(pair[0]);
    if (lower === 'host') {
      // RFC 9112, section 3.2.2: a proxy replaces Host by the authority of the URL, and there is one of them.
      if (!host) fields.push(pair[1] === target.authority ? pair : [pair[0], target.authority]);
      host = true;
    } else if (lower === 'content-length') {
      if (length === undefined && LENGTH.test(pair[1]) && (content !== undefined || Number(pair[1]) === 0))
        fields.push([pair[0], `${Number(pair[1])}`]);
      length ??= pair[1];
    } else if (HOP_BY_HOP.has(lower) || named?.has(lower) || lower.startsWith('foretaste-')) {
    } else if (method === 'GET' && PARTIAL.has(lower)) {
    } else if (lower === 'expect' && content === undefined) {
    } else {
      expects ||= lower === 'expect' && pair[1].trim().toLowerCase() === '100-continue';
      fields.push(pair);
    }
  }
  if (!host) fields.unshift(['Host', target.authority]);

  return {
    method,
    target,
    fields: exchange.httpVersion === '2' ? joinCookies(fields) : fields,
    content,
    contentLength:
      content !== undefined && length !== undefined && LENGTH.test(length) ? Number(length) : undefined,
    expectContinue: content !== undefined && expects,
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
