/** How reviews move the aggregates of their source, as statements of the same commit. */
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Timestamp } from '../domain/units.ts';
import type { Action } from '../domain/verdict.ts';
import { registrableDomain } from './keys.ts';
import type { SourceTable, Tables } from './schema.ts';

const MILLION = 1_000_000;

/** What a review changes about the source of its verdict. */
export interface Shift {
  readonly from: Action;
  readonly to: Action;
  /** +1, 0 or -1 divergences. */
  readonly divergences: number;
  /** The verdict confirms, or confirms no longer. */
  readonly confirmationMoved: boolean;
}

/** Moves the counts of a host and its domain. The verdict's own row must have been updated before, in the same commit. */
export const shiftCounts = (
  db: Kysely<Tables>,
  host: string,
  shift: Shift,
  at: Timestamp,
): CompiledQuery[] => [
  ...scopesOf(host).flatMap(([scope, name]) => [
    db
      .updateTable('sources')
      .set({
        divergences: sql<number>`divergences + ${shift.divergences}`,
        rate_ppm: sql<number>`(divergences + ${shift.divergences}) * ${sql.lit(MILLION)} / exchanges`,
      })
      .where('scope', '=', scope)
      .where('name', '=', name)
      .compile(),
    ...(shift.from === shift.to ? [] : [moveAction(db, scope, name, shift.from, -1)]),
    ...(shift.from === shift.to ? [] : [moveAction(db, scope, name, shift.to, 1)]),
  ]),
  ...(shift.confirmationMoved ? reviseSource(db, host, at) : []),
];

const moveAction = (
  db: Kysely<Tables>,
  scope: SourceTable['scope'],
  name: string,
  action: Action,
  by: number,
) =>
  db
    .updateTable('sources')
    .set({ [action]: sql<number>`${sql.ref(action)} + ${by}` })
    .where('scope', '=', scope)
    .where('name', '=', name)
    .compile();

/** Finds the newest confirmation that still stands: of the host, then of its domain. */
const reviseSource = (db: Kysely<Tables>, host: string, at: Timestamp): CompiledQuery[] => [
  db
    .updateTable('sources')
    .set({
      confirmed: sql<number | null>`(select max(c.seq) from (
        select confirms as seq from verdicts where source = ${host} and confirms is not null
        union all select h.held as seq from sources h where h.scope = 'host' and h.name = ${host}) c)`,
      revised_at: at,
    })
    .where('scope', '=', 'host')
    .where('name', '=', host)
    .compile(),
  db
    .updateTable('sources')
    .set({
      confirmed: sql<number | null>`(select max(h.confirmed) from sources h
        where h.scope = 'host' and h.domain = sources.name and h.confirmed is not null)`,
      revised_at: at,
    })
    .where('scope', '=', 'domain')
    .where('name', '=', registrableDomain(host))
    .compile(),
];

/** A person cleared the source: nothing so far confirms any more. */
export const clearSource = (db: Kysely<Tables>, host: string, at: Timestamp): CompiledQuery[] => [
  db
    .updateTable('verdicts')
    .set({ confirms: null })
    .where('source', '=', host)
    .where('confirms', 'is not', null)
    .compile(),
  holdSource(db, host, null),
  ...reviseSource(db, host, at),
];

/** A person holds the source to be lying: what it passed up to `seq` is revoked. */
export const confirmSource = (
  db: Kysely<Tables>,
  host: string,
  seq: number,
  at: Timestamp,
): CompiledQuery[] => [holdSource(db, host, seq), ...reviseSource(db, host, at)];

const holdSource = (db: Kysely<Tables>, host: string, seq: number | null) =>
  db.updateTable('sources').set({ held: seq }).where('scope', '=', 'host').where('name', '=', host).compile();

/** The host itself and its registrable domain: every verdict counts for both. */
const scopesOf = (host: string): Array<[SourceTable['scope'], string]> => [
  ['host', host],
  ['domain', registrableDomain(host)],
];
