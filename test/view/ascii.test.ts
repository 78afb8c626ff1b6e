import { expect, it } from 'vitest';
import { isAscii } from '../../src/view/ascii.ts';

it.each([
  ['', true],
  ['plain\n\x00\x7f', true],
  ['caf\u00e9', false],
  ['soft\u00adhyphen', false],
  ['tag \u{e0041}', false],
])('says of %j whether it is ASCII', (text, ascii) => {
  expect(isAscii(text)).toBe(ascii);
});
