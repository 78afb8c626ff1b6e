/** The one schema of all engines: tables as Kysely sees them, and the steps that build them. */
import { type Kysely, sql } from 'kysely';

/** One line of the append-only record: a verdict or a review, chained to the line before. */
export interface LogTable {
  /** From 1, without gaps. */
  seq: number;
  kind: 'verdict' | 'review' | 'source-review';
  /** The verdict's id, or the host of a source review. */
  subject: string;
  /** Canonical JSON. */
  entry: string;
  /** SHA-256 over the chain value before and `entry`. */
  chain: string;
}

/** What verdicts are found by; their content stands in the log. Everything here can be derived from the log again. */
export interface VerdictTable {
  id: string;
  seq: number;
  url_key: string;
  source: string;
  sha256: string;
  verdict: string;
  /** As decided; reviews and revocation are applied when read. */
  action: string;
  decided_at: string;
  /** When this row last came to mean something else: appended or reviewed. */
  changed_at: string;
  /** 1 where a snapshot record matched: corroborated by something the source has no hand in. */
  recorded: number;
  /** 1 where a split view was found. */
  diverges: number;
  /** Log position of what confirmed the divergence, the verdict itself or a review; null where nothing did. */
  confirms: number | null;
  /** The newest review, JSON. */
  review: string | null;
}

/** What is kept of the captures of a verdict beside their content; the verdict's log line holds its digest. */
interface CaptureTable {
  seq: number;
  /** Canonical JSON of CaptureRecord[]. */
  records: string;
}

/** One line for each distinct finding kind of a verdict. */
interface KindTable {
  kind: string;
  seq: number;
}

/** Aggregates of a host or of a registrable domain. */
export interface SourceTable {
  scope: 'host' | 'domain';
  name: string;
  domain: string;
  exchanges: number;
  corroborated: number;
  divergences: number;
  clean: number;
  unverified: number;
  suspect: number;
  poisoned: number;
  pass: number;
  quarantine: number;
  block: number;
  /** Divergences in a million exchanges: an integer, so that pages can be cut by it. */
  rate_ppm: number;
  first_seen: string;
  last_seen: string;
  /** Log position of the newest confirmation that stands; what passed before it is revoked. */
  confirmed: number | null;
  /** Log position at which a person held the source to be lying; null where nobody did, or somebody cleared it since. */
  held: number | null;
  /** When `confirmed` last changed. */
  revised_at: string;
}

interface NoiseTable {
  source: string;
  template: string;
  volatile: string;
  pages: number;
}

/** What is asked again later. */
interface RecheckTable {
  verdict: string;
  step: number;
  /** Milliseconds since the Unix epoch. */
  due: number;
  /** JSON of AskedBefore. */
  asked: string;
}

interface EpochTable {
  domain: string;
  /** Null where it is not known. */
  registered: string | null;
  /** Milliseconds since the Unix epoch. */
  ask_after: number;
}

interface MarkTable {
  /** A host, or a registrable domain. */
  subject: string;
  kind: string;
  /** JSON of what was seen, the newest last. */
  seen: string;
  /** Milliseconds since the Unix epoch; null where it was never replaced. */
  turned_at: number | null;
  corroborated: number;
  checked_at: number;
}

interface MigrationTable {
  name: string;
}

export interface Tables {
  log: LogTable;
  verdicts: VerdictTable;
  kinds: KindTable;
  captures: CaptureTable;
  sources: SourceTable;
  noise: NoiseTable;
  rechecks: RecheckTable;
  epochs: EpochTable;
  marks: MarkTable;
  migrations: MigrationTable;
}

interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
  /** Columns that go after the statements: SQLite has no form for that which can be repeated. */
  readonly dropped?: ReadonlyArray<{ readonly table: keyof Tables; readonly column: string }>;
}

