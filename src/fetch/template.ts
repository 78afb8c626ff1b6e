/** Path templates: pages of one kind at one source share their noise, so it is learnt under their common path. */

/** A segment that names one page among many: a number, a date, a digest, a slug of several words. */
const VARIABLE: ReadonlyArray<readonly [form: RegExp, name: string]> = [
  [/^\d+$/, '{n}'],
  [/^[0-9a-f]{8,}(-[0-9a-f]{4,})*$/i, '{hex}'],
  [/\d{3,}/, '{id}'],
  [/^[^-_]+([-_][^-_]+){2,}/, '{slug}'],
];

/**
 * The path of `url` with its variable segments replaced and its query reduced to names: `/news/{n}/{slug}?page`.
 * @see Cloaker Catcher (arXiv 1710.01387), which learns dynamics per site
 */
export function templateOf(url: string): string {
  const { pathname, search } = new URL(url);
  const path = pathname
    .split('/')
    .map((segment) => VARIABLE.find(([form]) => form.test(segment))?.[1] ?? segment)
    .join('/');
  if (search === '') return path;
  const names = [...new Set(new URLSearchParams(search).keys())].sort();
  return names.length === 0 ? path : `${path}?${names.join('&')}`;
}
