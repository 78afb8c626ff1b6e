/** What is still held of a verdict's captures: the crawler's own and the references', as text and as views. */
import {
  type BodyStore,
  type Bytes,
  type CaptureRecord,
  CRAWLER,
  field,
  type Hex,
  type Verdict,
  type View,
  type ViewSummary,
} from '../domain/index.ts';
import type { DashboardDeps, StoredText } from './deps.ts';

/** Most of a body that a page shows: a megabyte of source is beyond what anyone reads. */
const MOST_TEXT: Bytes = 1_000_000;

/** One kept capture with what can be made of it. */
export interface Held {
  /** The identity, numbered from its second capture on. */
  readonly name: string;
  readonly record: CaptureRecord;
  readonly usable: boolean;
  readonly view: View | undefined;
  readonly text: StoredText | undefined;
}

export interface Evidence {
  readonly own: Held | undefined;
  readonly references: readonly Held[];
}

/** The crawler's own summary among the views: by name, or else by the verdict's digest. */
export const ownSummary = (verdict: Verdict): ViewSummary | undefined =>
  verdict.views.find(({ identity }) => identity === CRAWLER) ??
  verdict.views.find(({ identity }) => identity.startsWith('crawler@')) ??
  verdict.views.find(({ sha256 }) => sha256 === verdict.digest.sha256);

/** Reads up to `most` bytes; `cut` where more follow. */
async function read(
  stream: AsyncIterable<Uint8Array>,
  most: Bytes,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; cut: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let cut = false;
  for await (const chunk of stream) {
    const room = chunk.subarray(0, most - size);
    parts.push(room);
    size += room.length;
    cut = room.length < chunk.length;
    if (cut) break;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, cut };
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

/** A kept capture as UTF-8 text, gzip and deflate removed; undefined where it is gone, otherwise coded, or no text. */
export async function storedText(bodies: BodyStore, record: CaptureRecord): Promise<StoredText | undefined> {
  const body = await bodies.get(record.sha256);
  if (body === undefined) return undefined;
  const coding = field(record.fields, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
  const sent = await read(body.stream, MOST_TEXT);
  let { bytes, cut } = sent;
  if (coding === 'gzip' || coding === 'x-gzip' || coding === 'deflate') {
    const decoder = new DecompressionStream(coding === 'deflate' ? 'deflate' : 'gzip');
    const plain = new Blob([sent.bytes]).stream().pipeThrough(decoder);
    ({ bytes, cut } = await read(chunksOf(plain), MOST_TEXT));
  } else if (coding !== 'identity') return undefined;
  return { text: new TextDecoder().decode(bytes), truncated: cut };
}

/** Bytes that are no text are no lines to compare: a NUL near the start tells them, as git does. */
const onlyText = (read: StoredText | undefined): StoredText | undefined =>
  read?.text.slice(0, 8000).includes('\0') ? undefined : read;

/** What is held of each body: several identities may have been given the same one. */
async function readBodies(
  records: readonly CaptureRecord[],
  deps: DashboardDeps,
): Promise<Map<Hex, Pick<Held, 'record' | 'view' | 'text'>>> {
  const textOf = deps.text ?? ((record: CaptureRecord) => storedText(deps.bodies, record));
  const distinct = new Map(records.map((record) => [record.sha256, record] as const));
  const read = [...distinct].map(async ([sha256, record]) => {
    // Evidence that cannot be read any more is evidence that is not there: the page says so and shows the rest.
    const [view, text] = await Promise.all([
      deps.view?.(record).catch(() => undefined),
      textOf(record).then(onlyText, () => undefined),
    ]);
    return [sha256, { record, view, text }] as const;
  });
  return new Map(await Promise.all(read));
}

/**
 * Everything held of a verdict's captures: the crawler's own, and what each other identity was given. A body is kept
 * once, so an identity without a capture of its own may still have one that another was given too.
 */
export async function evidenceOf(verdict: Verdict, deps: DashboardDeps): Promise<Evidence> {
  const records = await deps.verdicts.captures(verdict.id);
  const bodies = await readBodies(records, deps);
  const own = ownSummary(verdict);
  const times = new Map<string, number>();
  const heldBy = (summary: ViewSummary): Held | undefined => {
    const body = summary.sha256 === null ? undefined : bodies.get(summary.sha256);
    if (body === undefined) return undefined;
    const nth = (times.get(summary.identity) ?? 0) + 1;
    times.set(summary.identity, nth);
    const record = records.find(
      ({ identity, sha256 }) => identity === summary.identity && sha256 === summary.sha256,
    );
    return {
      ...body,
      record: record ?? body.record,
      name: nth === 1 ? summary.identity : `${summary.identity} (${nth})`,
      usable: summary.evidence === 'usable',
    };
  };
  return {
    own: own === undefined ? undefined : heldBy(own),
    references: verdict.views
      .filter(({ identity }) => identity !== own?.identity)
      .map(heldBy)
      .filter((held) => held !== undefined),
  };
}
