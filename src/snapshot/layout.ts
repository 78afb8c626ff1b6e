/** The fixed-width form of a record. Records of one shape share a layout, so that a row holds only what differs. */
import type { DigestAlgorithm, DigestScope, PerceptualAlgorithm, SnapshotRecord } from '../domain/index.ts';
import { DIGEST_BYTES, isEmptyDigest } from './digest.ts';
import { SKETCH_BYTES } from './sketch.ts';

export interface Layout {
  readonly dataset: string;
  readonly digests: ReadonlyArray<{ readonly alg: DigestAlgorithm; readonly scope: DigestScope }>;
  readonly perceptual: readonly PerceptualAlgorithm[];
  readonly date: 'none' | 'seconds' | 'milliseconds';
  readonly status: boolean;
  /** A note from the closed list; other notes stand with the label. */
  readonly note: string | null;
  /** Rows point into the text file of their import: label and free note. */
  readonly text: boolean;
}

/** Why a digest cannot be checked, or what a reader must know of it. Short, shared by many rows. */
export const COMMON_NOTES: ReadonlySet<string> = new Set([
  'truncated',
  'truncated: length',
  'truncated: time',
  'truncated: disconnect',
  'truncated: unspecified',
  'revisit',
  'empty',
  'chunk-framed',
  'no digest recorded',
  'the recorded digest is not that of the stored bytes',
]);

export const PERCEPTUAL_BYTES: Readonly<Record<PerceptualAlgorithm, number>> = {
  pdq: 32,
  phash: 8,
  minhash: SKETCH_BYTES,
};
const DATE_BYTES = { none: 0, seconds: 4, milliseconds: 6 } as const;
const LARGEST_SECONDS = 0xffff_ffff;
/** Ordinal of a text in the text file of its import. */
export const TEXT_BYTES = 4;

/** Octets of a row after its key. */
export const payloadWidth = (layout: Layout): number =>
  layout.digests.reduce((sum, { alg }) => sum + DIGEST_BYTES[alg], 0) +
  layout.perceptual.reduce((sum, alg) => sum + PERCEPTUAL_BYTES[alg], 0) +
  DATE_BYTES[layout.date] +
  (layout.status ? 2 : 0) +
  (layout.text ? TEXT_BYTES : 0);

/** Where the text ordinal stands in the payload: always last, so that equal rows differ in nothing before it. */
export const textOffset = (layout: Layout): number => payloadWidth(layout) - TEXT_BYTES;

export function layoutOf(record: SnapshotRecord, keepText: boolean): Layout {
  const at = record.date === null ? Number.NaN : Date.parse(record.date);
  const common = record.note !== null && COMMON_NOTES.has(record.note);
  return {
    dataset: record.dataset,
    digests: record.digests.map(({ alg, scope }) => ({ alg, scope })),
    perceptual: record.perceptual.map(({ alg }) => alg),
    date: Number.isNaN(at)
      ? 'none'
      : at % 1000 === 0 && at >= 0 && at / 1000 <= LARGEST_SECONDS
        ? 'seconds'
        : 'milliseconds',
    status: record.httpStatus !== null,
    note: common ? record.note : null,
    text: keepText && (record.label !== null || (record.note !== null && !common)),
  };
}

/** Equal for equal layouts; taken once a record, so it is built by hand. */
export function layoutKey(layout: Layout): string {
  let key = `${layout.date} ${layout.status} ${layout.text}`;
  for (const { alg, scope } of layout.digests) key += ` ${alg} ${scope}`;
  for (const alg of layout.perceptual) key += ` ${alg}`;
  return `${key}\n${layout.note}\n${layout.dataset}`;
}

/** Write all but the key of `record`; `target` has at least payloadWidth octets from `offset`. */
export function writePayload(
  record: SnapshotRecord,
  layout: Layout,
  text: number,
  target: Buffer,
  offset: number,
): void {
  let at = offset;
  for (const { value } of record.digests) at += target.write(value, at, 'hex');
  for (const { value } of record.perceptual) at += target.write(value, at, 'hex');
  if (layout.date === 'seconds') at = target.writeUInt32BE(Date.parse(record.date ?? '') / 1000, at);
  // Shifted, so that years before 1970 stand in an unsigned field too.
  if (layout.date === 'milliseconds')
    at = target.writeUIntBE(Date.parse(record.date ?? '') + EARLIEST, at, 6);
  if (layout.status) at = target.writeUInt16BE(record.httpStatus ?? 0, at);
  if (layout.text) target.writeUInt32BE(text, at);
}

const EARLIEST = 2 ** 46;

/** What a row says, and the ordinal of its text. */
export function readPayload(
  layout: Layout,
  row: Buffer,
  offset: number,
): { record: Omit<SnapshotRecord, 'url'>; text: number | undefined } {
  let at = offset;
  const take = (bytes: number): string => {
    at += bytes;
    return row.toString('hex', at - bytes, at);
  };
  const digests = layout.digests.map(({ alg, scope }) => ({ alg, value: take(DIGEST_BYTES[alg]), scope }));
  const perceptual = layout.perceptual.map((alg) => ({ alg, value: take(PERCEPTUAL_BYTES[alg]) }));
  let date: string | null = null;
  if (layout.date === 'seconds') date = new Date(row.readUInt32BE(at) * 1000).toISOString();
  if (layout.date === 'milliseconds') date = new Date(row.readUIntBE(at, 6) - EARLIEST).toISOString();
  at += DATE_BYTES[layout.date];
  const httpStatus = layout.status ? row.readUInt16BE(at) : null;
  at += layout.status ? 2 : 0;
  const empty = digests.length > 0 && digests.every(({ value }) => isEmptyDigest(value));
  const note = layout.note ?? (empty ? 'empty' : null);
  return {
    record: { date, dataset: layout.dataset, httpStatus, digests, perceptual, label: null, note },
    text: layout.text ? row.readUInt32BE(at) : undefined,
  };
}
