/** The three forms of a stored HTTP body: as stored, without chunk framing (entity), and without content coding (decoded). */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Bytes } from '../../domain/index.ts';

export interface Payload {
  readonly status: number | null;
  /** `type/subtype` in lower case; empty where the response does not say. */
  readonly mediaType: string;
  /** In lower case, with its parameters. */
  readonly contentType: string;
  readonly stored: Buffer;
  /** Differs from `stored` only where the body really is in chunks; old archives keep the header and store it unframed. */
  readonly entity: Buffer;
  /** Undefined: the coding is unknown, broken or too large. */
  readonly decoded: Buffer | undefined;
  /** The archive says that it removed a content coding before storing: what is stored is the decoded form. */
  readonly decodedByArchive: boolean;
}

const MOST_INFLATED: Bytes = 256 * 2 ** 20;

/** `undefined`: the block does not begin like an HTTP response. */
export function readPayload(block: Buffer): Payload | undefined {
  const end = headEnd(block);
  const [statusLine = '', ...lines] = block.toString('latin1', 0, end.head).split(/\r?\n/);
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?:\s|$)/.exec(statusLine)?.[1];
  if (status === undefined) return undefined;
  const fields = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [
        line.slice(0, colon).trim().toLowerCase(),
        line
          .slice(colon + 1)
          .trim()
          .toLowerCase(),
      ];
    }),
  );
  const stored = block.subarray(end.body);
  const entity = /\bchunked\b/.test(fields.get('transfer-encoding') ?? '')
    ? (unchunk(stored) ?? stored)
    : stored;
  const coding = fields.get('content-encoding') ?? '';
  const decodedByArchive = fields.has('x-crawler-content-encoding');
  return {
    status: Number(status),
    mediaType: fields.get('content-type')?.split(';')[0]?.trim() ?? '',
    contentType: fields.get('content-type') ?? '',
    stored,
    entity,
    decoded: decodedByArchive ? entity : decode(entity, coding),
    decodedByArchive,
  };
}

function headEnd(block: Buffer): { head: number; body: number } {
  const strict = block.indexOf('\r\n\r\n');
  if (strict >= 0) return { head: strict, body: strict + 4 };
  const lax = block.indexOf('\n\n');
  return lax >= 0 ? { head: lax, body: lax + 2 } : { head: block.length, body: block.length };
}

/** The content of a body in chunks; undefined where it is not in chunks up to its end. @see RFC 9112, section 7.1 */
export function unchunk(body: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0 || end - at > 64) return undefined;
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(;.*)?$/.exec(body.toString('latin1', at, end))?.[1];
    if (size === undefined) return undefined;
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(parts);
    at = end + 2 + length;
    if (at > body.length) return undefined;
    parts.push(body.subarray(end + 2, at));
    if (body[at] !== 0x0d || body[at + 1] !== 0x0a) return undefined;
    at += 2;
  }
}

function decode(entity: Buffer, coding: string): Buffer | undefined {
  const options = { maxOutputLength: MOST_INFLATED };
  try {
    switch (coding) {
      case '':
      case 'identity':
        return entity;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(entity, options);
      case 'br':
        return brotliDecompressSync(entity, options);
      case 'zstd':
        return zstdDecompressSync(entity, options);
      case 'deflate':
        // Some servers send the bare form although zlib is meant; the first octet tells. @see RFC 9110, section 8.4.1.2
        return ((entity[0] ?? 0) & 0x0f) === 8
          ? inflateSync(entity, options)
          : inflateRawSync(entity, options);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
