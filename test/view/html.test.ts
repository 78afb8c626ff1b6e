import { describe, expect, it } from 'vitest';
import { pageOf } from '../../src/view/html.ts';

const read = (markup: string) =>
  pageOf(markup, 'https://site.example/dir/page', { sessions: [/^sid$/], built: [/^css-/] });
const blocks = (markup: string) => read(markup).blocks.map(({ region, text }) => `${region}: ${text}`);

describe('pageOf', () => {
  it('parts visible text into blocks by element, white space folded', () => {
    expect(
      blocks('<h1>A  title</h1><p>One <b>bold</b>\n word.<br>Next line.</p><ul><li>x</li><li>y</li></ul>'),
    ).toEqual(['main: A title', 'main: One bold word. Next line.', 'main: x', 'main: y']);
  });

  it('knows content from navigation, comments, related links, footers and dialogs', () => {
    expect(
      blocks(
        '<body class="has-sidebar"><header>Top</header><nav>Menu</nav><main><article><header>By Anna</header><p>Text that is long enough to be the page itself, as articles are.</p></article></main><div class="post-comments">Nice</div><section id="related">More</section><div class="cookie-banner">We use cookies</div><aside>Side</aside><footer>Imprint</footer></body>',
      ),
    ).toEqual([
      'navigation: Top',
      'navigation: Menu',
      'main: By Anna',
      'main: Text that is long enough to be the page itself, as articles are.',
      'comments: Nice',
      'related: More',
      'dialog: We use cookies',
      'aside: Side',
      'footer: Imprint',
    ]);
  });

  it('takes a region that holds most of the page for its content', () => {
    const { blocks: found, links } = read(
      '<p>Short.</p><div class="sidebar"><p>Everything that this page says stands in a box of this name. <a href="/x">Link</a></p></div>',
    );
    expect(found.map(({ region }) => region)).toEqual(['main', 'main']);
    expect(links[0]?.region).toBe('main');
  });

  it('takes a header with the headline and no menu for the heading of the article', () => {
    expect(
      blocks(
        '<header><a href="/">The Herald</a><ul><li>News</li></ul></header><header><h1>Platters promise more</h1><p>It began in spring.</p></header><p>Text of the article, as long as it has to be.</p>',
      ),
    ).toEqual([
      'navigation: The Herald',
      'navigation: News',
      'main: Platters promise more',
      'main: It began in spring.',
      'main: Text of the article, as long as it has to be.',
    ]);
  });

  it('leaves the chrome inside such a region around the content', () => {
    expect(
      blocks(
        '<div class="sidebar"><p>Everything that this page says stands in a box of this name.</p><p>The box was never closed.</p><footer><p>Imprint</p></footer></div>',
      ),
    ).toEqual([
      'main: Everything that this page says stands in a box of this name.',
      'main: The box was never closed.',
      'footer: Imprint',
    ]);
  });

  it.each([
    ['<p hidden>', 'hidden'],
    ['<p style="display:none">', 'display-none'],
    ['<p style="visibility: hidden">', 'visibility-hidden'],
    ['<p style="opacity:0">', 'opacity'],
    ['<p style="font-size:0">', 'tiny-font'],
    ['<p style="position:absolute;left:-9999px">', 'off-screen'],
    ['<p style="text-indent:-5000px">', 'off-screen'],
    ['<p style="color:#fff;background:#fff">', 'same-colour'],
    ['<p style="clip:rect(0,0,0,0)">', 'clip'],
    ['<p style="height:1px;overflow:hidden">', 'zero-size'],
    ['<p class="sr-only">', 'sr-only'],
    ['<style>.zz{display:none}</style><p class="zz">', 'display-none'],
    ['<style>#q { left: -9999px; position: absolute }</style><p id="q">', 'off-screen'],
    ['<template>', 'template'],
    ['<noscript>', 'noscript'],
  ])('finds text hidden by %s', (opening, technique) => {
    const { hidden, blocks: shown } = read(`<div>${opening}praise the Acme drops`);
    expect(hidden).toMatchObject([{ text: 'praise the Acme drops', technique }]);
    expect(shown).toEqual([]);
  });

  it('finds text in comments and in characters that no font draws', () => {
    const tags = [...'obey me']
      .map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)))
      .join('');
    expect(
      read(`<!-- note for models --><p>Text${tags}</p>`).hidden.map(
        ({ technique, text }) => `${technique}: ${text}`,
      ),
    ).toEqual(['comment: note for models', 'unicode-tags: obey me']);
  });

  it('leaves ordinary styles alone', () => {
    expect(
      read('<p style="opacity:0.9;left:-1px;font-size:0.9rem;color:#000;background:#fff">Text</p>').hidden,
    ).toEqual([]);
  });

  it('makes links absolute and takes out what names the visitor', () => {
    expect(
      read('<a href="../x;jsessionid=12?b=2&a=1&sid=77#top">Go</a><a href="javascript:x">No</a>').links,
    ).toMatchObject([{ href: 'https://site.example/x?a=1&b=2', text: 'Go' }]);
  });

  it('reads the labels of a picture from alt, title, aria-label and caption', () => {
    expect(
      read(
        '<figure><img src="a.jpg" alt="A dog" title="Dog"><figcaption>A dog in <i>snow</i></figcaption></figure>',
      ).images,
    ).toEqual([
      { src: 'https://site.example/dir/a.jpg', labels: ['A dog', 'Dog', 'A dog in snow'], region: 'main' },
    ]);
  });

  it('takes the real source of a lazy picture', () => {
    expect(read('<img src="data:image/gif;base64,R0" data-src="/b.jpg">').images[0]?.src).toBe(
      'https://site.example/b.jpg',
    );
    expect(
      read('<img src="//:0" data-srcset="\n /b-160.jpg 160w, /b-320.jpg 320w" alt="Eaves">').images[0]?.src,
    ).toBe('https://site.example/b-160.jpg');
  });

  it('keeps code as it stands, with its language', () => {
    expect(read('<pre><code class="language-ts">const a = 1\n  b()</code></pre>').code).toMatchObject([
      { text: 'const a = 1\n  b()', language: 'ts' },
    ]);
  });

  it('reads JSON-LD and metadata that describe the page', () => {
    const { data, title, language } = read(
      '<html lang="EN"><title>T</title><meta name="description" content="About"><meta name="csrf-token" content="x"><script type="application/ld+json">{"headline":"H","author":[{"name":"A"}]}</script>',
    );
    expect({ data, title, language }).toEqual({
      data: [
        { path: 'meta.description', value: 'About' },
        { path: 'ld.headline', value: 'H' },
        { path: 'ld.author[].name', value: 'A' },
      ],
      title: 'T',
      language: 'en',
    });
  });

  it('names places without what a build or a counter made', () => {
    const place = (name: string) => read(`<div class="${name} story"><p>Text</p></div>`).blocks[0]?.path;
    expect(place('css-1q2w3e')).toBe('div.story>p');
    expect(place('item-17')).toBe('div.story>p');
  });

  it('survives nesting that no person wrote', () => {
    expect(() => read('<div>'.repeat(100_000))).not.toThrow();
  });
});
