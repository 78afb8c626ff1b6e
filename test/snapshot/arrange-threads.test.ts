import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Arranged, arrangePartitions } from '../../src/snapshot/arrange.ts';
import { arrangeInThreads } from '../../src/snapshot/arrange-threads.ts';
import { PlaceholderCount } from '../../src/snapshot/placeholders.ts';
import { bucketBitsFor } from '../../src/snapshot/segment.ts';
import { EMPTY_SPOOL, Spool } from '../../src/snapshot/spool.ts';
import { workplace } from './temporary.ts';

const ROWS = 6000;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
/** Every fourth record has the picture that says "removed". */
const recordOf = (at: number) => ({
  url: `https://example.org/${at}`,
  date: null,
  dataset: 'set',
  httpStatus: null,
  digests: [
    { alg: 'md5' as const, value: md5(at % 4 === 0 ? 'removed' : `${at}`), scope: 'entity' as const },
  ],
  perceptual: [],
  label: null,
  note: null,
});

describe('partitions arranged in threads', () => {
  it('are those that one thread makes, in order, and the placeholders too', async () => {
    await using place = await workplace();
    const spool = await Spool.open(place.dir, EMPTY_SPOOL, false);
    for (let at = 0; at < ROWS; at++) spool.add(recordOf(at).url, recordOf(at));
    const { layouts } = await spool.flush();
    await spool.close();
    const [{ layout, runs } = { layout: undefined, runs: [] }] = layouts;
    if (layout === undefined) throw new Error('Expected one layout.');
    const task = { source: join(place.dir, '0.rows'), runs, layout, bucketBits: bucketBitsFor(ROWS) };
    const [alone, shared] = [new PlaceholderCount(16), new PlaceholderCount(16)];
    const expected: Arranged[] = [];
    for await (const one of arrangePartitions({ ...task, share: { first: 0, stride: 1 } }, alone))
      expected.push(one);
    const found: Arranged[] = [];
    for await (const one of arrangeInThreads(task, shared)) found.push(one);
    expect(found).toEqual(expected);
    expect(found.reduce((sum, { prints }) => sum + prints.length, 0)).toBe(ROWS);
    expect(shared.found(ROWS)).toEqual([md5('removed')]);
    expect(alone.found(ROWS)).toEqual([md5('removed')]);
  });
});
