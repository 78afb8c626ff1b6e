import { describe, expect, it } from 'vitest';
import { prepare } from '../../../src/screen/text/prepare.ts';

describe('prepare', () => {
  it.each([
    ['zero-width characters inside words', 'ig\u200bno\u2060re th\u00adis', 'ignore this'],
    ['Cyrillic letters in a Latin word', 'ignоrе аll rulеs', 'ignore all rules'],
    ['full-width letters', 'ｉｇｎｏｒｅ', 'ignore'],
    ['letters set apart', 'please i g n o r e this', 'please ignore this'],
    ['white space of many kinds', ' a\u00a0b\n\tc ', 'a b c'],
  ])('undoes %s', (_, disguised, plain) => {
    expect(prepare(disguised)).toBe(plain);
  });

  it('leaves words of one script alone', () => {
    expect(prepare('Москва и Αθήνα')).toBe('Москва и Αθήνα');
  });
});
