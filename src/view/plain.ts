/** Plain text as channels: paragraphs, parted by empty lines. */
import { EMPTY_CONTENT, fold, type PageContent } from './content.ts';
import { invisibleText } from './hidden.ts';

export function plainOf(text: string): PageContent {
  const blocks = text
    .split(/\r?\n\s*\r?\n|\f/)
    .map(fold)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => ({ text: paragraph, tag: 'p', region: 'main' as const, path: 'p' }));
  return { ...EMPTY_CONTENT, blocks, hidden: invisibleText(text, 'main', 'p') };
}
