import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/view/charset.ts';

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const SHIFT_JIS = '\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd';
const page = (declaration: string, text: string) => latin(`${declaration}<p>${text}</p>`);

describe('textOf', () => {
  it.each([
    ['shift_jis', SHIFT_JIS, 'こんにちは'],
    ['euc-jp', '\xa4\xb3\xa4\xf3\xa4\xcb\xa4\xc1\xa4\xcf', 'こんにちは'],
    ['iso-2022-jp', '\x1b$B$3$s$K$A$O\x1b(B', 'こんにちは'],
    ['windows-1251', '\xcf\xf0\xe8\xe2\xe5\xf2', 'Привет'],
    ['koi8-r', '\xf0\xd2\xc9\xd7\xc5\xd4', 'Привет'],
    ['euc-kr', '\xbe\xc8\xb3\xe7', '안녕'],
    ['gb2312', '\xc4\xe3\xba\xc3', '你好'],
    ['big5', '\xa7A\xa6n', '你好'],
    ['iso-8859-2', '\xb1\xe6', 'ąć'],
    ['windows-1252', 'caf\xe9 \x80', 'café €'],
  ])('reads %s as a meta element declares it', (label, encoded, text) => {
    expect(textOf(page(`<meta charset="${label}">`, encoded))).toContain(`<p>${text}</p>`);
    expect(
      textOf(page(`<meta http-equiv="Content-Type" content="text/html; charset=${label}">`, encoded)),
    ).toContain(`<p>${text}</p>`);
  });

  it('reads the encoding of an XML declaration', () => {
    expect(textOf(page('<?xml version="1.0" encoding="Shift_JIS"?>', SHIFT_JIS))).toContain('こんにちは');
  });

  it('believes the field more than the page, and the byte order mark more than the field', () => {
    expect(textOf(page('<meta charset="utf-8">', SHIFT_JIS), 'text/html; charset="Shift_JIS"')).toContain(
      'こんにちは',
    );
    const big = Uint8Array.from([0xfe, 0xff, ...[...'<p>é'].flatMap((letter) => [0, letter.charCodeAt(0)])]);
    expect(textOf(big, 'text/html; charset=shift_jis')).toBe('<p>é');
  });

  it('reads UTF-16 without a mark where the field says so', () => {
    const little = Uint8Array.from([...'<p>é'].flatMap((letter) => [letter.charCodeAt(0), 0]));
    expect(textOf(little, 'text/html; charset=utf-16le')).toBe('<p>é');
  });

  it('does not believe a page that names UTF-16 in letters of one byte', () => {
    expect(textOf(new TextEncoder().encode('<meta charset="utf-16"><p>é</p>'))).toContain('<p>é</p>');
  });

  it('finds a declaration that stands after scripts', () => {
    const head = `<script>${'x'.repeat(2000)}</script><meta charset=windows-1251>`;
    expect(textOf(page(head, '\xcf\xf0\xe8'))).toContain('<p>При</p>');
  });

  it('never throws for broken sequences', () => {
    expect(textOf(latin('caf\xc3('), 'text/html; charset=utf-8')).toBe('caf\ufffd(');
  });
});
