/** The one way into the log: appends that arrive together are committed together, at the end of the chain. */
import type { CompiledQuery } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import { builtOnce } from './built.ts';
import { chainOf, GENESIS } from './chain.ts';
import { addingTo, addUp, type SourceCount } from './counts.ts';
import type { Addition, Engine } from './engine.ts';
import { placeAt, placed } from './place.ts';
import type { Tables } from './schema.ts';

/** Most entries in one transaction: bounds what one commit holds in memory and how long others wait. */
const LARGEST_BATCH = 256;
/** Other processes may take the place at the end of the log; each try moves past one of their commits. */
const MOST_TRIES = 50;

/**
 * While several come at a time, so long is waited for more of them: a commit costs the same for one as for ten, and no one
 * notices. Who comes alone does not wait.
 */
const COMPANY_MS = 3;

/** An entry that waits for its place. */
export interface Entry {
  readonly kind: Addition['kind'];
  readonly subject: string;
  /** Host whose aggregates it moves. */
  readonly source: string;
  /** What the log keeps, each member as canonical JSON; `seq` and `kind` are added. */
  readonly content: Readonly<Record<string, string>>;
  /**
   * What changes beside the log, once the place is known. Run again at every try; what it reads is still true at the
   * commit, since any other write would have taken the place.
   */
  statements(seq: number): readonly CompiledQuery[] | Promise<readonly CompiledQuery[]>;
  /** What it adds to its sources; counts of one batch are written together, after its statements. */
  counts?(seq: number): readonly SourceCount[];
  /** Reads what others of its batch might write: committed on its own. */
  readonly alone: boolean;
}

interface Waiting {
  readonly entry: Entry;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface Journal {
  /** The place in the log, once it is durable. Throws ForetasteError `store` where it could not be kept. */
  append(entry: Entry): Promise<number>;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
}

/** Told of what a commit has changed before those who wait for it. */
export interface Listener {
  /** The aggregates of a source are others now. */
  moved(source: string): void;
  /** So much was added to a source, and nothing else changed. */
  counted(count: SourceCount): void;
}

export function openJournal(engine: Engine, { moved, counted }: Listener): Journal {
  const built = journalStatements(engine);
  const queue: Waiting[] = [];
  let draining: Promise<void> | undefined;

  const drain = async () => {
    while (queue.length > 0) {
      // Appends of the same turn share a batch, and those that came while the batch before was written.
      await engine.turn?.();
      const batch = takeBatch(queue);
      await settle(batch);
      if (batch.length > 1) await new Promise((resolve) => setTimeout(resolve, COMPANY_MS));
    }
    draining = undefined;
  };

  const settle = async (batch: Waiting[]): Promise<void> => {
    try {
      const entries = batch.map(({ entry }) => entry);
      const first = await write(entries);
      batch.forEach(({ resolve }, place) => {
        resolve(first + place);
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) only.reject(error);
      // One entry that cannot be kept must not take the others with it.
      else for (const waiting of batch) await settle([waiting]);
    }
  };

  const write = async (entries: readonly Entry[]): Promise<number> => {
    if (engine.append === undefined || entries.some(({ alone }) => alone)) {
      const first = await commitBatch(engine, built, entries);
      for (const { source } of entries) moved(source);
      return first;
    }
    const { additions, counts } = await additionsOf(entries);
    const first = await engine.append(additions, counts.map(built.add));
    for (const count of counts) counted({ ...count, confirmed: placed(count.confirmed, first) });
    return first;
  };

  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        queue.push({ entry, resolve, reject });
        draining ??= drain();
      }),
    settled: async () => {
      await draining;
    },
  };
}

function takeBatch(queue: Waiting[]): Waiting[] {
  if (queue[0]?.entry.alone) return queue.splice(0, 1);
  const end = queue.findIndex(({ entry }, place) => entry.alone || place === LARGEST_BATCH);
  return queue.splice(0, end === -1 ? queue.length : end);
}

/** The position of the first entry of the batch. */
async function commitBatch(
  engine: Engine,
  built: JournalStatements,
  entries: readonly Entry[],
): Promise<number> {
  let head = await readHead(engine, built);
  for (let tries = 1; ; tries += 1) {
    const statements = await planBatch(engine, built, head, entries);
    try {
      await engine.commit(statements);
      return head.seq + 1;
    } catch (cause) {
      const now = await readHead(engine, built);
      if (now.seq === head.seq || tries === MOST_TRIES)
        throw new ForetasteError('store', `Expected to append to the log after ${head.seq} but could not.`, {
          cause,
        });
      head = now;
    }
  }
}

interface Head {
  readonly seq: number;
  readonly chain: string;
}

const journalStatements = ({ db }: Pick<Engine, 'db'>) => ({
  head: db.selectFrom('log').select(['seq', 'chain']).orderBy('seq', 'desc').limit(1).compile(),
  line: builtOnce((row: { [Column in keyof Tables['log']]: Tables['log'][Column] }) =>
    db.insertInto('log').values(row).compile(),
  ),
  add: addingTo(db),
});
type JournalStatements = ReturnType<typeof journalStatements>;

async function readHead({ db }: Engine, { head }: JournalStatements): Promise<Head> {
  const { rows } = await db.executeQuery(head);
  return rows[0] ?? { seq: 0, chain: GENESIS };
}

async function planBatch(
  { digest }: Engine,
  { line, add }: JournalStatements,
  head: Head,
  entries: readonly Entry[],
): Promise<CompiledQuery[]> {
  const statements: CompiledQuery[] = [];
  const counts: SourceCount[] = [];
  let { seq, chain } = head;
  for (const written of entries) {
    seq += 1;
    const { kind, subject } = written;
    const entry = around(written).join(String(seq));
    chain = await chainOf(chain, entry, digest);
    // The log line comes first: where another writer was faster, its place fails the whole commit.
    statements.push(line({ seq, kind, subject, entry, chain }), ...(await written.statements(seq)));
    counts.push(...(written.counts?.(seq) ?? []));
  }
  return [...statements, ...addUp(counts).map(add)];
}

/** For an engine that finds the places itself. */
async function additionsOf(
  entries: readonly Entry[],
): Promise<{ additions: readonly Addition[]; counts: readonly SourceCount[] }> {
  const counts: SourceCount[] = [];
  const additions: Addition[] = [];
  for (const entry of entries) {
    const place = placeAt(additions.length);
    const { kind, subject } = entry;
    const statements = entry.statements(place);
    const beside = statements instanceof Promise ? await statements : statements;
    additions.push({ kind, subject, around: around(entry), beside });
    for (const count of entry.counts?.(place) ?? []) counts.push(count);
  }
  return { additions, counts: addUp(counts) };
}

/** The canonical JSON of an entry, but for its place. */
function around({ kind, content }: Entry): [before: string, after: string] {
  const texts: [string, string] = ['{', ''];
  let side: 0 | 1 = 0;
  for (const key of [...Object.keys(content), 'kind', 'seq'].sort()) {
    const comma = texts[0] === '{' ? '' : ',';
    if (key === 'seq') {
      texts[0] += `${comma}"seq":`;
      side = 1;
    } else texts[side] += `${comma}"${key}":${key === 'kind' ? `"${kind}"` : content[key]}`;
  }
  texts[1] += '}';
  return texts;
}
