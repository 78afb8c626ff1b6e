/** Reads kept captures back as views, text and pictures. Node only: content codings and pictures need its libraries. */
import sharp from 'sharp';
import type { BodyStore, Bytes, Capture, CaptureRecord, ImageDecoder } from '../domain/index.ts';
import { field } from '../domain/index.ts';
import { bodyOf } from '../fetch/body.ts';
import { textOf } from '../view/charset.ts';
import { type ViewTools, viewOf } from '../view/index.ts';
import type { DashboardDeps, StoredText } from './deps.ts';

/** Most of a text that a page shows: a megabyte of source is beyond what anyone reads. */
const MOST_TEXT = 1_000_000;
/** Longest side of a preview: fits a screen beside another one. */
const PREVIEW_SIDE = 1600;

async function bytesOf(bodies: BodyStore, sha256: string): Promise<Uint8Array | undefined> {
  const found = await bodies.get(sha256);
  if (found === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function captureOf(
  bodies: BodyStore,
  record: CaptureRecord,
  inflate: Bytes,
): Promise<Capture | undefined> {
  const bytes = await bytesOf(bodies, record.sha256);
  if (bytes === undefined) return undefined;
  return {
    kind: 'capture',
    identity: record.identity,
    url: record.url,
    status: record.status,
    reason: record.reason,
    httpVersion: record.httpVersion,
    fields: record.fields,
    trailers: [],
    body: bodyOf(bytes, field(record.fields, 'content-encoding'), inflate),
    digests: { entity: { sha256: record.sha256 }, decoded: {} },
    mediaType: record.mediaType,
    truncated: false,
    startedAt: record.startedAt,
    duration: 0,
  };
}

/** A picture as PNG made from its decoded pixels: nothing of the file itself reaches a browser. */
async function pictureOf(decoder: ImageDecoder, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { pixels, width, height } = await decoder.decode(bytes, 'application/octet-stream');
  const png = await sharp(new Uint8Array(pixels), { raw: { width, height, channels: 3 } })
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 6 })
    .toBuffer();
  return new Uint8Array(png);
}

/**
 * What the dashboard reads kept captures with: the same views that were judged.
 * `inflate`: most that a body may decode to. Each rejects for content that cannot be read.
 */
export function readKept(
  bodies: BodyStore,
  tools: ViewTools,
  { inflate }: { readonly inflate: Bytes },
): Required<Pick<DashboardDeps, 'view' | 'text' | 'preview'>> {
  return {
    view: async (record) => {
      const capture = await captureOf(bodies, record, inflate);
      return capture === undefined ? undefined : viewOf(capture, tools);
    },
    text: async (record): Promise<StoredText | undefined> => {
      const capture = await captureOf(bodies, record, inflate);
      if (capture === undefined) return undefined;
      const bytes = await capture.body.decoded();
      if (bytes.subarray(0, 1024).includes(0)) return undefined;
      const text = textOf(bytes, field(record.fields, 'content-type'));
      return { text: text.slice(0, MOST_TEXT), truncated: text.length > MOST_TEXT };
    },
    preview: async (sha256) => {
      const bytes = await bytesOf(bodies, sha256);
      return bytes === undefined ? undefined : pictureOf(tools.decoder, bytes);
    },
  };
}
