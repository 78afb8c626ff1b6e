/** Importers against broken and hostile files: records, refusals or one clear error, and nothing else. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForetasteError } from '../../src/domain/index.ts';
import { detectFormat } from '../../src/snapshot/formats/detect.ts';
import { type FormatName, isRead } from '../../src/snapshot/formats/format.ts';
import { READERS } from '../../src/snapshot/formats/readers.ts';
import { verifySignature } from '../../src/snapshot/formats/wacz-signature.ts';

const FIXTURES = join(import.meta.dirname, '..', 'snapshot', 'fixtures');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const url = (at: number): string => `https://example.org/${at}`;
const rows = Array.from({ length: 20 }, (_, at) => at);

/** One sound file of each format; each run breaks it in some places. */
const SEEDS: Readonly<Record<FormatName, () => Promise<Uint8Array> | Uint8Array>> = {
  cdx: () => readFile(join(FIXTURES, 'wayback_cdx_search.txt')),
  cdxj: () =>
    Buffer.from(
      rows
        .map(
          (at) =>
            `org,example)/${at} 20250512054001 ${JSON.stringify({ url: url(at), status: '200', digest: 'ZA6MPPJEFGZ53KWFSLWMF7NDO7RKOWR4' })}`,
        )
        .join('\n'),
    ),
  csv: () =>
    Buffer.from(
      `url,caption,sha256\n${rows.map((at) => `${url(at)},"a, ""b""",${sha256(url(at))}`).join('\n')}`,
    ),
  tsv: () =>
    Buffer.from(`url\tcaption\tmd5\n${rows.map((at) => `${url(at)}\ta\t${'ab'.repeat(16)}`).join('\n')}`),
  jsonl: () =>
    Buffer.from(
      rows
        .map((at) => JSON.stringify({ url: url(at), sha256: sha256(url(at)), date: '2020-01-01' }))
        .join('\n'),
    ),
  txt: () => Buffer.from(rows.map(url).join('\n')),
  parquet: () =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'url', data: rows.map(url), type: 'STRING' },
          { name: 'sha256', data: rows.map((at) => sha256(url(at))), type: 'STRING' },
        ],
      }),
    ),
  warc: () => readFile(join(FIXTURES, 'warciojs_example-iana.org-chunked.warc')),
  wacz: () => readFile(join(FIXTURES, 'pywacz_valid_example_1.wacz')),
};

/** Overwrite, cut, repeat or insert at places given as shares of the length. */
const damage = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'cut', 'drop', 'repeat', 'insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    octets: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);

type Damage = Parameters<Parameters<typeof damage.filter>[0]>[0];

function spoil(sound: Uint8Array, spots: Damage): Buffer {
  let content = Buffer.from(sound);
  for (const { kind, at, length, octets } of spots) {
    const from = Math.floor(at * content.length);
    const [before, after] = [content.subarray(0, from), content.subarray(from)];
    if (kind === 'set') content = Buffer.concat([before, octets, after.subarray(octets.length)]);
    if (kind === 'cut') content = Buffer.from(before);
    if (kind === 'drop') content = Buffer.concat([before, after.subarray(length)]);
    if (kind === 'repeat') content = Buffer.concat([before, after.subarray(0, length), after]);
    if (kind === 'insert') content = Buffer.concat([before, octets, after]);
  }
  return content;
}

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foretaste-fuzz-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Reads to the end, or throws what an import reports as unreadable: an Error with words, never a crash of another kind. */
async function readAll(format: FormatName, content: Buffer): Promise<void> {
  const path = join(dir, `${format}.data`);
  await writeFile(path, content);
  const signal = AbortSignal.timeout(60_000);
  let last = 0;
  try {
    const batches = READERS[format](path, {
      dataset: 'set',
      columns: {},
      labels: true,
      texts: true,
      after: 0,
      signal,
      onSuspicion: () => undefined,
    });
    for await (const { items } of batches) {
      for (const item of items) {
        expect(item.row).toBeGreaterThanOrEqual(last);
        last = item.row;
        if (isRead(item))
          for (const { value } of item.record.digests) expect(value).toMatch(/^[0-9a-f]{32,128}$/);
        else expect(item.expected).not.toBe('');
      }
    }
  } catch (cause) {
    if (signal.aborted || !(cause instanceof Error) || cause.constructor.name === 'AssertionError')
      throw cause;
  }
}

/** Generous: what is tested is that they end, not how soon on a busy machine. */
const PATIENCE = { timeout: 180_000 };

describe('hostile snapshot files', PATIENCE, () => {
  it.each(Object.keys(SEEDS) as FormatName[])('%s, damaged', async (format) => {
    const sound = await SEEDS[format]();
    await fc.assert(
      fc.asyncProperty(damage, async (spots) => {
        await readAll(format, spoil(sound, spots));
      }),
      // Each Parquet file is read by a thread of its own, which takes a second to start on a busy machine.
      { numRuns: format === 'parquet' ? 12 : 120, endOnFailure: true },
    );
  });

  it('any octets at all are of a known format, or are refused by name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (octets, compressed) => {
        const path = join(dir, 'any.data');
        await writeFile(path, compressed ? gzipSync(octets) : octets);
        try {
          const format = await detectFormat(path, new AbortController().signal);
          await readAll(format, await readFile(path));
        } catch (cause) {
          expect(cause).toBeInstanceOf(ForetasteError);
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('a signature with anything at all in its fields is valid, doubted or refused by name', () => {
    const any = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.constant(undefined),
      fc.constantFrom(...rootCertificates.slice(0, 3)),
    );
    const signed = fc.record({ signature: any, publicKey: any, domainCert: any, domain: any, created: any });
    fc.assert(
      fc.property(signed, (fields) => {
        try {
          verifySignature({ ...fields, hash: 'sha256:0' }, 'sha256:0', rootCertificates.slice(0, 3));
        } catch (cause) {
          expect(cause).toBeInstanceOf(ForetasteError);
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it.each(['jsonl', 'csv', 'tsv', 'cdxj', 'cdx', 'txt', 'warc'] as const)(
    '%s, damaged after compression',
    async (format) => {
      const sound = await SEEDS[format]();
      await fc.assert(
        fc.asyncProperty(damage, fc.boolean(), async (spots, zstd) => {
          await readAll(format, spoil(zstd ? zstdCompressSync(sound) : gzipSync(sound), spots));
        }),
        { numRuns: 40, endOnFailure: true },
      );
    },
  );

  it('a file of zeros that inflates without end stays within its limits', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    const before = process.memoryUsage().rss;
    for (const format of ['jsonl', 'csv', 'tsv', 'cdxj', 'cdx', 'txt', 'warc'] as const)
      await readAll(format, bomb);
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * 2 ** 20);
  });
});
