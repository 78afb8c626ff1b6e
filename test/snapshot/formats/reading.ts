/** Read a file with the importer that its content asks for, all of it. */

import { join } from 'node:path';
import type { SnapshotRecord } from '../../../src/domain/index.ts';
import { detectFormat } from '../../../src/snapshot/formats/detect.ts';
import {
  type FormatName,
  isRead,
  type ReadOptions,
  type Refused,
} from '../../../src/snapshot/formats/format.ts';
import { READERS } from '../../../src/snapshot/formats/readers.ts';

export const fixture = (name: string): string => join(import.meta.dirname, '..', 'fixtures', name);

export interface Reading {
  readonly format: FormatName;
  readonly records: SnapshotRecord[];
  readonly refused: Refused[];
  readonly rows: number[];
  readonly suspicions: string[];
}

/** Packed rows are not among `records`; tests of those go through the index. */
export async function reading(path: string, options: Partial<ReadOptions> = {}): Promise<Reading> {
  const signal = new AbortController().signal;
  const format = await detectFormat(path, signal);
  const found: Reading = { format, records: [], refused: [], rows: [], suspicions: [] };
  const batches = READERS[format](path, {
    dataset: 'set',
    columns: {},
    labels: true,
    texts: false,
    after: 0,
    signal,
    onSuspicion: (reason) => found.suspicions.push(reason),
    ...options,
  });
  for await (const { items } of batches) {
    for (const item of items) {
      found.rows.push(item.row);
      if (isRead(item)) found.records.push(item.record);
      else found.refused.push(item);
    }
  }
  return found;
}
