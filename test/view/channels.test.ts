/** What corpora take from a page beside its prose. */
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../src/view/html.ts';

const read = (markup: string) =>
  pageOf(markup, 'https://site.example/dir/page', { sessions: [/^sid$/], built: [] });

describe('the channels of a page', () => {
  it('hold tables cell by cell, with captions and heads', () => {
    expect(
      read(
        '<table><caption>Levels</caption><tr><th>Weir</th><th>cm</th></tr><tr><td>Second</td><td>312</td></tr></table>',
      ).blocks.map(({ tag, text }) => `${tag}: ${text}`),
    ).toEqual(['caption: Levels', 'th: Weir', 'th: cm', 'td: Second', 'td: 312']);
  });

  it('hold lists of terms, and text that stands under details', () => {
    expect(
      read(
        '<dl><dt>Weir</dt><dd>A low dam</dd></dl><details><summary>More</summary>Below</details>',
      ).blocks.map(({ tag, text }) => `${tag}: ${text}`),
    ).toEqual(['dt: Weir', 'dd: A low dam', 'summary: More', 'details: Below']);
  });

  it('hold a picture under what is said of it to readers who cannot see it', () => {
    expect(
      read('<picture><source srcset="weir.avif 2x"><img src="weir.jpg" aria-label="The weir"></picture>')
        .images,
    ).toEqual([{ src: 'https://site.example/dir/weir.jpg', labels: ['The weir'], region: 'main' }]);
  });

  it('hold the first of a set of sources where a picture has no other', () => {
    expect(read('<img srcset="weir-320.jpg 320w, weir-640.jpg 640w" alt="The weir">').images).toMatchObject([
      { src: 'https://site.example/dir/weir-320.jpg' },
    ]);
  });

  it('hold what indexes are told, without what names the visitor', () => {
    expect(
      read(
        '<link rel="canonical" href="https://site.example/a?sid=7"><meta property="og:title" content="The river"><meta name="twitter:description" content="It is long"><meta name="viewport" content="width=1"><script type="application/ld+json">{"@graph":[{"@type":"Article","headline":"The river"}]}</script><script type="application/ld+json">{broken</script>',
      ).data,
    ).toEqual([
      { path: 'meta.og:title', value: 'The river' },
      { path: 'meta.twitter:description', value: 'It is long' },
      { path: 'link.canonical', value: 'https://site.example/a' },
      { path: 'ld.@graph[].@type', value: 'Article' },
      { path: 'ld.@graph[].headline', value: 'The river' },
    ]);
  });

  it('hold code line by line as it stands, apart from the prose', () => {
    const { code, blocks } = read(
      '<p>Run:</p><pre class="brush: js">\nlet a\n\n  b()</pre><p>with <code>b</code>.</p>',
    );
    expect(code).toMatchObject([{ text: 'let a\n\n  b()', language: 'js' }]);
    expect(blocks.map(({ text }) => text)).toEqual(['Run:', 'with b.']);
  });

  it('hold what stands in a head that nobody closed', () => {
    const { blocks, title } = read(
      '<html><head><title>T</title><script>var open = 1 </head><body></script><p>The river.</p></body></html>',
    );
    expect([title, ...blocks.map(({ text }) => text)]).toEqual(['T', 'The river.']);
  });
});
