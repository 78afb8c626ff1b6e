/** The hash ladder: hold a capture against the records of its URL, from exact bytes down to similar content. */
import type {
  Capture,
  ExpectedDigest,
  Finding,
  ImageView,
  Ratio,
  RecordedDigest,
  SnapshotMatch,
  SnapshotRecord,
  SnapshotStatus,
  View,
} from '../domain/index.ts';
import { isEmptyDigest } from './digest.ts';
import { changedFinding, suspectFinding } from './findings.ts';
import { isSimilarText } from './likeness.ts';
import { matchPicture } from './pictures.ts';
import { likenessToSketch } from './sketch.ts';

/** Notes that start so say that the record itself is doubtful; the index writes them. */
const SUSPECT = 'reference-suspect';

export interface Matched {
  readonly match: SnapshotMatch;
  /** The content is what was recorded, exactly or pixel for pixel: nothing else need vouch for it. */
  readonly settled: boolean;
  /** Whether record and content agree, doubtful records included, for the tally of the dataset; undefined where nothing was compared. */
  readonly agrees: boolean | undefined;
  readonly findings: readonly Finding[];
}

/** How one record stands to the capture; `unverifiable`: nothing in it can be compared. */
type Outcome = 'same' | 'same-pixels' | 'similar' | 'changed' | 'far' | 'unverifiable';

interface Step {
  readonly record: SnapshotRecord;
  readonly outcome: Outcome;
  readonly distance: Ratio | null;
  /** What was compared, for a reader. */
  readonly by: string;
}

const UNLISTED: Matched = {
  match: { status: 'unlisted', dataset: null, date: null, distance: null },
  settled: false,
  agrees: undefined,
  findings: [],
};

/**
 * Match a capture against all records of its URL and what the client expects. The best rung over all records wins.
 * A record that cannot be checked (no digest, truncated, revisit, chunk-framed, text or unknown algorithm) is never a mismatch:
 * alone it gives `unlisted`, with its dataset. A digest that differs says only that bytes changed, so it is low evidence.
 */
export function matchRecords(
  records: readonly SnapshotRecord[],
  capture: Capture,
  view: View | undefined,
  expected: readonly ExpectedDigest[] = [],
): Matched {
  const all = expected.length === 0 ? records : [...records, expectation(capture.url, expected)];
  const [first] = all;
  if (first === undefined) return UNLISTED;
  const steps = all.map((record) => compare(record, capture, view));
  const exact = best(steps, ['same', 'same-pixels']);
  if (exact !== undefined) return hit(exact);
  // What follows rests on content that differs, and these captures hold none of the content that was asked for.
  if (capture.status === 404 || capture.status === 410 || view?.evidence === 'soft-404')
    return miss('gone', first);
  if (!hasContent(capture, view)) return miss('unlisted', first);
  const near = best(steps, ['similar']);
  if (near !== undefined) return hit(near);
  const differs = best(steps, ['far', 'changed']);
  if (differs === undefined) return miss('unlisted', first);
  if (isSuspect(differs.record)) return doubted(differs.record, false);
  return {
    match: matchOf('changed', differs),
    settled: false,
    agrees: false,
    findings: [
      changedFinding(differs.record, differs.outcome === 'far' ? differs.distance : null, differs.by),
    ],
  };
}

function hit(step: Step): Matched {
  const { record, outcome } = step;
  // A placeholder that is served again is no sign that the picture is what its caption says.
  if (isSuspect(record)) return doubted(record, true);
  const status = outcome === 'same' || outcome === 'same-pixels' ? outcome : 'similar';
  return { match: matchOf(status, step), settled: status !== 'similar', agrees: true, findings: [] };
}

/** A doubtful record neither accuses nor vouches. */
const doubted = (record: SnapshotRecord, agrees: boolean): Matched => ({
  ...miss('reference-suspect', record),
  agrees,
  findings: [suspectFinding(record)],
});

const matchOf = (status: SnapshotStatus, { record, distance }: Step): SnapshotMatch => ({
  status,
  dataset: record.dataset === '' ? null : record.dataset,
  date: record.date,
  distance,
});

