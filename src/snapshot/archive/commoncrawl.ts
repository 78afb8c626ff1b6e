/** Archives in the shape of Common Crawl: an index says in which WARC file a capture stands and where, and that range is fetched. */
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { Bytes, Capture, Fields, Milliseconds } from '../../domain/index.ts';
import { bodyOf } from '../../fetch/body.ts';
import { digestsOf } from '../../fetch/digest.ts';
import { readPayload } from '../formats/http-payload.ts';
import { warcRecords } from '../formats/warc-records.ts';
import { chooseNearest, digitsOf, type Listed, rowsOf } from './choose.ts';
import { type Protocol, textOf } from './protocol.ts';

/** Common Crawl cuts content at a few MiB; this is far above, packed or unpacked. */
const LONGEST_RECORD: Bytes = 64 * 2 ** 20;

/**
 * `index`: the index of one crawl, `https://index.commoncrawl.org/CC-MAIN-2026-10-index`; `url`: what stands before the names of
 * WARC files. @see https://github.com/commoncrawl/cc-index-server
 */
export const commonCrawl = ({ url, index }: { url: string; index: string }): Protocol => ({
  async nearest(query, line) {
    const list = new URL(index);
    list.searchParams.append('url', query.url);
    list.searchParams.append('output', 'json');
    if (query.before !== undefined) list.searchParams.append('to', digitsOf(query.before));
    const rows = rowsOf((await textOf(await line.get(list.href, query.deadline))) ?? '');
    const choice = chooseNearest(rows.filter(isWhole), query.url, query);
    if (choice === undefined) return undefined;
    const { offset, length, filename = '' } = choice.listed;
    const [from, size] = [Number(offset), Number(length)];
    if (!Number.isSafeInteger(from) || !(size > 0 && size <= LONGEST_RECORD)) return undefined;
    const part = await line.get(`${url.replace(/\/$/, '')}/${filename}`, query.deadline, [
      ['Range', `bytes=${from}-${from + size - 1}`],
    ]);
    if (part === undefined) return undefined;
    try {
      return part.status === 206 ? await captureIn(part, query.url, choice.at) : undefined;
    } finally {
      await part.body.release();
    }
  },
});

const isWhole = ({ truncated, mime }: Listed): boolean =>
  (truncated === undefined || truncated === '') && mime !== 'warc/revisit';

/** The response record that a range of a WARC file holds; undefined where it holds none that can be read. */
async function captureIn(part: Capture, url: string, at: Milliseconds): Promise<Capture | undefined> {
  const block = await responseBlock(await part.body.bytes());
  const payload = block && readPayload(block);
  if (block === undefined || payload?.decoded === undefined || payload.status !== 200) return undefined;
  const { decoded } = payload;
  const fields = fieldsOf(block);
  const digests = digestsOf(decoded);
  const type = fields.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return {
    ...part,
    url,
    status: 200,
    reason: '',
    httpVersion: '1.1',
    fields,
    body: bodyOf(decoded),
    digests: { entity: digests, decoded: digests },
    mediaType: type.split(';')[0]?.trim().toLowerCase() || 'application/octet-stream',
    startedAt: at,
  };
}

/** The block of the first record, where that is a whole response. */
async function responseBlock(bytes: Uint8Array): Promise<Buffer | undefined> {
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const record = packed ? gunzipSync(bytes, { maxOutputLength: LONGEST_RECORD }) : Buffer.from(bytes);
    for await (const { fields, block, cut } of warcRecords(
      Readable.from([record]),
      LONGEST_RECORD,
      () => true,
    ))
      return fields.get('warc-type') === 'response' && !cut ? block : undefined;
  } catch {
    // Not gzip, not WARC, or more than any record: the archive has nothing that could be looked at.
  }
  return undefined;
}

/** Fields of the stored response. Its content is given decoded, so what described the codings is left out. */
const fieldsOf = (block: Buffer): Fields =>
  (block.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '')
    .split(/\r?\n/)
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
    .filter(([name]) => name !== '' && !CODING.test(name));

const CODING = /^(?:x-crawler-)?(?:content-encoding|transfer-encoding|content-length)$/i;
