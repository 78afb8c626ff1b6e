/** Cookies that a visitor brings when it comes back to the page that set them. */
import { parseSetCookie } from 'cookie';
import { type Fields, field, fieldValues } from '../domain/index.ts';
import type { Target } from './target.ts';

/** What a browser keeps of one site at least (RFC 6265, section 6.1), and octets of one cookie at most. */
const MOST_COOKIES = 50;
const LONGEST_COOKIE = 4096;

/**
 * Value of `Cookie` at once after an answer of `target` with these `fields`; empty where it set none that would be sent there.
 * @see RFC 6265, sections 5.1.4, 5.2 and 5.4
 */
export function cookiesKept(fields: Fields, target: Pick<Target, 'host' | 'path' | 'secure'>): string {
  const jar = new Map<string, string>();
  // The origin's own clock says what has expired: a cookie is deleted by a date that has passed.
  const now = Date.parse(field(fields, 'date') ?? '') || 0;
  for (const line of fieldValues(fields, 'set-cookie').slice(0, MOST_COOKIES)) {
    const {
      name,
      value = '',
      domain,
      path,
      secure,
      maxAge,
      expires,
    } = parseSetCookie(line, { decode: (raw) => raw });
    const gone = maxAge === undefined ? expires !== undefined && expires.getTime() <= now : maxAge <= 0;
    const elsewhere =
      !isWithin(target.host, domain) || !isUnder(target.path, path) || (secure === true && !target.secure);
    if (gone) jar.delete(name);
    else if (name !== '' && !elsewhere && line.length <= LONGEST_COOKIE && isPlain(name + value))
      jar.set(name, value);
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

const isWithin = (host: string, domain: string | undefined): boolean => {
  const wanted = domain?.replace(/^\./, '').toLowerCase() ?? '';
  const name = host.toLowerCase();
  return wanted === '' || name === wanted || name.endsWith(`.${wanted}`);
};

/** A path without a leading slash is the directory of the page, which the page is in. */
const isUnder = (asked: string, path: string | undefined): boolean => {
  if (path === undefined || !path.startsWith('/')) return true;
  const [own = ''] = asked.split('?');
  return own === path || own.startsWith(path.endsWith('/') ? path : `${path}/`);
};

/** Octets that a field line may carry. */
const isPlain = (text: string): boolean => /^[\x20-\x7e\x80-\xff]*$/.test(text);
