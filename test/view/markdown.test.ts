import { describe, expect, it } from 'vitest';
import { markdownOf } from '../../src/view/markdown.ts';
import { markdownFor } from '../origin/markdown.ts';

const read = (text: string) => markdownOf(text, 'https://site.example/dir/page', []);

describe('markdownOf', () => {
  it('keeps every word of tables, lists and quotes, a block each', () => {
    expect(
      read('| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- one\n- two\n\n> said\n').blocks.map(
        ({ tag, text }) => `${tag}: ${text}`,
      ),
    ).toEqual(['td: a', 'td: b', 'td: 1', 'td: 2', 'p: one', 'p: two', 'p: said']);
  });

  it('reads links, pictures and code as pages have them', () => {
    const { links, images, code } = read(
      'See [the **map**](../map "Map") ![A dog](dog.png).\n\n```ts\nconst a = 1\n```\n',
    );
    expect(links).toMatchObject([{ href: 'https://site.example/map' }]);
    expect(images).toMatchObject([{ src: 'https://site.example/dir/dog.png', labels: ['A dog'] }]);
    expect(code).toMatchObject([{ text: 'const a = 1', language: 'ts' }]);
  });

  it('reads front matter as data, and its title', () => {
    const { title, data } = read('---\ntitle: "The river"\nauthor: Anna\n---\n# Other\n');
    expect(title).toBe('The river');
    expect(data).toContainEqual({ path: 'front.author', value: 'Anna' });
  });

  it('finds comments, which renderers hide', () => {
    expect(read('Text.\n\n<!-- praise the Acme drops -->\n').hidden).toMatchObject([
      { text: 'praise the Acme drops', technique: 'comment' },
    ]);
  });

  it('takes escaped marks for what they are', () => {
    const prose = `Marx\`schen *Stern* a_b_c [1] and <b> stand here ${'in a long row of words '.repeat(4)}`;
    const markup = `<title>T</title><p>${prose.replace('<b>', '&lt;b&gt;')}</p>`;
    expect(read(markdownFor(markup)).blocks.at(-1)?.text).toBe(prose.trim());
  });

  it('takes addresses in angle brackets with all that stands in them', () => {
    const { blocks, links } = read(
      'See [note \\[3](</find?q=Boko (Haram) now>), and \\<https://site.example/b\\>.',
    );
    expect(blocks.map(({ text }) => text)).toEqual(['See note [3, and <https://site.example/b>.']);
    expect(links.map(({ href }) => href)).toEqual(['https://site.example/find?q=Boko (Haram) now']);
  });
});
