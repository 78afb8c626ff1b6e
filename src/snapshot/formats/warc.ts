/** WARC: what each response held, its digest recomputed from the stored bytes and its scope found by test. */
import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Bytes, DigestScope, RecordedDigest, RecordedHash, SnapshotRecord } from '../../domain/index.ts';
import { parseDigest, shown } from '../digest.ts';
import { sketchOfExtract } from '../sketch.ts';
import { canonicalUrl } from '../url.ts';
import { readDate } from './dates.ts';
import { BATCH, type Batch, type Item, type ReadOptions } from './format.ts';
import { type Payload, readPayload } from './http-payload.ts';
import { openContent } from './lines.ts';
import { sketchOfContent } from './recorded-page.ts';
import { NotWarc, type WarcRecord, warcRecords } from './warc-records.ts';

/** A block is held while its digests are taken; of a larger one only the recorded digest is kept. */
const LARGEST_BLOCK: Bytes = 64 * 2 ** 20;

const OTHER_BYTES = 'the recorded digest is not that of the stored bytes';

/** `request`, `warcinfo`, `metadata` and `continuation` say nothing of what a URL served. */
const TYPES = new Set(['response', 'resource', 'revisit', 'conversion']);

export async function* readWarc(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  const { stream, position } = await openContent(path, options.signal);
  yield* readWarcStream(stream, position, options);
}

/** `before`: records of earlier files that are counted as one with this, as in a WACZ. */
export async function* readWarcStream(
  stream: Readable,
  position: () => Bytes,
  options: ReadOptions,
  before = 0,
): AsyncGenerator<Batch> {
  let items: Item[] = [];
  let last = before;
  try {
    for await (const record of warcRecords(stream, LARGEST_BLOCK, (fields) =>
      TYPES.has(fields.get('warc-type') ?? ''),
    )) {
      last = before + record.number;
      if (last <= options.after) continue;
      const item = itemOf(last, record, options);
      if (item !== undefined) items.push(item);
      // A block may be large: progress and interruption go by blocks, not by counts alone.
      if (items.length < BATCH && record.block.length < LARGEST_BLOCK / 64) continue;
      yield { items, position: position() };
      items = [];
    }
  } catch (cause) {
    if (!(cause instanceof NotWarc)) throw cause;
    items.push({ row: last + 1, expected: 'a WARC record', got: cause.message });
  }
  yield { items, position: position() };
}

function itemOf(row: number, record: WarcRecord, options: ReadOptions): Item | undefined {
  const { fields } = record;
  const type = fields.get('warc-type') ?? '';
  if (!TYPES.has(type)) return undefined;
  const url = (fields.get('warc-target-uri') ?? '').replace(/^<(.*)>$/, '$1');
  // Tools put their own files in resources: metadata://, urn:, dns:.
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !/^https?:/i.test(url)) return undefined;
  if (canonicalUrl(url) === undefined)
    return { row, column: 'WARC-Target-URI', expected: 'an absolute http or https URL', got: shown(url) };
  const given = fields.get('warc-date') ?? '';
  const date = readDate(given);
  if (date === undefined) return { row, column: 'WARC-Date', expected: 'a date and time', got: shown(given) };
  const text = fields.get(type === 'conversion' ? 'warc-block-digest' : 'warc-payload-digest');
  const recorded = text === undefined ? undefined : parseDigest(text, { usual: 'sha1' });
  if (recorded !== undefined && 'expected' in recorded)
    return { row, column: 'WARC-Payload-Digest', expected: recorded.expected, got: recorded.got };
  const found = digestsOf(type, record, recorded);
  const perceptual = options.texts ? sketchOf(found.content, url) : [];
  const { digests, httpStatus, note } = found;
  return {
    row,
    record: { url, date, dataset: options.dataset, httpStatus, digests, perceptual, label: null, note },
  };
}

type Digested = Pick<SnapshotRecord, 'digests' | 'httpStatus' | 'note'>;

/** What is whole of a page: a response, or the text that somebody extracted. */
type Content = Payload | { readonly extract: Buffer };

function sketchOf(content: Content | undefined, url: string): RecordedHash[] {
  if (content === undefined) return [];
  if ('extract' in content) return sketchOfExtract(content.extract.toString());
  const { status, decoded, mediaType, contentType } = content;
  return status !== 200 || decoded === undefined
    ? []
    : sketchOfContent(decoded, { mediaType, contentType, url });
}

function digestsOf(
  type: string,
  record: WarcRecord,
  recorded: { alg: RecordedDigest['alg']; value: string } | undefined,
): Digested & { readonly content?: Content } {
  const { fields, block, cut } = record;
  const as = (scope: DigestScope): RecordedDigest[] =>
    recorded === undefined ? [] : [{ ...recorded, scope }];
  if (type === 'conversion') {
    const sound = recorded === undefined || cut || hash(recorded.alg, block) === recorded.value;
    const note = cut ? 'truncated' : sound ? null : OTHER_BYTES;
    return {
      digests: as('text'),
      httpStatus: null,
      note,
      ...(note === null ? { content: { extract: block } } : {}),
    };
  }
  const isHttp = /^application\/http\b/i.test(fields.get('content-type') ?? '');
  const payload = isHttp || type !== 'resource' ? readPayload(block) : undefined;
  const httpStatus = payload?.status ?? null;
  // The digest of a revisit is that of the capture it repeats; its own block is empty or a head.
  if (type === 'revisit') return { digests: as('unknown'), httpStatus, note: 'revisit' };
  const truncated = fields.get('warc-truncated');
  if (truncated !== undefined) return { digests: as('unknown'), httpStatus, note: `truncated: ${truncated}` };
  if (cut || fields.has('warc-segment-number'))
    return { digests: as('unknown'), httpStatus, note: 'truncated' };
  const whole: Payload = payload ?? {
    status: null,
    mediaType: '',
    contentType: '',
    stored: block,
    entity: block,
    decoded: block,
    decodedByArchive: false,
  };
  return { ...confirm(whole, recorded), httpStatus, content: whole };
}

/** Which form of the stored bytes has the recorded digest; where none has, what the bytes themselves give. */
function confirm(
  payload: Payload,
  recorded: { alg: RecordedDigest['alg']; value: string } | undefined,
): Omit<Digested, 'httpStatus'> {
  const { stored, entity, decoded, decodedByArchive } = payload;
  const whole: DigestScope = decodedByArchive ? 'decoded' : 'entity';
  const digestOf = (bytes: Buffer, scope: DigestScope): RecordedDigest => ({
    alg: 'sha256',
    value: hash('sha256', bytes),
    scope,
  });
  const own = digestOf(entity, whole);
  // A server that compresses anew gives other octets of the same content.
  const also = decoded === undefined || decoded === entity ? [] : [digestOf(decoded, 'decoded')];
  if (recorded === undefined) return { digests: [own, ...also], note: null };
  const is = (bytes: Buffer): boolean => hash(recorded.alg, bytes) === recorded.value;
  if (is(entity)) return { digests: [{ ...recorded, scope: whole }, ...also], note: null };
  if (decoded !== undefined && is(decoded))
    return { digests: [{ ...recorded, scope: 'decoded' }], note: null };
  // Over chunk framing, which no other delivery repeats; the digests of what it frames can be checked instead.
  if (is(stored)) return { digests: [own, ...also, { ...recorded, scope: 'wire' }], note: null };
  return { digests: [own, ...also], note: OTHER_BYTES };
}
