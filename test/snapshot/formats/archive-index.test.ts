import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { workplace } from '../temporary.ts';
import { fixture, reading } from './reading.ts';

async function readingOf(content: string | Uint8Array) {
  await using place = await workplace();
  return await reading(await place.write('index', content));
}

const DIGEST = 'ZA6MPPJEFGZ53KWFSLWMF7NDO7RKOWR4';
const HEX = 'c83cc7bd2429b3ddaac592ecc2fda377e2a75a3c';
const line = (fields: object): string =>
  `org,example)/ 20250512054001 ${JSON.stringify({ url: 'https://example.org/', ...fields })}`;

describe('archive indexes', () => {
  it('Common Crawl covers the decoded body, other CDXJ the entity', async () => {
    const { format, records } = await readingOf(
      [
        line({
          status: '200',
          digest: DIGEST,
          filename: 'crawl-data/CC-MAIN-2025-21/segments/1/warc/a.warc.gz',
        }),
        line({ status: 200, digest: `sha1:${DIGEST.toLowerCase()}`, filename: 'a.warc.gz' }),
        line({ digest: `sha-256:${'ab'.repeat(32)}` }),
      ].join('\n'),
    );
    expect(format).toBe('cdxj');
    expect(records.map(({ httpStatus, digests }) => [httpStatus, digests[0]])).toEqual([
      [200, { alg: 'sha1', value: HEX, scope: 'decoded' }],
      [200, { alg: 'sha1', value: HEX, scope: 'entity' }],
      [null, { alg: 'sha256', value: 'ab'.repeat(32), scope: 'entity' }],
    ]);
  });

  it.each([
    [{ digest: DIGEST, truncated: 'length' }, 'truncated: length'],
    [{ digest: DIGEST, mime: 'warc/revisit' }, 'revisit'],
    [{ mime: 'warc/revisit' }, 'revisit'],
    [{}, 'no digest recorded'],
  ])('what cannot be checked says why: %j', async (fields, note) => {
    expect((await readingOf(line(fields))).records[0]?.note).toBe(note);
  });

  it('refuses what it cannot read, line by line', async () => {
    const lines = [
      line({}),
      'org,example)/ 20250512054001 {"url":',
      line({ url: 'dns:example.org' }),
      line({ digest: 'ABC' }),
      'org,example)/ 20251399999999 {"url":"https://example.org/"}',
      line({ status: 'OK' }),
    ];
    const { records, refused } = await readingOf(lines.join('\n'));
    expect(records).toHaveLength(1);
    expect(refused.map(({ row, column }) => [row, column])).toEqual([
      [2, undefined],
      [3, 'url'],
      [4, 'digest'],
      [5, 'timestamp'],
      [6, 'status'],
    ]);
  });

  it('ZipNum: blocks compressed each on its own, a description in front', async () => {
    const blocks = [
      '!meta 0 {"format":"cdxj-gzip-1.0"}\n',
      `${line({ digest: DIGEST })}\n`,
      `${line({ digest: DIGEST })}\n`,
    ];
    const { format, records } = await readingOf(Buffer.concat(blocks.map((block) => gzipSync(block))));
    expect([format, records.length]).toEqual(['cdxj', 2]);
  });

  it('CDX with a header line, in the order that it says', async () => {
    const { format, records } = await readingOf(
      ` CDX N b a m s k r M S V g\norg,example)/ 20140126200624 http://example.org/ text/html 200 ${DIGEST} - - 1242 334 a.warc.gz\norg,example)/ 20140127171238 http://example.org/ warc/revisit - ${DIGEST} - - 553 11875 a.warc.gz\n`,
    );
    expect(format).toBe('cdx');
    expect(
      records.map(({ date, httpStatus, note, digests }) => [date, httpStatus, note, digests[0]?.value]),
    ).toEqual([
      ['2014-01-26T20:06:24.000Z', 200, null, HEX],
      ['2014-01-27T17:12:38.000Z', null, 'revisit', HEX],
    ]);
  });

  it('the answer of a CDX server in JSON, with fields asked for by name and the key of the next page', async () => {
    const { format, records, refused } = await readingOf(
      `[["timestamp","original","digest"],\n["19961231235847","http://example.org:80/","${DIGEST}"],\n["19961231235848","http://example.org:80/b","-"],\n[],\n["org%2Cexample"]]\n`,
    );
    expect(refused).toEqual([]);
    expect(format).toBe('cdx');
    expect(records.map(({ url, digests, note }) => [url, digests[0]?.value, note])).toEqual([
      ['http://example.org:80/', HEX, null],
      ['http://example.org:80/b', undefined, 'no digest recorded'],
    ]);
  });

  it('real: answers of the Wayback CDX server, rows repeated, found under the URL without its port', async () => {
    const { records, refused } = await reading(fixture('wayback_cdx_multipage.txt'));
    expect([records.length, refused]).toEqual([25, []]);
    await using place = await workplace();
    expect(await place.import([fixture('wayback_cdx_multipage.txt')])).toMatchObject({
      imported: 25,
      skipped: 0,
    });
    const found = await (await place.index()).find('http://www.cnn.com/');
    expect(found.map(({ date }) => date)).toEqual([
      '2001-04-14T00:59:39.000Z',
      '2001-04-14T00:51:54.000Z',
      '2001-04-14T00:47:58.000Z',
      '2001-04-13T23:58:49.000Z',
      '2001-04-13T23:44:48.000Z',
      '2001-04-13T20:20:54.000Z',
      '2001-04-10T21:39:30.000Z',
    ]);
  });
});
