/** The words of a page as Markdown, as edges make it for robots. */
import { addressOf } from '../../src/view/address.ts';
import { pageOf } from '../../src/view/html.ts';
import { parse, textInside } from '../../src/view/tree.ts';
import { paragraphs, textOf } from './markup.ts';

const PAGE = 'https://site.example/articles/one';

export function markdownFor(markup: string): string {
  // What readers do not see is not in the text that a site converts.
  const { title, blocks } = pageOf(markup, PAGE, { sessions: [], built: [] });
  const shown = new Set(blocks.map(({ text }) => bare(text)));
  const base = addressOf(/<base\b[^>]*?\bhref="([^"]*)"/i.exec(markup)?.[1] ?? '', PAGE, []) ?? PAGE;
  const texts = paragraphs(markup)
    .filter(({ inner }) => shown.has(bare(decoded(textOf(inner)))))
    .map(({ inner }) => inlineOf(inner, base));
  return `# ${escaped(title)}\n\n${texts.join('\n\n')}\n`;
}

const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');

const decoded = (text: string): string =>
  parse(text)
    .map((node) => (node.type === 'text' ? node.data : 'children' in node ? textInside(node as never) : ''))
    .join('');

/** Characters that Markdown reads as marks. @see https://spec.commonmark.org/0.31.2/#backslash-escapes */
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>]/g, '\\$&');
/** What begins a list or a heading is escaped, too, as converters do. */
const begun = (text: string): string =>
  text.replace(/^(\d+)([.)])(?=\s)/, '$1\\$2').replace(/^[-+#](?=\s)/, '\\$&');

function inlineOf(inner: string, base: string): string {
  const links: string[] = [];
  const marked = inner
    .replace(/<(?:script|style)\b[\s\S]*?<\/(?:script|style)>|<!--[\s\S]*?-->/gi, '')
    .split(/(<[a-z/!][^>]*>)/i)
    .map((part, at) => (at % 2 === 0 ? escaped(decoded(part)) : markOf(part, base, links)))
    .join('')
    .replace(/\*\*\s*\*\*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return begun(marked);
}

function markOf(tag: string, base: string, links: string[]): string {
  if (/^<br\b/i.test(tag)) return '\n';
  if (/^<a\b/i.test(tag)) {
    const href = decoded(/\bhref="([^"]*)"/i.exec(tag)?.[1] ?? '').trim();
    const leads = href !== '' && !href.startsWith('#') && URL.canParse(href, base);
    const address = leads ? new URL(href, base).href : '';
    links.push(address.startsWith('http') ? address : '');
    return links.at(-1) === '' ? '' : '[';
  }
  if (/^<\/a>/i.test(tag)) {
    const address = links.pop();
    return address ? `](<${address}>)` : '';
  }
  return '';
}
