/** Follow the log from its first line: no gap, no edited line, and every index row still says what its line says. */

import type { NewVerdict } from '../domain/verdict.ts';
import { canonicalJson, chainOf, GENESIS, sha256 } from './chain.ts';
import { diverges, isRecorded } from './effective.ts';
import type { Break, Engine } from './engine.ts';
import { urlKey } from './keys.ts';

const STEP = 500;

interface Line {
  readonly seq: number;
  readonly kind: string;
  readonly subject: string;
  readonly entry: string;
  readonly chain: string;
}

/** `entries` that hold, and the first place that does not. */
export async function verifyLog({ db }: Engine): Promise<{ entries: number; broken?: Break }> {
  let head = { seq: 0, chain: GENESIS };
  for (;;) {
    const lines = await db
      .selectFrom('log')
      .selectAll()
      .where('seq', '>', head.seq)
      .orderBy('seq')
      .limit(STEP)
      .execute();
    const indexed = await indexAfter(db, head.seq, lines.at(-1)?.seq ?? head.seq);
    for (const line of lines) {
      const reason = (await breakOf(line, head)) ?? (await indexBreakOf(line, indexed.get(line.seq)));
      if (reason !== undefined) return { entries: head.seq, broken: { seq: head.seq + 1, reason } };
      head = line;
    }
    if (lines.length < STEP) return endingAt(head.seq, await lastIndexed(db));
  }
}

/** Lines cut from the end leave a chain that holds; the index remembers that there were more. */
const endingAt = (entries: number, last: number) =>
  last > entries
    ? { entries, broken: { seq: entries + 1, reason: `Expected ${last} lines but the log ends before.` } }
    : { entries };

const lastIndexed = async (db: Engine['db']): Promise<number> => {
  const row = await db
    .selectFrom('verdicts')
    .select((eb) => eb.fn.max('seq').as('last'))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
};

type Indexed = Awaited<ReturnType<typeof readIndex>>[number];

const readIndex = (db: Engine['db'], after: number, upTo: number) =>
  db
    .selectFrom('verdicts as v')
    .leftJoin('captures as c', 'c.seq', 'v.seq')
    .select([
      'v.id',
      'v.seq',
      'v.url_key',
      'v.source',
      'v.sha256',
      'v.verdict',
      'v.action',
      'v.recorded',
      'v.diverges',
      'c.records',
    ])
    .where('v.seq', '>', after)
    .where('v.seq', '<=', upTo)
    .execute();

const indexAfter = async (db: Engine['db'], after: number, upTo: number): Promise<Map<number, Indexed>> =>
  new Map((await readIndex(db, after, upTo)).map((row) => [row.seq, row]));

async function breakOf(line: Line, head: { seq: number; chain: string }): Promise<string | undefined> {
  if (line.seq !== head.seq + 1) return `Expected line ${head.seq + 1} but the next one is ${line.seq}.`;
  if (line.chain !== (await chainOf(head.chain, line.entry)))
    return 'Expected the chain value of this line to follow from the line before, but it does not.';
  const { seq, kind } = JSON.parse(line.entry) as { seq: unknown; kind: unknown };
  if (seq !== line.seq || kind !== line.kind)
    return `Expected ${line.kind} ${line.seq} but the line speaks of ${String(kind)} ${String(seq)}.`;
  return undefined;
}

/** Index rows are not chained, so they are held against the line that they index. */
async function indexBreakOf(line: Line, indexed: Indexed | undefined): Promise<string | undefined> {
  if (line.kind !== 'verdict') return undefined;
  const { verdict, captures } = JSON.parse(line.entry) as { verdict: NewVerdict; captures?: string };
  const { records, ...row } = indexed ?? { records: null };
  const expected = {
    id: verdict.id,
    seq: line.seq,
    url_key: await urlKey(verdict.url),
    source: verdict.source,
    sha256: verdict.digest.sha256,
    verdict: verdict.verdict,
    action: verdict.action,
    recorded: isRecorded(verdict) ? 1 : 0,
    diverges: diverges(verdict) ? 1 : 0,
  };
  if (canonicalJson(row) !== canonicalJson(expected))
    return `Expected the index row of verdict ${verdict.id} to say what its line says, but it does not.`;
  return (records === null ? undefined : await sha256(records)) === captures
    ? undefined
    : `Expected the captures of verdict ${verdict.id} to have the digest that its line says, but they do not.`;
}
