/** Markdown as channels, so that it can be compared with the page that it was negotiated for. */
import type { CodeBlock, HiddenText, PageImage, PageLink, TextBlock } from '../domain/index.ts';
import { addressOf } from './address.ts';
import { EMPTY_CONTENT, fold, type PageContent } from './content.ts';
import { isWorthKeeping } from './hidden.ts';

/**
 * Blocks of Markdown by paragraph, heading, item, quote and table cell, with the marks of emphasis and links removed.
 * A subset of CommonMark that keeps every word: text that is no construct stays as it is.
 */
export function markdownOf(text: string, url: string, sessions: readonly RegExp[]): PageContent {
  const blocks: TextBlock[] = [];
  const code: CodeBlock[] = [];
  const hidden: HiddenText[] = [];
  const links: PageLink[] = [];
  const images: PageImage[] = [];
  const inline = (run: string) => plainText(run, url, sessions, links, images);
  let paragraph: string[] = [];
  const add = (run: string, tag: string) => {
    const shown = fold(inline(run));
    if (shown !== '') blocks.push({ text: shown, tag, region: 'main', path: tag });
  };
  const flush = () => {
    if (paragraph.length > 0) add(paragraph.join('\n'), 'p');
    paragraph = [];
  };
  const uncommented = text.replace(/\r\n?/g, '\n').replace(/<!--([\s\S]*?)-->/g, (_, comment: string) => {
    if (isWorthKeeping(fold(comment)))
      hidden.push({ text: fold(comment), technique: 'comment', region: 'main', path: '' });
    return '';
  });
  const { body, front } = frontMatter(uncommented);
  const lines = body.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const fence = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#-]*)/.exec(line);
    if (fence) {
      flush();
      const end = lines.findIndex((later, index) => index > at && later.trim().startsWith(fence[1] ?? '```'));
      const last = end === -1 ? lines.length : end;
      code.push({
        text: lines.slice(at + 1, last).join('\n'),
        language: (fence[2] ?? '').toLowerCase(),
        path: 'pre',
      });
      at = last;
    } else if (
      line.trim() === '' ||
      /^\s{0,3}(?:[-*_]\s*){3,}$/.test(line) ||
      /^\s*\|?(?:\s*:?-{2,}:?\s*\|)+/.test(line)
    ) {
      flush();
    } else if (/^\s{0,3}#{1,6}\s/.test(line)) {
      flush();
      const level = /#+/.exec(line)?.[0].length ?? 1;
      add(line.replace(/^\s*#+\s*|\s#+\s*$/g, ''), `h${level}`);
    } else if (/^\s*(?:[-*+]|\d{1,9}[.)])\s+/.test(line)) {
      flush();
      paragraph.push(line.replace(/^\s*(?:[-*+]|\d{1,9}[.)])\s+/, ''));
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      flush();
      for (const cell of line
        .trim()
        .slice(1, -1)
        .split(/(?<!\\)\|/))
        add(cell, 'td');
    } else {
      paragraph.push(line.replace(/^\s*>+\s?/, ''));
    }
  }
  flush();
  const title =
    front.find(({ path }) => path === 'front.title')?.value ??
    blocks.find(({ tag }) => tag === 'h1')?.text ??
    '';
  return { ...EMPTY_CONTENT, title, blocks, code, hidden, links, images, data: front };
}

function frontMatter(text: string): { body: string; front: Array<{ path: string; value: string }> } {
  const found = /^\s*---\n([\s\S]{0,20000}?)\n---\n/.exec(text);
  if (!found) return { body: text, front: [] };
  const front = (found[1] ?? '').split('\n').flatMap((line) => {
    const [, key = '', value = ''] = /^([\w-]+):\s*(.+)$/.exec(line) ?? [];
    return key === ''
      ? []
      : [{ path: `front.${key.toLowerCase()}`, value: fold(value.replace(/^["']|["']$/g, '')) }];
  });
  return { body: text.slice(found[0].length), front };
}

/**
 * Text in brackets, with brackets inside it one level deep and escaped ones anywhere; then an address, in angle brackets or with
 * parentheses inside it, and a title.
 */
const TARGET = String.raw`\[((?:\\.|[^[\]\\\n]|\[(?:\\.|[^[\]\\\n])*\]){0,2000})\]\(\s*(?:<([^<>\n]{1,4000})>|((?:[^\s()<>]|\([^\s()]*\)){1,2000}))(?:\s+["'(][^)]{0,500})?\s*\)`;
const IMAGE = new RegExp(`!${TARGET}`, 'g');
const LINK = new RegExp(TARGET, 'g');

function plainText(
  run: string,
  url: string,
  sessions: readonly RegExp[],
  links: PageLink[],
  images: PageImage[],
): string {
  return run
    .replace(IMAGE, (_, alt: string, quoted: string | undefined, bare: string) => {
      const src = addressOf(quoted ?? bare, url, sessions);
      if (src) images.push({ src, labels: alt.trim() === '' ? [] : [fold(alt)], region: 'main' });
      return '';
    })
    .replace(LINK, (_, text: string, quoted: string | undefined, bare: string) => {
      const href = addressOf(quoted ?? bare, url, sessions);
      if (href) links.push({ href, text: fold(text), rel: '', region: 'main' });
      return text;
    })
    .replace(/(?<!\\)<(https?:\/\/[^>\s]+)>/g, '$1')
    .replace(/(?<!\\)<\/?[a-z][^>]*>/gi, ' ')
    .replace(/(\*\*|__|~~)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(^|[\s(])([*_])(?=\S)([^*_\n]*\S)\2(?=[\s).,;:!?]|$)/gm, '$1$3')
    .replace(/`+([^`]+)`+/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, '$1');
}
