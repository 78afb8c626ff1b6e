/** What a comparison with snapshot records is worth as evidence. */
import type { Finding, Ratio, SnapshotRecord } from '../domain/index.ts';

/**
 * Bytes of honest pages and pictures change: 5 to 15 % of images in a year, 40 % of pages in a week. So a digest that differs
 * says next to nothing; policy weighs it by this.
 */
const BYTES_CHANGED: Ratio = 0.1;
/** A perceptual hash as far as this is another picture: the mean distance of unrelated ones. */
const UNRELATED: Ratio = 0.5;
const LARGEST_SCORE: Ratio = 0.9;

/** ATLAS: AI Supply Chain Compromise: Data; AI Supply Chain Rug Pull. */
const TAXONOMY = ['AML.T0010.002', 'AML.T0109'];

/** `distance`: between perceptual hashes, null where only bytes were compared. `by` names what was compared. */
export function changedFinding(record: SnapshotRecord, distance: Ratio | null, by: string): Finding {
  const origin = originOf(record);
  const far = distance !== null;
  return {
    kind: 'snapshot.changed',
    severity: far ? 'medium' : 'info',
    score: far ? Math.min(LARGEST_SCORE, distance / UNRELATED) * LARGEST_SCORE : BYTES_CHANGED,
    summary: far
      ? `The picture is not the one that ${origin} recorded (${by} differ).`
      : `The content is not byte for byte what ${origin} recorded; much honest content changes too.`,
    taxonomy: TAXONOMY,
    rule: 'snapshot/ladder@1',
    evidence: { dataset: record.dataset, date: record.date, by, distance, digests: record.digests },
  };
}

/**
 * Content beside an archived capture of another time. Another picture is a hint; new text is what pages are made for, and says
 * no more than that bytes changed.
 */
export const differsFinding = (
  summary: string,
  what: 'picture' | 'text',
  evidence: Finding['evidence'],
): Finding => ({
  kind: 'snapshot.changed',
  severity: what === 'picture' ? 'medium' : 'info',
  score: what === 'picture' ? LARGEST_SCORE ** 2 : BYTES_CHANGED,
  summary,
  taxonomy: TAXONOMY,
  rule: 'snapshot/archived@1',
  evidence,
});

export const suspectFinding = (record: SnapshotRecord): Finding => ({
  kind: 'snapshot.reference-suspect',
  severity: 'info',
  score: BYTES_CHANGED,
  summary: `The record of ${originOf(record)} is doubtful and was not used: ${record.note ?? ''}.`,
  taxonomy: [],
  rule: 'snapshot/reference@1',
  evidence: { dataset: record.dataset, date: record.date, note: record.note },
});

const originOf = ({ dataset, date }: SnapshotRecord): string =>
  `${dataset === '' ? 'the client' : dataset}${date === null ? '' : ` (${date.slice(0, 10)})`}`;
