/** Responses, resources and conversions of a WARC file as content to be judged. */

import { readPayload } from '../../snapshot/formats/http-payload.ts';
import { openContent } from '../../snapshot/formats/lines.ts';
import { NotWarc, type WarcRecord, warcRecords } from '../../snapshot/formats/warc-records.ts';
import { httpUrl, type ScanLimits, type Scanned, tooLarge } from './item.ts';

/** A revisit repeats what another record holds. */
const TYPES = new Set(['response', 'resource', 'conversion']);
/** The head of a response stands in the block, before what the limit speaks of. */
const HEAD_BYTES = 64 * 1024;

export async function* scanWarc(
  path: string,
  limits: ScanLimits,
  signal: AbortSignal,
): AsyncGenerator<Scanned> {
  const { stream } = await openContent(path, signal);
  let last = 0;
  try {
    const records = warcRecords(stream, limits.body + HEAD_BYTES, (fields) =>
      TYPES.has(fields.get('warc-type') ?? ''),
    );
    for await (const record of records) {
      last = record.number;
      const item = itemOf(`${path}:${record.number}`, record, limits);
      if (item !== undefined) yield item;
    }
  } catch (cause) {
    if (!(cause instanceof NotWarc)) throw cause;
    yield { where: `${path}:${last + 1}`, expected: 'a WARC record', got: cause.message };
  }
}

/** Undefined for what no crawler asked a web server for. */
function itemOf(where: string, { fields, block, cut }: WarcRecord, limits: ScanLimits): Scanned | undefined {
  const type = fields.get('warc-type') ?? '';
  if (!TYPES.has(type)) return undefined;
  const { url } = httpUrl((fields.get('warc-target-uri') ?? '').replace(/^<(.*)>$/, '$1'));
  if (url === undefined) return undefined;
  if (cut) return tooLarge(where, Number(fields.get('content-length')), limits);
  const stored = (fields.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (stored !== 'application/http') return { where, url, mediaType: stored, bytes: block };
  const payload = readPayload(block);
  if (payload === undefined)
    return { where, expected: 'an HTTP response', got: block.toString('latin1', 0, 40) };
  if (payload.status !== null && (payload.status < 200 || payload.status > 299)) return undefined;
  return { where, url, mediaType: payload.mediaType, bytes: payload.decoded ?? payload.entity };
}
