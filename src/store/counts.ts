/** What verdicts add to the aggregates of their sources; those of one commit are added up before they are written. */
import { type Kysely, sql } from 'kysely';
import type { Timestamp } from '../domain/units.ts';
import type { NewVerdict } from '../domain/verdict.ts';
import { builtOnce } from './built.ts';
import { diverges, isCorroborated } from './effective.ts';
import { registrableDomain } from './keys.ts';
import type { SourceTable, Tables } from './schema.ts';

const COUNTS = [
  'exchanges',
  'corroborated',
  'divergences',
  'clean',
  'unverified',
  'suspect',
  'poisoned',
  'pass',
  'quarantine',
  'block',
] as const;

const MILLION = 1_000_000;

/** A row of `sources` as if there had been nothing before. */
export type SourceCount = Omit<SourceTable, 'rate_ppm' | 'held'>;

/** Counts one verdict for its host and for its registrable domain. */
export function countVerdict(verdict: NewVerdict, confirms: number | null, at: Timestamp): SourceCount[] {
  const domain = registrableDomain(verdict.source);
  const counted = {
    domain,
    exchanges: 1,
    corroborated: isCorroborated(verdict) ? 1 : 0,
    divergences: diverges(verdict) ? 1 : 0,
    clean: 0,
    unverified: 0,
    suspect: 0,
    poisoned: 0,
    pass: 0,
    quarantine: 0,
    block: 0,
    [verdict.verdict]: 1,
    [verdict.action]: 1,
    first_seen: verdict.decidedAt,
    last_seen: verdict.decidedAt,
    confirmed: confirms,
    revised_at: confirms === null ? '' : at,
  };
  return [
    { ...counted, scope: 'host', name: verdict.source },
    { ...counted, scope: 'domain', name: domain },
  ];
}

/** One count for each source, in the order in which sources first come. */
export function addUp(counts: readonly SourceCount[]): SourceCount[] {
  const sums = new Map<string, SourceCount>();
  for (const count of counts) {
    const key = `${count.scope} ${count.name}`;
    const before = sums.get(key);
    sums.set(key, before === undefined ? count : sumOf(before, count));
  }
  return [...sums.values()];
}

/** `before` with what `next` adds. */
export function sumOf<T extends SourceCount>(before: T, next: SourceCount): T {
  const sums = { ...before };
  for (const count of COUNTS) sums[count] += next[count];
  if (next.last_seen > sums.last_seen) sums.last_seen = next.last_seen;
  return next.confirmed === null ? sums : { ...sums, confirmed: next.confirmed, revised_at: next.revised_at };
}

/** The statement that adds a count to what its source has. */
export const addingTo = (db: Kysely<Tables>) => {
  const statement = builtOnce((row: Omit<SourceTable, 'held'>) =>
    db
      .insertInto('sources')
      .values({ ...row, held: null })
      .onConflict((conflict) =>
        conflict.columns(['scope', 'name']).doUpdateSet(() => ({
          ...Object.fromEntries(COUNTS.map((count) => [count, sum(count)])),
          rate_ppm: sql<number>`(sources.divergences + excluded.divergences) * ${sql.lit(MILLION)}
          / (sources.exchanges + excluded.exchanges)`,
          last_seen: sql<string>`case when excluded.last_seen > sources.last_seen then excluded.last_seen
          else sources.last_seen end`,
          confirmed: sql<number | null>`coalesce(excluded.confirmed, sources.confirmed)`,
          revised_at: sql<string>`case when excluded.confirmed is null then sources.revised_at
          else excluded.revised_at end`,
        })),
      )
      .compile(),
  );
  return (count: SourceCount) =>
    statement({ ...count, rate_ppm: Math.floor((count.divergences * MILLION) / count.exchanges) });
};

const sum = (count: (typeof COUNTS)[number]) =>
  sql<number>`${sql.ref(`sources.${count}`)} + ${sql.ref(`excluded.${count}`)}`;
