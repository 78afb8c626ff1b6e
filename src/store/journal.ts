/** The one way into the log: appends that arrive together are committed together, at the end of the chain. */
import type { CompiledQuery } from 'kysely';
import { ForetasteError } from '../domain/error.ts';
import { builtOnce } from './built.ts';
import { canonicalJson, chainOf, GENESIS } from './chain.ts';
import { addingTo, addUp, type SourceCount } from './counts.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './schema.ts';

/** Most entries in one transaction: bounds what one commit holds in memory and how long others wait. */
const LARGEST_BATCH = 256;
/** Other processes may take the place at the end of the log; each try moves past one of their commits. */
const MOST_TRIES = 50;

/**
 * While several come at a time, so long is waited for more of them: a commit costs the same for one as for ten, and no one
 * notices. Who comes alone does not wait.
 */
const COMPANY_MS = 2;

/** An entry that waits for its place. */
export interface Entry {
  readonly kind: 'verdict' | 'review' | 'source-review';
  readonly subject: string;
  /** Host whose aggregates it moves. */
  readonly source: string;
  /** What the log keeps; `seq` and `kind` are added. */
  readonly content: Readonly<Record<string, unknown>>;
  /**
   * What changes beside the log, once the place is known. Run again at every try; what it reads is still true at the
   * commit, since any other write would have taken the place.
   */
  statements(seq: number): Promise<readonly CompiledQuery[]>;
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

/** `moved` is told of each source whose aggregates a commit has moved, before those who wait for it. */
export function openJournal(engine: Engine, moved: (source: string) => void): Journal {
  const built = journalStatements(engine);
  const queue: Waiting[] = [];
  let draining: Promise<void> | undefined;

  const drain = async () => {
    // Appends of the same turn come before this continuation runs, so they share the first batch.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      await settle(batch);
      if (batch.length > 1) await new Promise((resolve) => setTimeout(resolve, COMPANY_MS));
    }
    draining = undefined;
  };

  const settle = async (batch: Waiting[]): Promise<void> => {
    try {
      const first = await commitBatch(
        engine,
        built,
        batch.map(({ entry }) => entry),
      );
      for (const { entry } of batch) moved(entry.source);
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
  for (const { kind, subject, content, statements: beside, counts: counted } of entries) {
    seq += 1;
    const entry = canonicalJson({ ...content, kind, seq });
    chain = await chainOf(chain, entry, digest);
    // The log line comes first: where another writer was faster, its place fails the whole commit.
    statements.push(line({ seq, kind, subject, entry, chain }), ...(await beside(seq)));
    counts.push(...(counted?.(seq) ?? []));
  }
  return [...statements, ...addUp(counts).map(add)];
}
