/** WARC digests against warcio's check, and against the index that pywb makes. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SnapshotRecord } from '../../../src/domain/index.ts';
import { parseDigest } from '../../../src/snapshot/digest.ts';
import { isRead } from '../../../src/snapshot/formats/format.ts';
import { READERS } from '../../../src/snapshot/formats/readers.ts';
import { canonicalUrl } from '../../../src/snapshot/url.ts';

/** What warcio says of one record. */
export interface ArchiveAnswer {
  readonly path: string;
  /** Set where it gave up on the file; then nothing else is. */
  readonly error?: string;
  readonly type: string;
  readonly url: string | null;
  readonly date: string;
  readonly digest: string | null;
  readonly passed: boolean;
}

/** Writes the CDXJ that pywb makes of an archive, and says where. */
export type Indexer = (archive: string) => Promise<string>;

type Print = (name: string, value: string) => void;

export const archivesOf = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => /\.warc(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(dir, name));

/** Both counts over all archives; records that are told otherwise are shown one by one. */
export async function compareArchives(
  answers: readonly ArchiveAnswer[],
  archives: readonly string[],
  indexer: Indexer,
  print: Print,
): Promise<void> {
  const checked = { agree: 0, differ: 0 };
  const listed = { agree: 0, differ: 0 };
  for (const path of archives) {
    const records = await readRecords('warc', path);
    for (const answer of answers.filter((each) => each.path === path)) {
      if (answer.error !== undefined) print(`warcio gave up on ${basename(path)}`, answer.error);
      const said = judged(answer, records);
      if (said === undefined) continue;
      checked[said === answer.passed ? 'agree' : 'differ']++;
      if (said !== answer.passed)
        print(`differs: ${basename(path)} ${answer.url}`, `warcio ${answer.passed}, here ${said}`);
    }
    for (const line of await readRecords('cdxj', await indexer(path))) {
      const same = records.some((record) => isSame(record, line));
      listed[same ? 'agree' : 'differ']++;
      if (!same) print(`differs: ${basename(path)} ${line.url}`, 'not as pywb lists it');
    }
  }
  print('payload digests against warcio check', `${checked.agree} agree, ${checked.differ} differ`);
  print("captures against pywb's index", `${listed.agree} agree, ${listed.differ} differ`);
}

/** Whether the recorded digest is that of the stored bytes, as the importer found; undefined where neither tool checks. */
function judged(answer: ArchiveAnswer, records: readonly SnapshotRecord[]): boolean | undefined {
  if (!['response', 'resource'].includes(answer.type) || answer.digest === null || answer.url === null)
    return undefined;
  const record = records.find(
    ({ url, date }) => url === answer.url && Date.parse(date ?? '') === Date.parse(answer.date),
  );
  const recorded = parseDigest(answer.digest, { usual: 'sha1' });
  if (record === undefined || 'expected' in recorded) return undefined;
  return record.digests.some(({ alg, value }) => alg === recorded.alg && value === recorded.value);
}

/** A digest that the archive did not record is computed by each in its own way, so it is not compared. */
const isSame = (record: SnapshotRecord, line: SnapshotRecord): boolean =>
  canonicalUrl(record.url) === canonicalUrl(line.url) &&
  record.date?.slice(0, 19) === line.date?.slice(0, 19) &&
  (record.httpStatus === line.httpStatus || line.note === 'revisit') &&
  line.digests.every(({ alg, value }) =>
    record.digests.some((digest) => digest.alg !== alg || digest.value === value),
  );

async function readRecords(format: 'warc' | 'cdxj', path: string): Promise<SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  const options = {
    dataset: 'oracle',
    columns: {},
    labels: false,
    texts: false,
    after: 0,
    signal: new AbortController().signal,
    onSuspicion: () => undefined,
  };
  for await (const { items } of READERS[format](path, options))
    for (const item of items) if (isRead(item)) records.push(item.record);
  return records;
}
