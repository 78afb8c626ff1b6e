/** An exchange: one request of a crawler and the response it is owed; and what came back when it was asked. */
import type { IdentityName } from './identity.ts';
import type { DigestAlgorithm } from './snapshot.ts';
import type { Bytes, Hex, Milliseconds } from './units.ts';

/** Header or trailer fields as they stood on the wire: order, case and duplicates kept. */
export type Fields = ReadonlyArray<readonly [name: string, value: string]>;

/** What a crawler asked for. Everything here is end-to-end: hop-by-hop and `Foretaste-*` fields are already gone. */
export interface Exchange {
  /** A ULID; the verdict carries the same id. */
  readonly id: string;
  readonly method: string;
  /** Absolute, as asked, without fragment. */
  readonly url: string;
  /** `OPTIONS *`, which no URL can say: the server as a whole is asked, and `url` names its root. */
  readonly asterisk?: true;
  /** Host under review: lower case, without port, IPv6 in brackets. */
  readonly source: string;
  readonly fields: Fields;
  /** Request content; only ever sent once, by the crawler's own identity. */
  readonly content?: AsyncIterable<Uint8Array>;
  readonly receivedAt: Milliseconds;
  /** What the crawler spoke; the origin is offered HTTP/2 only where the crawler itself used it. Absent: HTTP/1.1. */
  readonly httpVersion?: Capture['httpVersion'];
  /** Told of each interim response (100, 102, 103) of the origin as it comes, so that it can be passed on. */
  readonly interim?: (status: number, fields: Fields) => void;
  /** `Foretaste-Label`: the caption that the dataset will pair with this URL. */
  readonly label?: string;
  /** `Foretaste-Expect-Digest` (RFC 9530): digests the client says the content has. */
  readonly expectedDigests?: readonly ExpectedDigest[];
}

export interface ExpectedDigest {
  readonly alg: DigestAlgorithm;
  readonly value: Hex;
}

/**
 * Content that was received once and may be read many times: from memory while small, from a spool file when large.
 * @see Promise 1: the bytes delivered are the bytes judged.
 */
export interface Body {
  readonly size: Bytes;
  /** All of it, where it is in memory: as `bytes`, without waiting. */
  readonly held?: Uint8Array | undefined;
  /** All of it. Throws ForetasteError `body-too-large` where reading it whole would break the memory limit. */
  bytes(): Promise<Uint8Array>;
  stream(): AsyncIterable<Uint8Array>;
  /**
   * All of it with the content codings removed; an unknown coding leaves the entity as it is.
   * Throws ForetasteError `too-large` beyond the inflate limit, `http-protocol-error` where a coding is broken.
   */
  decoded(): Promise<Uint8Array>;
  /** Frees the spool file, if there is one. Idempotent. */
  release(): Promise<void>;
}

/** Digests taken while the content streamed past; lower-case hex. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, Hex>>>;

/** One fetched response as received: status, fields, content, timings. */
export interface Capture {
  readonly kind: 'capture';
  /** Who asked; an answer names its own identity. */
  readonly identity: IdentityName;
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly fields: Fields;
  readonly trailers: Fields;
  /** Entity: transfer coding removed, content coding as sent. */
  readonly body: Body;
  /** Over the entity as sent (`entity`) and, where a content coding was removed, over what came out (`decoded`). */
  readonly digests: { readonly entity: Digests; readonly decoded: Digests };
  /** `type/subtype` in lower case without parameters, `application/octet-stream` when absent. */
  readonly mediaType: string;
  /** The entity broke off before its announced end, or went over a limit. Never evidence. */
  readonly truncated: boolean;
  /** Octets of content that came, where that is more than `body` kept. */
  readonly received?: Bytes;
  readonly startedAt: Milliseconds;
  readonly duration: Milliseconds;
}

/**
 * The crawler's own response while it is arriving. Content is spooled as it comes, so that a verdict can wait for the end;
 * beyond `limits.body` nothing more is taken from the origin until `stream` is read.
 */
export interface Arrival {
  readonly kind: 'arrival';
  readonly head: Pick<Capture, 'status' | 'reason' | 'httpVersion' | 'fields' | 'mediaType'>;
  /** False at the end of content that stayed within `limits.body`; true as soon as it went over. */
  readonly overflow: Promise<boolean>;
  /** All content from the first octet, for one reader, as it arrives. Throws where the origin broke off. */
  stream(): AsyncIterable<Uint8Array>;
  /** At the end of content. After an overflow `truncated`, its body the part that was kept, its digests over all. */
  readonly whole: Promise<Attempt>;
}

/** An attempt that brought no response. It neither corroborates nor accuses. */
export interface Failure {
  readonly kind: 'failure';
  readonly identity: IdentityName;
  readonly url: string;
  /** A Proxy-Status error type (RFC 9209, section 2.3), `connection_timeout` and so on. */
  readonly error: string;
  readonly detail: string;
  readonly startedAt: Milliseconds;
  readonly duration: Milliseconds;
}

export type Attempt = Capture | Failure;

/** What is kept of a capture beside its content: enough to view it again, and to write it as WARC. */
export interface CaptureRecord {
  readonly identity: IdentityName;
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: Capture['httpVersion'];
  readonly fields: Fields;
  readonly mediaType: string;
  /** Key of its content (the entity as it came, content coding on) in the body store. */
  readonly sha256: Hex;
  readonly bytes: Bytes;
  readonly startedAt: Milliseconds;
}

/** First value of a field, compared without case; undefined when absent. */
export function field(fields: Fields, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return fields.find((pair) => isNamed(pair, wanted))?.[1];
}

/** All values of a field, in order. */
export function fieldValues(fields: Fields, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const pair of fields) if (isNamed(pair, wanted)) values.push(pair[1]);
  return values;
}

/** Lengths first: most fields are another one, and this is asked many times in each exchange. */
const isNamed = ([key]: Fields[number], wanted: string): boolean =>
  key.length === wanted.length && key.toLowerCase() === wanted;
