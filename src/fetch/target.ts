/** Where a request goes: an absolute URL taken apart without being rewritten. */
import { LRUCache } from 'lru-cache';
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

/** Origins that were asked for lately: most URLs of a crawl share one with others. */
const origins = new LRUCache<string, Omit<Target, 'path'>>({ max: 1_000 });

/** @throws ForetasteError `bad-request` where `url` is no absolute http(s) URL or has octets no request line may carry */
export function targetOf(url: string): Target {
  const parts = SHAPE.exec(url);
  if (parts === null || /[\x00-\x20\x7f]/.test(url)) throw notAbsolute(url);
  const rest = parts[5] ?? '/';
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  const key = `${parts[1]} ${parts[2]}`;
  let origin = origins.get(key);
  if (origin === undefined) {
    origin = originOf(url, parts);
    origins.set(key, origin);
  }
  return {
    secure: origin.secure,
    host: origin.host,
    port: origin.port,
    authority: origin.authority,
    origin: origin.origin,
    // Octets as they came; only what latin1 cannot carry is escaped, as UTF-8.
    path: /[^\x00-\xff]/.test(path) ? path.replace(/[^\x00-\xff]+/g, encodeURIComponent) : path,
  };
}

function originOf(url: string, parts: RegExpExecArray): Omit<Target, 'path'> {
  const [, scheme = '', authority = '', host = '', digits = ''] = parts;
  const secure = scheme.toLowerCase() === 'https';
  const port = digits === '' ? (secure ? 443 : 80) : Number(digits);
  if (port === 0 || port > 65_535) throw notAbsolute(url);
  // Host and `:authority` carry ASCII: a name in another script goes as DNS would be asked for it.
  const named = /[^\x21-\x7e]/.test(authority) ? canonicalHost(host) : host;
  if (named === undefined) {
    throw new ForetasteError('bad-request', `Expected a host name or address but received ${quoted(host)}.`);
  }
  return {
    secure,
    host: named.replace(/^\[(.*)\]$/, '$1'),
    port,
    authority: digits === '' ? named : `${named}:${digits}`,
    origin: `${secure ? 'https' : 'http'}://${named.toLowerCase()}:${port}`,
  };
}

const notAbsolute = (url: string): ForetasteError =>
  new ForetasteError('bad-request', `Expected an absolute http or https URL but received ${quoted(url)}.`);

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));
