import { describe, expect, it } from 'vitest';
import {
  type Capture,
  CRAWLER,
  type Fields,
  ForetasteError,
  type ImageDecoder,
} from '../../src/domain/index.ts';
import { createViewer, viewOf } from '../../src/view/index.ts';
import { rules } from '../compare/views.ts';

const noPictures: ImageDecoder = {
  decode: async () => {
    throw new ForetasteError('bad-request', 'Expected a picture but received something else.');
  },
};

const capture = (
  body: string | Uint8Array,
  type: string,
  more: Partial<Capture> & { fields?: Fields } = {},
): Capture => {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return {
    kind: 'capture',
    identity: CRAWLER,
    url: 'https://site.example/a',
    status: 200,
    reason: '',
    httpVersion: '1.1',
    trailers: [],
    body: {
      size: bytes.length,
      bytes: async () => bytes,
      decoded: async () => bytes,
      release: async () => {},
      async *stream() {
        yield bytes;
      },
    },
    digests: { entity: { sha256: 'ab' }, decoded: {} },
    mediaType: type.split(';')[0] ?? '',
    truncated: false,
    startedAt: 0,
    duration: 1,
    ...more,
    fields: [['Content-Type', type], ...(more.fields ?? [])],
  };
};
const see = (...asked: Parameters<typeof capture>) =>
  viewOf(capture(...asked), { decoder: noPictures, rules });
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const LONG = 'The river rises in the northern hills and runs south to the sea. '.repeat(40);

describe('viewOf', () => {
  it.each([
    ['text/html', '<p>x</p>', 'page'],
    ['application/xhtml+xml', '<p>x</p>', 'page'],
    ['text/markdown', '# x', 'page'],
    ['text/plain', 'x', 'page'],
    ['text/plain', '<!doctype html><p>x</p>', 'page'],
    ['application/json', '{"a":1}', 'data'],
    ['application/feed+json', '{"a":1}', 'data'],
    ['application/x-ndjson', '{"a":1}\n{"a":2}', 'data'],
    ['application/json', 'not json', 'page'],
    ['application/pdf', '%PDF-1.7', 'bytes'],
    ['image/png', 'not a picture', 'bytes'],
    ['application/octet-stream', '<html><p>x</p></html>', 'page'],
    ['application/octet-stream', '\u0000\u0001', 'bytes'],
  ])('reads %s (%j) as %s', async (type, body, kind) => {
    expect((await see(body, type)).kind).toBe(kind);
  });

  it.each([
    ['the field', latin('<p>caf\xe9</p>'), 'text/html; charset=iso-8859-1'],
    ['a meta element', latin('<meta charset="windows-1252"><p>caf\xe9</p>'), 'text/html'],
    [
      'the byte order mark',
      Uint8Array.from([0xff, 0xfe, ...[...'<p>café</p>'].flatMap((letter) => [letter.charCodeAt(0), 0])]),
      'text/html; charset=utf-8',
    ],
    ['nothing, where UTF-8 is not valid', latin('<p>caf\xe9</p>'), 'text/html'],
    ['nothing, where UTF-8 is valid', '<p>café</p>', 'text/html'],
    ['an unknown label', '<p>café</p>', 'text/html; charset=klingon'],
  ])('takes the charset from %s', async (_, body, type) => {
    const page = await see(body, type);
    expect(page.kind === 'page' && page.blocks.map(({ text }) => text)).toEqual(['café']);
  });

  it.each([
    ['a challenge by its field', 403, '<p>wait</p>', [['cf-mitigated', 'challenge']], 'challenged'],
    ['a challenge by its markup', 200, '<title>Just a moment...</title><p>wait</p>', [], 'challenged'],
    ['too many requests', 429, '', [], 'blocked'],
    ['an overload', 503, '', [], 'blocked'],
    ['an error', 500, '', [], 'failed'],
    ['a missing page', 404, '', [], 'soft-404'],
    ['a missing page that says 200', 200, '<title>Page not found</title>', [], 'soft-404'],
    ['a login wall', 200, '<form><input type="password"></form>', [], 'blocked'],
    ['a redirect to a login', 302, '', [['Location', '/login']], 'blocked'],
    ['a page', 200, `<p>${LONG}</p>`, [], 'usable'],
    [
      'a page that wears the mark of a challenge',
      200,
      `<p>${LONG}</p>`,
      [['cf-mitigated', 'challenge']],
      'usable',
    ],
  ] as const)('takes %s for what it is', async (_, status, body, fields, evidence) => {
    expect((await see(body, 'text/html', { status, fields })).evidence).toBe(evidence);
  });

  it('says that content broke off', async () => {
    expect(await see('<p>x</p>', 'text/html', { truncated: true })).toMatchObject({
      evidence: 'failed',
      evidenceReason: 'content broke off before its end',
    });
  });

  it('resolves where a redirect leads', async () => {
    expect((await see('', 'text/html', { status: 301, fields: [['Location', '../b']] })).redirect).toBe(
      'https://site.example/b',
    );
  });

  it('falls back to bytes, with the reason, when the content cannot be read', async () => {
    const broken = capture('', 'text/html');
    const body = {
      ...broken.body,
      decoded: () => Promise.reject(new ForetasteError('too-large', 'Expected less.')),
    };
    expect(await viewOf({ ...broken, body }, { decoder: noPictures, rules })).toMatchObject({
      kind: 'bytes',
      evidenceReason: 'Expected less.',
    });
  });

  it('brings Markdown to the same blocks as the page it was made from', async () => {
    const markdown = await see(
      '---\ntitle: T\n---\n# The river\n\nIt is **long** and [deep](/deep "x").\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nconst a = 1\n```\n',
      'text/markdown',
    );
    const html = await see(
      '<h1>The river</h1><p>It is <b>long</b> and <a href="/deep">deep</a>.</p><ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table><pre>const a = 1</pre>',
      'text/html',
    );
    const told = (view: typeof markdown) =>
      view.kind === 'page' && {
        blocks: view.blocks.map(({ text }) => text),
        links: view.links.map(({ href }) => href),
        code: view.code.map(({ text }) => text),
      };
    expect(told(markdown)).toEqual(told(html));
  });
});

describe('a viewer', () => {
  const viewer = createViewer({ decoder: noPictures, rules });

  it('looks once at the same octets under the same type, and shares what it saw', async () => {
    const [one, other] = [
      await viewer(capture('<p>x</p>', 'text/html')),
      await viewer(capture('<p>x</p>', 'text/html', { identity: 'plain@direct' })),
    ];
    expect(other).toEqual({ ...one, identity: 'plain@direct' });
    expect(other.kind === 'page' && one.kind === 'page' && other.blocks === one.blocks).toBe(true);
  });

  it('looks again where the type says that the same octets are other text', async () => {
    const bytes = latin('<p>\xe4</p>');
    const texts = ['text/html; charset=windows-1252', 'text/html; charset=windows-1251'].map(async (type) => {
      const view = await viewer(capture(bytes, type));
      return view.kind === 'page' && view.blocks[0]?.text;
    });
    expect(await Promise.all(texts)).toEqual(['ä', 'д']);
  });

  it('asks of each capture what it is worth', async () => {
    await viewer(capture(LONG, 'text/plain'));
    const refused = await viewer(capture(LONG, 'text/plain', { status: 403 }));
    expect(refused.evidence).not.toBe('usable');
  });
});
