import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/domain/index.ts';
import { cookiesKept } from '../../src/fetch/cookies.ts';
import { targetOf } from '../../src/fetch/target.ts';

const kept = (cookies: readonly string[], url = 'https://www.site.org/news/a?b', more: Fields = []): string =>
  cookiesKept([...cookies.map((cookie) => ['Set-Cookie', cookie] as const), ...more], targetOf(url));

describe('the cookies of a second visit', () => {
  it.each([
    ['nothing', [], ''],
    ['one', ['id=1'], 'id=1'],
    ['several, in order', ['id=1; HttpOnly', 'lang=en%20gb; SameSite=Lax'], 'id=1; lang=en%20gb'],
    ['the last of one name', ['id=1', 'id=2'], 'id=2'],
    [
      'those of the host and of what it is in',
      ['a=1; Domain=site.org', 'b=2; Domain=.www.site.org'],
      'a=1; b=2',
    ],
    [
      'none of another host',
      ['a=1; Domain=other.org', 'b=2; Domain=cdn.www.site.org', 'c=3; Domain=te.org'],
      '',
    ],
    [
      'those of the path and of what it is in',
      ['a=1; Path=/news', 'b=2; Path=/', 'c=3; Path=x'],
      'a=1; b=2; c=3',
    ],
    ['none of another path', ['a=1; Path=/ne', 'b=2; Path=/news/a/c'], ''],
    ['none that is taken back', ['a=1', 'a=; Max-Age=0', 'b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], ''],
    ['none that is no field value', ['a=\u2028', '=1'], ''],
  ] satisfies Array<[string, string[], string]>)('are %s', (_, cookies, expected) => {
    expect(kept(cookies)).toBe(expected);
  });

  it('leave out secure ones in the clear', () => {
    expect(kept(['a=1; Secure', 'b=2'], 'http://www.site.org/')).toBe('b=2');
    expect(kept(['a=1; Secure', 'b=2'])).toBe('a=1; b=2');
  });

  it('expire by the clock of the origin', () => {
    const past = ['a=1; Expires=Mon, 02 Nov 2026 00:00:00 GMT'];
    expect(kept(past, undefined, [['Date', 'Sun, 22 Nov 2026 00:00:00 GMT']])).toBe('');
    expect(kept(past, undefined, [['Date', 'Sun, 01 Nov 2026 00:00:00 GMT']])).toBe('a=1');
  });

  it('are at most fifty', () => {
    const many = Array.from({ length: 80 }, (_, at) => `c${at}=1`);
    expect(kept(many).split('; ')).toHaveLength(50);
  });
});
