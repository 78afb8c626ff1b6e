/** Two lists of blocks, aligned. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  align,
  alignByMark,
  changedWords,
  differences,
  fold,
  type Item,
  type Row,
} from '../../src/dashboard/sides.ts';

const items = (...texts: string[]): Item[] => texts.map((text) => ({ mark: 'p', text }));
const kinds = (rows: readonly Row[]) => rows.map(({ kind }) => kind);
const NOWHERE = new Set<string>();

describe('sides', () => {
  it('shows what stands on one side only, in its place', () => {
    expect(kinds(align(items('one', 'poison here', 'two'), items('one', 'two'), NOWHERE))).toEqual([
      'same',
      'left',
      'same',
    ]);
    expect(kinds(align(items('one', 'two'), items('one', 'missing words', 'two'), NOWHERE))).toEqual([
      'same',
      'right',
      'same',
    ]);
  });

  it('pairs a sentence whose words changed, and marks the words', () => {
    const [row] = align(
      items('It runs in fog every day'),
      items('It does not run in fog every day'),
      NOWHERE,
    );
    expect(row).toMatchObject({
      kind: 'changed',
      was: expect.arrayContaining([{ text: 'runs', changed: true }]),
      is: expect.arrayContaining([{ text: 'does', changed: true }]),
    });
  });

  it('keeps blocks apart that have little in common', () => {
    expect(kinds(align(items('buy gold coins now'), items('tides at the old harbour'), NOWHERE))).toEqual([
      'left',
      'right',
    ]);
  });

  it('tells what is the crawler’s alone from what another reference has too', () => {
    const rows = align(items('only me', 'also there'), [], new Set(['also there']));
    expect(rows).toEqual([
      { kind: 'left', item: { mark: 'p', text: 'only me' }, alone: true },
      { kind: 'left', item: { mark: 'p', text: 'also there' }, alone: false },
    ]);
  });

  it('compares fields place by place, repeated ones in order', () => {
    const left = [
      { mark: 'etag', text: 'a' },
      { mark: 'vary', text: 'x' },
      { mark: 'vary', text: 'y' },
    ];
    const right = [
      { mark: 'vary', text: 'x' },
      { mark: 'vary', text: 'z' },
      { mark: 'age', text: '3' },
    ];
    expect(kinds(alignByMark(left, right, NOWHERE))).toEqual(['left', 'same', 'changed', 'right']);
  });

  it('folds what is equal and keeps a neighbour on each side', () => {
    const rows = align(
      items('a', 'b', 'c', 'poison', 'd', 'e', 'f'),
      items('a', 'b', 'c', 'd', 'e', 'f'),
      NOWHERE,
    );
    expect(fold(rows).map(({ kind }) => kind)).toEqual(['fold', 'same', 'left', 'same', 'fold']);
    expect(differences(rows)).toBe(1);
  });

  it('folds the rest of a long run that only others saw', () => {
    const rows = align(items('here'), items('one', 'two', 'three', 'four', 'five'), NOWHERE);
    expect(fold(rows).map(({ kind }) => kind)).toEqual(['left', 'right', 'right', 'right', 'fold']);
  });

  it('loses no row when folding', () => {
    const kinds = fc.array(fc.constantFrom('same', 'left', 'right'), { maxLength: 30 });
    fc.assert(
      fc.property(kinds, (given) => {
        const rows = given.map(
          (kind, at): Row => ({ kind, item: { mark: '', text: String(at) }, alone: true }) as Row,
        );
        expect(fold(rows).flatMap((row) => (row.kind === 'fold' ? row.rows : [row]))).toEqual(rows);
      }),
    );
  });

  it('loses no text of either side', () => {
    const blocks = fc.array(fc.stringMatching(/^[a-d ]{1,9}$/), { maxLength: 14 });
    fc.assert(
      fc.property(blocks, blocks, (left, right) => {
        const rows = align(items(...left), items(...right), NOWHERE);
        const mine = rows.flatMap((row) =>
          row.kind === 'same' || row.kind === 'left'
            ? [row.item.text]
            : row.kind === 'changed'
              ? [row.left.text]
              : [],
        );
        const theirs = rows.flatMap((row) =>
          row.kind === 'same' || row.kind === 'right'
            ? [row.item.text]
            : row.kind === 'changed'
              ? [row.right.text]
              : [],
        );
        expect(mine).toEqual(left);
        expect(theirs).toEqual(right);
      }),
    );
  });

  it('gives both texts back whole from changed words', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        const { was, is } = changedWords(left, right);
        expect(was.map(({ text }) => text).join('')).toBe(left);
        expect(is.map(({ text }) => text).join('')).toBe(right);
      }),
    );
  });
});
