/** The importer of each format. */
import { readCdxj } from './cdxj.ts';
import { readCsv, readTsv, readUrlList } from './delimited.ts';
import type { FormatName, Reader } from './format.ts';
import { readJsonl } from './jsonl.ts';
import { readParquet } from './parquet.ts';

export const READERS: Readonly<Record<FormatName, Reader>> = {
  cdxj: readCdxj,
  csv: readCsv,
  parquet: readParquet,
  tsv: readTsv,
  jsonl: readJsonl,
  txt: readUrlList,
};
