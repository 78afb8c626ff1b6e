import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sortRows } from '../../src/snapshot/sort.ts';

const WIDTH = 12;
const row = (text: string): Buffer => {
  const octets = createHash('sha256').update(text).digest().subarray(0, WIDTH);
  octets[0] = 7;
  return octets;
};
const sorted = (rows: Buffer, ignored: number): string[] => {
  const { order, leads } = sortRows(rows, WIDTH, ignored);
  expect([...leads]).toEqual([...order].map((at) => rows.readUInt32BE(at * WIDTH + 1)));
  return [...order].map((at) => rows.toString('hex', at * WIDTH, (at + 1) * WIDTH));
};

describe('rows of a partition', () => {
  it.each([0, 1, 2, 300, 5000])('%i of them come in the order of their octets', (count) => {
    const rows = Array.from({ length: count }, (_, at) => row(`${at}`));
    expect(sorted(Buffer.concat(rows), 0)).toEqual(rows.map((octets) => octets.toString('hex')).sort());
  });

  it('that share their first five octets are told apart by the others, and equal ones come once', () => {
    const tail = (octets: string): Buffer => Buffer.from(`0701020304${octets}`, 'hex');
    const rows = ['ffffffffffff00', '00000000000001', 'ffffffffffff00', '00000000000000'].map(tail);
    expect(sorted(Buffer.concat(rows), 0)).toEqual(
      ['00000000000000', '00000000000001', 'ffffffffffff00'].map((end) => `0701020304${end}`),
    );
    expect(sorted(Buffer.concat(rows), 4)).toHaveLength(2);
  });
});