/** Steps in order; a step that was released is never edited. `{int}` is the engine's 64-bit integer. */
const MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-verdicts',
    statements: [
      `create table if not exists log (seq {int} primary key, kind text not null, subject text not null,
         entry text not null, chain text not null)`,
      `create index if not exists log_subject on log (subject, seq)`,
      `create table if not exists verdicts (id text primary key, seq {int} not null unique, url_key text not null,
         source text not null, sha256 text not null, verdict text not null, action text not null,
         decided_at text not null, changed_at text not null, latest {int} not null, recorded {int} not null,
         diverges {int} not null, confirms {int}, review text)`,
      `create index if not exists verdicts_url on verdicts (url_key, seq)`,
      `create index if not exists verdicts_source on verdicts (source, seq)`,
      `create index if not exists verdicts_verdict on verdicts (verdict, seq)`,
      `create index if not exists verdicts_changed on verdicts (changed_at)`,
      `create index if not exists verdicts_confirms on verdicts (source, confirms) where confirms is not null`,
      `create table if not exists captures (seq {int} primary key, records text not null)`,
      `create table if not exists kinds (kind text not null, seq {int} not null, primary key (kind, seq))`,
      `create table if not exists sources (scope text not null, name text not null, domain text not null,
         exchanges {int} not null, corroborated {int} not null, divergences {int} not null,
         clean {int} not null, unverified {int} not null, suspect {int} not null, poisoned {int} not null,
         pass {int} not null, quarantine {int} not null, block {int} not null, rate_ppm {int} not null,
         first_seen text not null, last_seen text not null, confirmed {int}, held {int},
         revised_at text not null, primary key (scope, name))`,
      `create index if not exists sources_rate on sources (scope, rate_ppm, name)`,
      `create index if not exists sources_seen on sources (scope, last_seen, name)`,
      `create index if not exists sources_confirmed on sources (domain, confirmed) where confirmed is not null`,
      `create table if not exists noise (source text not null, template text not null, volatile text not null,
         pages {int} not null, primary key (source, template))`,
    ],
  },
  {
    name: '0002-rechecks',
    statements: [
      `create table if not exists rechecks (verdict text not null, step {int} not null, due {int} not null,
         asked text not null, primary key (verdict, step))`,
      `create index if not exists rechecks_due on rechecks (due)`,
    ],
  },
  {
    name: '0003-latest',
    statements: [`create index if not exists verdicts_latest on verdicts (url_key, sha256) where latest = 1`],
  },
  {
    name: '0003-epochs',
    statements: [
      `create table if not exists epochs (domain text primary key, registered text, ask_after {int} not null)`,
    ],
  },
  {
    name: '0004-marks',
    statements: [
      `create table if not exists marks (subject text not null, kind text not null, seen text not null, turned_at {int},
         corroborated {int} not null, checked_at {int} not null, primary key (subject, kind))`,
    ],
  },
  {
    // Verdicts are found by their own index; of the log's lines only reviews are looked for by their subject.
    name: '0005-reviews',
    statements: [
      `drop index if exists log_subject`,
      `create index if not exists log_reviews on log (subject, seq) where kind <> 'verdict'`,
    ],
  },
  {
    // Each index costs every verdict a page of its own. One over URL and digest finds the newest of both, and no older row has to be
    // told that it is the newest no more; of the verdicts only the grave ones are few enough to be looked for by name.
    name: '0006-fewer-indexes',
    statements: [
      `create index if not exists verdicts_content on verdicts (url_key, sha256, seq)`,
      `create index if not exists verdicts_grave on verdicts (verdict, seq) where verdict in ('suspect', 'poisoned')`,
      `drop index if exists verdicts_url`,
      `drop index if exists verdicts_latest`,
      `drop index if exists verdicts_verdict`,
      `drop index if exists verdicts_changed`,
    ],
    dropped: [{ table: 'verdicts', column: 'latest' }],
  },
];

/**
 * Bring a store to the newest schema. Several processes may do so at once: each statement can be repeated.
 * `integer` is the engine's name for a 64-bit integer that can be a primary key.
 */
export async function migrate(db: Kysely<Tables>, integer: 'integer' | 'bigint'): Promise<void> {
  await repeatable(db, 'create table if not exists migrations (name text primary key)');
  const isDone = async (name: string): Promise<boolean> =>
    (await db.selectFrom('migrations').selectAll().where('name', '=', name).execute()).length > 0;
  for (const migration of MIGRATIONS) {
    const { name } = migration;
    if (await isDone(name)) continue;
    try {
      await step(db, migration, integer);
    } catch (error) {
      // Somebody else was faster, and may be so much further that a column of this step has gone again.
      if (!(await isDone(name))) throw error;
    }
    await db
      .insertInto('migrations')
      .values({ name })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function step(
  db: Kysely<Tables>,
  { statements, dropped = [] }: Migration,
  integer: string,
): Promise<void> {
  for (const statement of statements) await repeatable(db, statement.replaceAll('{int}', integer));
  for (const { table, column } of dropped) await drop(db, table, column);
}

/** PostgreSQL fails the slower of two that create one table at once, `if not exists` or not; by then it exists. */
async function repeatable(db: Kysely<Tables>, statement: string, tries = 3): Promise<void> {
  try {
    await sql.raw(statement).execute(db);
  } catch (error) {
    if (tries === 1) throw error;
    await repeatable(db, statement, tries - 1);
  }
}

/** Another process may have been faster, before or meanwhile. */
async function drop(db: Kysely<Tables>, table: string, column: string): Promise<void> {
  // Without quotes: what is no column in quotes is text to some builds of SQLite.
  const stands = (): Promise<boolean> =>
    sql
      .raw(`select ${column} from ${table} limit 1`)
      .execute(db)
      .then(
        () => true,
        () => false,
      );
  if (!(await stands())) return;
  try {
    await sql.raw(`alter table ${table} drop column ${column}`).execute(db);
  } catch (error) {
    if (await stands()) throw error;
  }
}
