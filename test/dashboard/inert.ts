/** Whether a page is nothing but our own markup: parsed as a browser parses it, not searched by pattern. */
import { load } from 'cheerio';

/** Everything in `page` that could run, load or leave: empty for a page that is safe to open. */
export function liveParts(page: string): string[] {
  const found: string[] = [];
  load(page)('*').each((_, element) => {
    if (element.type !== 'tag' && element.type !== 'script' && element.type !== 'style') return;
    const { tagName, attribs } = element;
    const where = `<${tagName} ${JSON.stringify(attribs)}>`;
    if (
      ['iframe', 'object', 'embed', 'base', 'style', 'video', 'audio', 'foreignobject'].includes(
        tagName.toLowerCase(),
      )
    ) {
      found.push(where);
    }
    if (tagName === 'meta' && attribs['http-equiv'] !== undefined) found.push(where);
    if (tagName === 'script' && !/^\/dashboard\/[0-9a-f]{8}\.js$/.test(attribs['src'] ?? ''))
      found.push(where);
    for (const [name, value] of Object.entries(attribs)) {
      if (name.startsWith('on') || name === 'style' || name === 'srcdoc') found.push(where);
      // Our own addresses all begin with one slash; a second would name another host.
      if (
        ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name) &&
        !/^(?:\/(?!\/)|\?|#|$)/.test(value)
      ) {
        found.push(where);
      }
    }
  });
  return found;
}