const miss = (status: SnapshotStatus, record: SnapshotRecord): Matched => ({
  match: {
    status,
    dataset: record.dataset === '' ? null : record.dataset,
    date: record.date,
    distance: null,
  },
  settled: false,
  agrees: undefined,
  findings: [],
});

const isSuspect = ({ note }: SnapshotRecord): boolean => note?.startsWith(SUSPECT) ?? false;

/** Doubtful records come last: where a sound one matches too, it decides. */
function best(steps: readonly Step[], outcomes: readonly Outcome[]): Step | undefined {
  const fitting = steps.filter(({ outcome }) => outcomes.includes(outcome));
  const rank = ({ record, outcome }: Step): number =>
    isSuspect(record) ? outcomes.length : outcomes.indexOf(outcome);
  return fitting.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** What the client says the content is: a record without a dataset. */
const expectation = (url: string, expected: readonly ExpectedDigest[]): SnapshotRecord => ({
  url,
  date: null,
  dataset: '',
  httpStatus: null,
  digests: expected.map(({ alg, value }) => ({ alg, value, scope: 'unknown' })),
  perceptual: [],
  label: null,
  note: null,
});

/** A whole, usable response of the kind that a dataset records. */
const hasContent = (capture: Capture, view: View | undefined): boolean =>
  !capture.truncated &&
  capture.status >= 200 &&
  capture.status < 300 &&
  capture.status !== 206 &&
  (view === undefined || view.evidence === 'usable');

function compare(record: SnapshotRecord, capture: Capture, view: View | undefined): Step {
  const image = view?.kind === 'image' ? view : undefined;
  const checks = record.digests.map((digest) => checkDigest(digest, record, capture, image));
  if (checks.includes('same')) return { record, outcome: 'same', distance: 0, by: 'digest' };
  if (checks.includes('same-pixels')) return { record, outcome: 'same-pixels', distance: 0, by: 'pixels' };
  const near = image === undefined ? compareWords(record, view) : comparePictures(record, image);
  if (near !== undefined) return near;
  return checks.includes('changed')
    ? { record, outcome: 'changed', distance: null, by: 'digest' }
    : { record, outcome: 'unverifiable', distance: null, by: 'nothing' };
}

/** Notes under which the digest covers other bytes than a response delivers whole. A match is still a match. */
const UNCHECKABLE = /^(truncated|revisit|chunk-framed|empty)|; (truncated|revisit|chunk-framed|empty)/;

/**
 * A digest that is equal over either form of the body is equal, whatever its scope says. One that differs is a change only where
 * its scope is one of the forms at hand.
 */
function checkDigest(
  { alg, value, scope }: RecordedDigest,
  { note }: SnapshotRecord,
  { digests, truncated }: Capture,
  image: ImageView | undefined,
): 'same' | 'same-pixels' | 'changed' | 'unverifiable' {
  if (isEmptyDigest(value)) return 'unverifiable';
  if (scope === 'image') {
    if (image === undefined || alg !== 'sha256') return 'unverifiable';
    return image.pixelSha256 === value ? 'same-pixels' : 'changed';
  }
  const ours = [digests.entity[alg], digests.decoded[alg]].filter((digest) => digest !== undefined);
  if (ours.length === 0 || truncated) return 'unverifiable';
  if (ours.includes(value)) return 'same';
  if (scope === 'wire' || scope === 'text' || (note !== null && UNCHECKABLE.test(note)))
    return 'unverifiable';
  return 'changed';
}

/** A page is like the recorded one where most of its words stand and few are new. New words are what pages are made for: no more than bytes that changed. */
function compareWords(record: SnapshotRecord, view: View | undefined): Step | undefined {
  const recorded = record.perceptual.find(({ alg }) => alg === 'minhash');
  if (recorded === undefined || view?.kind !== 'page') return undefined;
  const likeness = likenessToSketch(recorded.value, view);
  if (likeness === undefined) return undefined;
  const { kept, fresh = 0 } = likeness;
  const outcome = isSimilarText(likeness) ? 'similar' : 'changed';
  return { record, outcome, distance: Math.max(1 - kept, fresh), by: 'words' };
}

function comparePictures(record: SnapshotRecord, image: ImageView): Step | undefined {
  const match = matchPicture(record.perceptual, image);
  return match && { record, outcome: match.near ? 'similar' : 'far', distance: match.distance, by: match.by };
}
