/** Addresses inside pages, without the parts that name a visitor. */

/**
 * `reference` as an absolute address without fragment, without path parameters such as `;jsessionid=`, and without the query
 * parameters that match `sessions`; the rest of the query sorted. Undefined for what is no web address.
 */
export function addressOf(reference: string, base: string, sessions: readonly RegExp[]): string | undefined {
  const trimmed = reference.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  let url: URL;
  try {
    url = new URL(trimmed, base);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const path = url.pathname.replace(/;[a-z]*s(?:ess(?:ion)?)?_?id=[^/;]*/gi, '');
  if (url.search === '') return `${url.origin}${path}`;
  const kept = [...url.searchParams]
    .filter(([name]) => !sessions.some((pattern) => pattern.test(name)))
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return `${url.origin}${path}${kept.length > 0 ? `?${kept.join('&')}` : ''}`;
}
