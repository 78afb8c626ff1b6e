/** The exact URL is the key of a record; this is how it is written before it is hashed. */

/**
 * Nothing but what every HTTP client does to a URL before it sends it: scheme and host in lower case, default port and fragment
 * dropped, an empty path made `/`, spaces and non-ASCII escaped. Path case, query order and existing escapes stay as they are.
 * (SURT would merge distinct pages, so it is never the key.) `undefined`: not an absolute http(s) URL.
 * @see WHATWG URL Standard, URL serialising
 */
export function canonicalUrl(url: string): string | undefined {
  if (PLAIN.test(url)) return url;
  const parsed = URL.parse(url.trim());
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return undefined;
  parsed.hash = '';
  return parsed.href;
}

/**
 * Already serialised: lower-case name without port and punycode whose last label is not a number (that would be IPv4),
 * and no `#`, no character that would be escaped, no `.` or `%` at the start of a path segment (dot segments).
 */
const PLAIN =
  /^https?:\/\/(?:(?!xn--)[a-z0-9-]+\.)*(?!xn--)[a-z][a-z0-9-]*(?:\/(?![.%])[\w%!$&()*+,.:;=@~-]*)+(?:\?[\w%!$&()*+,./:;=?@~-]*)?$/;
