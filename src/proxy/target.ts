/** Where a request goes: its target and its tunnel, brought to an absolute URL. */
import { LRUCache } from 'lru-cache';
import { ForetasteError } from '../domain/error.ts';
import type { RequestHead, Tunnel } from './message.ts';
import { quote } from './request-head.ts';

export interface Target {
  /** Absolute, as asked, without fragment. */
  readonly url: string;
  /** Host and port as they belong into Host. */
  readonly authority: string;
  /** Lower case, without port, IPv6 in brackets. */
  readonly source: string;
  /** Path and query as asked. */
  readonly path: string;
  /** The server as a whole is asked: `OPTIONS *`, or through a proxy `OPTIONS` of a URL without a path (RFC 9112, section 3.2.4). */
  readonly asterisk: boolean;
}

const ABSOLUTE = /^(https?):\/\/([^/?#]*)([^#]*)/i;
const OBSOLETE = /[\x80-\xff]/;
const ALL_OBSOLETE = new RegExp(OBSOLETE.source, 'g');
const escaped = (octet: string): string => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`;
const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 } as const;

/**
 * The target of a request. Inside a tunnel the CONNECT authority decides, whatever Host or an absolute form say.
 * Throws ForetasteError `bad-request` for what names no http or https resource.
 */
export function targetOf(head: RequestHead, tunnel: Tunnel | undefined): Target {
  // Octets above 0x7f belong into no target, but sloppy clients send them; encoded they mean the same.
  const asked = OBSOLETE.test(head.target) ? head.target.replace(ALL_OBSOLETE, escaped) : head.target;
  const absolute = ABSOLUTE.exec(asked);
  if (tunnel === undefined && absolute === null) {
    throw new ForetasteError(
      'bad-request',
      `Expected an absolute http or https URL, as a proxy is asked, but received ${quote(asked)}.`,
    );
  }
  const origin = tunnel === undefined ? undefined : originOf(tunnel);
  const [, scheme = '', host = '', rest = asked] = absolute ?? [];
  const asterisk = head.method === 'OPTIONS' && (rest === '*' || (rest === '' && absolute !== null));
  const path = asterisk ? '/' : pathOf(absolute === null ? withoutFragment(asked) : rest);
  const base = origin ?? `${scheme.toLowerCase()}://${host}`;
  const { authority, source } = authorityOf(base);
  return { url: `${base}${path}`, authority, source, path, asterisk };
}

function withoutFragment(target: string): string {
  const at = target.indexOf('#');
  return at === -1 ? target : target.slice(0, at);
}

/** `https://example.org`, `http://[::1]:8080`: the default port stays away. */
function originOf({ host, port, secure }: Tunnel): string {
  const scheme = secure ? 'https:' : 'http:';
  const name = host.includes(':') ? `[${host}]` : host;
  return `${scheme}//${name}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}`;
}

function pathOf(rest: string): string {
  if (rest.startsWith('/')) return rest;
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  throw new ForetasteError('bad-request', `Expected a path but received ${quote(rest)}.`);
}

type Authority = Pick<Target, 'authority' | 'source'>;
/** Origins that were asked for lately: reading one as browsers do costs more than the rest of a target. */
const authorities = new LRUCache<string, Authority>({ max: 1_000 });

function authorityOf(base: string): Authority {
  const known = authorities.get(base);
  if (known !== undefined) return known;
  const read = readAuthority(base);
  authorities.set(base, read);
  return read;
}

function readAuthority(base: string): Authority {
  const url = URL.parse(base);
  if (url === null || url.hostname === '') {
    throw new ForetasteError('bad-request', `Expected a host but received ${quote(base)}.`);
  }
  // RFC 9110, section 4.2.4: userinfo in a target is an error, or somebody disguising the host.
  if (base.includes('@')) throw new ForetasteError('bad-request', `Expected no userinfo in ${quote(base)}.`);
  return { authority: base.slice(base.indexOf('//') + 2), source: url.hostname };
}

/** The authority of CONNECT: host and port, both there (RFC 9110, section 9.3.6). Throws ForetasteError `bad-request`. */
export function connectAuthority(target: string): { host: string; port: number } {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:@/?#[\]\\%]+):(\d{1,5})$/.exec(target);
  const url = match === null ? null : URL.parse(`http://${match[1]}/`);
  const port = Number(match?.[2]);
  if (url === null || url.hostname === '' || port < 1 || port > 65_535) {
    throw new ForetasteError(
      'bad-request',
      `Expected host and port to CONNECT to but received ${quote(target)}.`,
    );
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}
