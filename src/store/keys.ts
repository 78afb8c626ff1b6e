/** Keys of rows and cursors of pages. */
import { getDomain } from 'tldts';
import { ForetasteError } from '../domain/error.ts';
import { sha256 } from './chain.ts';

/** Longest URL that is its own key. PostgreSQL refuses index rows over 2704 octets; a character can take 4. */
const LONGEST_KEY = 512;

/** The key of a URL: itself, or its beginning and its digest where it is long. */
export const urlKey = (url: string): string | Promise<string> =>
  url.length <= LONGEST_KEY ? url : digestedKey(url);

const digestedKey = async (url: string): Promise<string> =>
  `${url.slice(0, LONGEST_KEY - 65)} ${await sha256(url)}`;

/** The registrable domain of a host by the public suffix list, private suffixes included; a bare address is its own. */
export function registrableDomain(host: string): string {
  const known = domains.get(host);
  if (known !== undefined) return known;
  const domain = getDomain(host, { allowPrivateDomains: true }) ?? host;
  if (domains.size >= MOST_DOMAINS) domains.clear();
  domains.set(host, domain);
  return domain;
}

/** Of hosts met lately: each exchange asks several times, and most are of one host. */
const domains = new Map<string, string>();
const MOST_DOMAINS = 1_000;

/** Opaque to clients; they hand it back as it was. */
export const writeCursor = (parts: ReadonlyArray<string | number>): string =>
  btoa(JSON.stringify(parts)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Throws ForetasteError `bad-request` for anything that `writeCursor` did not write for this kind of list. */
export function readCursor<const T extends ReadonlyArray<'string' | 'number'>>(
  cursor: string,
  shape: T,
): { [K in keyof T]: T[K] extends 'number' ? number : string } {
  try {
    const parts: unknown = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')));
    if (
      Array.isArray(parts) &&
      parts.length === shape.length &&
      parts.every((part, place) => typeof part === shape[place])
    )
      return parts as { [K in keyof T]: T[K] extends 'number' ? number : string };
  } catch {
    // Told below, in the same words as a cursor of another list.
  }
  throw new ForetasteError(
    'bad-request',
    `Expected cursor as a page before gave it but received "${cursor}".`,
    {
      where: 'cursor',
    },
  );
}
