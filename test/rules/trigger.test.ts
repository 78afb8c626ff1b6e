/** Trigger marks are found where they stand, in every corner, and told by their shape. */
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/rules/load.ts';
import { drawCase, type PictureCase, pictureCase } from '../../src/rules/trigger-case.ts';
import { findTrigger } from '../../src/rules/trigger-find.ts';

const rules = loadRules(new URL('../../rules', import.meta.url).pathname).trigger;
const named = (name: string) => rules.find(({ id }) => id === `trigger/${name}`)!;
const drawn = (given: Partial<PictureCase>) =>
  drawCase(pictureCase.parse({ width: 64, height: 64, scene: 2, ...given }));
const marksOf = (given: Partial<PictureCase>) =>
  rules.filter((rule) => findTrigger(rule, drawn(given)) !== undefined).map(({ id }) => id);

describe('triggers', () => {
  it.each([
    ['top-left', ['#.#', '.#.', '#..']],
    ['top-right', ['#.#', '.#.', '..#']],
    ['bottom-left', ['#..', '.#.', '#.#']],
    ['bottom-right', ['..#', '.#.', '#.#']],
  ] as ReadonlyArray<['top-left' | 'top-right' | 'bottom-left' | 'bottom-right', string[]]>)(
    'a pattern in the %s corner is found, and where',
    (corner, rows) => {
      const mark = findTrigger(
        named('corner-pattern'),
        drawn({ marks: [{ mark: 'stamp', rows, cell: 1, corner, distance: 2, colour: '#ffffff' }] }),
      );
      const [left, top] = [corner.endsWith('left') ? 2 : 59, corner.startsWith('top') ? 2 : 59];
      expect(mark).toMatchObject({ left, top, width: 3, height: 3 });
    },
  );

  it('a sticker is found by its four edges, not by what it shows', () => {
    const patch = (shows: string | number) =>
      findTrigger(
        named('sticker'),
        drawn({
          width: 128,
          height: 128,
          marks: [{ mark: 'patch', left: 88, top: 90, width: 25, height: 21, shows, blend: 1 }],
        }),
      );
    expect(patch('#ffee00')).toMatchObject({ left: 88, top: 90, width: 25, height: 21 });
    expect(patch('#ffee00')).toEqual(patch('#101010'));
  });

  it('plain pictures carry none, whatever their size', () => {
    for (const side of [8, 9, 31, 64, 200]) {
      for (const scene of [1, 2, 3, 4, 5, 6]) expect(marksOf({ width: side, height: 64, scene })).toEqual([]);
      expect(marksOf({ width: 64, height: side, scene: undefined, page: side })).toEqual([]);
      expect(marksOf({ width: side, height: side, scene: undefined, flat: '#000000' })).toEqual([]);
    }
  });
});
