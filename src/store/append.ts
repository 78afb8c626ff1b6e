/** The statements of an appended verdict, built once for each database. */
import type { Kysely } from 'kysely';
import { builtOnce } from './built.ts';
import type { Tables } from './schema.ts';

type Row<Table extends keyof Tables> = { readonly [Column in keyof Tables[Table]]: Tables[Table][Column] };

export const appendStatements = (db: Kysely<Tables>) => ({
  index: builtOnce((row: Row<'verdicts'>) => db.insertInto('verdicts').values(row).compile()),
  captures: builtOnce((row: Row<'captures'>) => db.insertInto('captures').values(row).compile()),
  kind: builtOnce((row: Row<'kinds'>) => db.insertInto('kinds').values(row).compile()),
});

export type AppendStatements = ReturnType<typeof appendStatements>;
