import { describe, expect, it } from 'vitest';
import { type Sighting, type State, settle } from '../../src/compare/settle.ts';

/** `X` has what the crawler got; any other letter has that instead; `-` has nothing. */
const sightings = (letters: string): Sighting[] =>
  [...letters].map((letter) => ({
    same: letter === 'X',
    instead: letter === 'X' || letter === '-' ? '' : letter,
  }));

describe('settle', () => {
  it.each<[references: string, repeats: string, need: number, state: State, because: string]>([
    ['X', '', 2, 'shared', 'the only reference has it'],
    ['A', '', 2, 'open', 'one reference alone proves nothing'],
    ['XA', '', 2, 'open', 'one of two is no majority'],
    ['XXA', '', 2, 'shared', 'one of three may fail'],
    ['AB', '', 2, 'noise', 'the references differ from one another'],
    ['AA', 'X', 2, 'conditioned', 'stable for the crawler, stable for the others'],
    ['AA', 'X', 3, 'open', 'a rotation of two texts could do that'],
    ['AAA', 'XX', 3, 'conditioned', 'a rotation hardly could'],
    ['AAAX', 'XX', 2, 'conditioned', 'a reference may be lied to as well'],
    ['AAXX', 'X', 2, 'contested', 'two editions'],
    ['AAX', 'XA', 2, 'noise', 'both sides get both'],
    ['AAA', 'A', 2, 'open', 'seen once, too few against it'],
    ['AAAA', 'A', 2, 'once', 'seen once, five against it'],
    ['AAAAA', 'BC', 2, 'conditioned', 'always something new for the crawler, always the same for the others'],
    ['--', 'X', 2, 'conditioned', 'the others have nothing there'],
  ])('%s against %s with need %i is %s: %s', (references, repeats, need, state) => {
    expect(settle(sightings(references), sightings(repeats), need).state).toBe(state);
  });
});

describe('references that got what the crawler got', () => {
  const names = [
    'chrome-desktop@second',
    'plain@direct',
    'firefox-desktop@second',
    'chrome-desktop@direct',
    'firefox-desktop@direct',
  ] as const;
  const at = (pattern: string) =>
    [...pattern].map((mark) => ({ same: mark === '+', instead: mark === '+' ? '' : '~' }));
  const again = at('++');

  it('were lied to for what they are, where they part from the others by profile', () => {
    expect(settle(at('-+---'), again, 3, names).state).toBe('conditioned');
  });

  it('or by perspective', () => {
    const perspectives = ['a@second', 'b@second', 'c@second', 'a@direct', 'c@second'] as const;
    expect(settle(at('---+-'), again, 3, perspectives).state).toBe('conditioned');
  });

  it('are of two minds where they part by nothing: more are asked, and then it is contested', () => {
    expect(settle(at('-+--'), again, 3, ['a@x', 'a@y', 'b@x', 'b@y']).state).toBe('open');
    expect(settle(at('---+-'), again, 3, names).state).toBe('contested');
  });
});
