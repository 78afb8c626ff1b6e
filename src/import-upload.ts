/** Snapshot records that arrive over the API: spooled to a file, then imported as the command would. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ulid } from 'ulid';
import type { ImportReport } from './api/deps.ts';
import type { DataPaths } from './paths.ts';
import { type ImportFormat, importFiles } from './snapshot/import.ts';

/** Importers seek and come twice (Parquet's footer, `auto` by content), so an upload becomes a file first. */
export async function importUpload(
  content: AsyncIterable<Uint8Array>,
  options: { format: string; dataset?: string },
  paths: DataPaths,
): Promise<ImportReport> {
  const folder = join(paths.spool, `upload-${ulid()}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'upload');
  try {
    await pipeline(Readable.from(content), createWriteStream(file));
    const { imported, skipped } = await importFiles([file], {
      dir: paths.snapshots,
      dataset: options.dataset ?? 'upload',
      format: options.format as ImportFormat,
      onProgress: () => {},
      onSkip: () => {},
      signal: new AbortController().signal,
    });
    return { records: imported, skipped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
