/** The importer of each format. */
import { readCdx } from './cdx.ts';
import { readCdxj } from './cdxj.ts';
import { readCsv, readTsv, readUrlList } from './delimited.ts';
import type { FormatName, Reader } from './format.ts';
import { readJsonl } from './jsonl.ts';
import { readParquet } from './parquet.ts';
import { readWacz } from './wacz.ts';
import { readWarc } from './warc.ts';

export const READERS: Readonly<Record<FormatName, Reader>> = {
  cdx: readCdx,
  cdxj: readCdxj,
  csv: readCsv,
  parquet: readParquet,
  tsv: readTsv,
  jsonl: readJsonl,
  txt: readUrlList,
  wacz: readWacz,
  warc: readWarc,
};
