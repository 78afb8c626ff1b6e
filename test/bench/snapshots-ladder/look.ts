/** Pictures as the ladder sees them: a capture, a view without its pixels, and the records a dataset could have made of it. */
import { hash } from 'node:crypto';
import sharp from 'sharp';
import type { Capture, Digests, ImageDecoder, ImageView, SnapshotRecord } from '../../../src/domain/index.ts';

export interface Looked {
  readonly name: string;
  readonly capture: Capture;
  readonly view: ImageView;
}

/** What datasets record of a picture: some all of it, COYO a pHash only. */
export const RECORDS = ['PDQ and pHash', 'PDQ only', 'pHash only'] as const;
export type RecordKind = (typeof RECORDS)[number];

export async function lookAt(name: string, bytes: Buffer, decoder: ImageDecoder): Promise<Looked> {
  const mediaType = `image/${(await sharp(bytes).metadata()).format}`;
  const digests: Digests = { sha256: hash('sha256', bytes) };
  const decoded = await decoder.decode(bytes, mediaType);
  const view: ImageView = {
    kind: 'image',
    identity: 'plain@direct',
    status: 200,
    mediaType,
    sha256: digests.sha256 ?? '',
    evidence: 'usable',
    evidenceReason: '',
    ...decoded,
    // Thousands of views are kept; the ladder needs but a sample of their pixels.
    pixels: sampled(decoded.pixels),
  };
  const capture: Capture = {
    kind: 'capture',
    identity: 'plain@direct',
    url: 'https://example.org/',
    status: 200,
    reason: 'OK',
    httpVersion: '1.1',
    fields: [],
    trailers: [],
    body: {
      size: bytes.length,
      bytes: async () => bytes,
      stream: async function* () {
        yield bytes;
      },
      decoded: async () => bytes,
      release: async () => undefined,
    },
    digests: { entity: digests, decoded: digests },
    mediaType,
    truncated: false,
    startedAt: 0,
    duration: 0,
  };
  return { name, capture, view };
}

export const recordOf = (
  { capture: { digests }, view: { pdq, pdqQuality, phash, pixelSha256 } }: Looked,
  kind: RecordKind,
): SnapshotRecord => ({
  url: 'https://example.org/',
  date: '2022-05-01T00:00:00.000Z',
  dataset: 'bench',
  httpStatus: null,
  digests: [
    { alg: 'sha256', value: digests.entity.sha256 ?? '', scope: 'entity' },
    { alg: 'sha256', value: pixelSha256, scope: 'image' },
  ],
  perceptual: [
    // Whoever records a PDQ leaves out those whose quality says that they mean nothing.
    ...(kind === 'pHash only' || pdqQuality < 50 ? [] : [{ alg: 'pdq' as const, value: pdq }]),
    ...(kind === 'PDQ only' ? [] : [{ alg: 'phash' as const, value: phash }]),
  ],
  label: null,
  note: null,
});

/** As many pixels as the ladder looks at. */
function sampled(pixels: Uint8Array): Uint8Array {
  const count = Math.floor(pixels.length / 3);
  const step = Math.max(1, Math.floor(count / 16_384));
  const sample = new Uint8Array(3 * Math.ceil(count / step));
  for (let at = 0, to = 0; at < count; at += step, to += 3)
    sample.set(pixels.subarray(3 * at, 3 * at + 3), to);
  return sample;
}
