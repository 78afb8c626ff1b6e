import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/domain/index.ts';
import { matchRecords } from '../../src/snapshot/ladder.ts';
import { workplace } from './temporary.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const served = (url: string, content: string): Capture =>
  ({
    url,
    status: 200,
    truncated: false,
    digests: { entity: { sha256: sha256(content) }, decoded: {} },
  }) as unknown as Capture;

describe('a picture that says "image removed" under many URLs', () => {
  it('is not the same where it is served again, and settles nothing; the pictures beside it are', async () => {
    await using place = await workplace();
    const rows = Array.from({ length: 300 }, (_, at) => {
      const content = at % 3 === 0 ? 'removed' : `picture ${at}`;
      return `https://example.org/${at},${sha256(content)}`;
    });
    await place.import([await place.write('a.csv', `url,sha256\n${rows.join('\n')}\n`)]);
    const index = await place.index();
    const standing = async (at: number, content: string) => {
      const url = `https://example.org/${at}`;
      const { match, settled, findings } = matchRecords(
        await index.find(url),
        served(url, content),
        undefined,
      );
      return [match.status, settled, ...findings.map(({ kind }) => kind)];
    };
    expect(await standing(3, 'removed')).toEqual(['reference-suspect', false, 'snapshot.reference-suspect']);
    expect(await standing(3, 'a real picture')).toEqual([
      'reference-suspect',
      false,
      'snapshot.reference-suspect',
    ]);
    expect(await standing(4, 'picture 4')).toEqual(['same', true]);
    expect(await standing(4, 'removed')).toEqual(['changed', false, 'snapshot.changed']);
  });
});
