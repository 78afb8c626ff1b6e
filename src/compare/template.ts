/** Path templates: addresses of one kind of page, under which noise is learnt. */

/**
 * The path of `url` with its variable segments replaced: `/news/{n}/{slug}.html`. `{n}` stands for numbers and dates, `{id}` for
 * random names, `{slug}` for names of three words and more. Of the query only the names of its parameters stay.
 */
export function templateOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.split('/').map(templateOfSegment).join('/');
  const names = [...new Set(searchParams.keys())].sort();
  return names.length === 0 ? path : `${path}?${names.join('&')}`;
}

function templateOfSegment(segment: string): string {
  const [, name = segment, extension = ''] = /^(.+?)(\.[a-z]{2,5})?$/i.exec(segment) ?? [];
  if (/^[\d.,_-]+$/.test(name)) return `{n}${extension}`;
  if (/^[0-9a-f-]{8,}$/i.test(name) && /\d/.test(name)) return `{id}${extension}`;
  if (/\d/.test(name) && /[a-z]/i.test(name) && name.length >= 16 && !/[-_]/.test(name))
    return `{id}${extension}`;
  if (name.split(/[-_+]|%20/).length >= 3) return `{slug}${extension}`;
  return `${name.replace(/\d+/g, '{n}')}${extension}`;
}
