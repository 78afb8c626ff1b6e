/** Hostile text, made safe to look at. */
import { load } from 'cheerio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, html, spell } from '../../src/dashboard/html.ts';

const shown = (text: string): string => String(html`${spell(text)}`);

describe('spell', () => {
  it.each([
    ['a\u200bb', 'U+200B'],
    ['a\u202eb', 'U+202E'],
    ['a\u00adb', 'U+00AD'],
    ['a\0b', 'U+0000'],
    ['\u200b\u200b\u200b', 'U+200B and 2 more'],
    ['\u{e0068}\u{e0069}', 'tags: hi'],
  ])('%j names what is unseen', (text, name) => {
    expect(shown(text)).toContain(`<i class="unseen">${name}</i>`);
  });

  it('leaves emoji whole', () => {
    expect(shown('\u{1f469}\u200d\u{1f680} and \u2764\ufe0f')).not.toContain('unseen');
  });

  it('yields one element of text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const $ = load(shown(text), null, false);
        expect(
          $('*')
            .toArray()
            .every((one) => one.type === 'tag' && (one.tagName === 'bdi' || one.tagName === 'i')),
        ).toBe(true);
      }),
    );
  });

  it('is cut between characters', () => {
    expect(clip('ab\u{1f600}', 3)).toBe('ab…');
    expect(clip('abc', 3)).toBe('abc');
  });
});
