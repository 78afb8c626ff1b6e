/** The statements of an appended verdict, built once for each database. */
import { type Kysely, sql } from 'kysely';
import { builtOnce } from './built.ts';
import type { Tables } from './schema.ts';

type Row<Table extends keyof Tables> = { readonly [Column in keyof Tables[Table]]: Tables[Table][Column] };

export const appendStatements = (db: Kysely<Tables>) => ({
  /** The newest verdict of a URL and digest is the one that export shows. A literal 1: SQLite's partial index needs it. */
  retireOlder: builtOnce(({ url_key, sha256 }: Pick<Row<'verdicts'>, 'url_key' | 'sha256'>) =>
    db
      .updateTable('verdicts')
      .set({ latest: 0 })
      .where('url_key', '=', url_key)
      .where('sha256', '=', sha256)
      .where('latest', '=', sql.lit(1))
      .compile(),
  ),
  index: builtOnce((row: Row<'verdicts'>) => db.insertInto('verdicts').values(row).compile()),
  captures: builtOnce((row: Row<'captures'>) => db.insertInto('captures').values(row).compile()),
  kind: builtOnce((row: Row<'kinds'>) => db.insertInto('kinds').values(row).compile()),
});

export type AppendStatements = ReturnType<typeof appendStatements>;
