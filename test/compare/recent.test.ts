import { describe, expect, it } from 'vitest';
import { remembered } from '../../src/compare/recent.ts';

describe('remembered', () => {
  it('asks once for what comes again soon', () => {
    const asked: string[] = [];
    const upper = remembered((text) => {
      asked.push(text);
      return text.toUpperCase();
    });
    expect([upper('a'), upper('b'), upper('a'), upper('')]).toEqual(['A', 'B', 'A', '']);
    expect(asked).toEqual(['a', 'b', '']);
  });

  it('keeps no more than the latest texts, and no long ones', () => {
    let asked = 0;
    const same = remembered((text) => {
      asked++;
      return text;
    });
    for (let at = 0; at < 10_000; at++) same(`text ${at}`);
    same('text 0');
    expect(asked).toBe(10_001);
    same('x'.repeat(500));
    same('x'.repeat(500));
    expect(asked).toBe(10_003);
  });
});
