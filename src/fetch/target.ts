/** Where a request goes: an absolute URL taken apart without being rewritten. */
import { ForetasteError } from '../domain/index.ts';
import { canonicalHost } from './address.ts';

export interface Target {
  readonly secure: boolean;
  /** As asked, IPv6 without brackets; the gate reads it as resolvers would. */
  readonly host: string;
  readonly port: number;
  /** For Host and `:authority`: as asked, without user information. */
  readonly authority: string;
  /** Path and query as asked, at least `/`. Not normalised: `/a/../b` and `%7e` reach the origin as the crawler wrote them. */
  readonly path: string;
  /** One key for one origin, `https://example.org:443`. */
  readonly origin: string;
}

const SHAPE =
  /^(https?):\/\/(?:[^/?#@]*@)?((\[[0-9a-f:.]+\]|[^/?#:@[\]]+)(?::(\d{0,5}))?)([/?][^#]*)?(?:#.*)?$/i;

/** @throws ForetasteError `bad-request` where `url` is no absolute http(s) URL or has octets no request line may carry */
export function targetOf(url: string): Target {
  const parts = SHAPE.exec(url);
  const [, scheme = '', authority = '', host = '', digits = '', rest = '/'] = parts ?? [];
  const secure = scheme.toLowerCase() === 'https';
  const port = digits === '' ? (secure ? 443 : 80) : Number(digits);
  if (parts === null || port === 0 || port > 65_535 || /[\x00-\x20\x7f]/.test(url)) {
    throw new ForetasteError(
      'bad-request',
      `Expected an absolute http or https URL but received ${quoted(url)}.`,
    );
  }
  // Host and `:authority` carry ASCII: a name in another script goes as DNS would be asked for it.
  const named = /[^\x21-\x7e]/.test(authority) ? canonicalHost(host) : host;
  if (named === undefined) {
    throw new ForetasteError('bad-request', `Expected a host name or address but received ${quoted(host)}.`);
  }
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return {
    secure,
    host: named.replace(/^\[(.*)\]$/, '$1'),
    port,
    authority: digits === '' ? named : `${named}:${digits}`,
    // Octets as they came; only what latin1 cannot carry is escaped, as UTF-8.
    path: /[^\x00-\xff]/.test(path) ? path.replace(/[^\x00-\xff]+/g, encodeURIComponent) : path,
    origin: `${secure ? 'https' : 'http'}://${named.toLowerCase()}:${port}`,
  };
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));
