/** DataComp's uids: which stand beside which URL, and the file that says which to keep. */
import { stat } from 'node:fs/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ForetasteError } from '../domain/index.ts';

export interface UidRow {
  readonly uid: string;
  readonly url: string;
}

/**
 * Rows of a metadata file of DataComp, a row group at a time. Throws ForetasteError `import` where `path` is no Parquet or lacks
 * the columns `uid` and `url`.
 */
export async function* readUids(path: string): AsyncIterable<UidRow> {
  const refuse = (got: string, cause?: unknown): ForetasteError =>
    new ForetasteError(
      'import',
      `Expected Parquet with the columns uid and url but received ${got} in ${path}.`,
      {
        where: path,
        cause,
      },
    );
  await stat(path).catch((cause: unknown) => {
    throw refuse('no file', cause);
  });
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw refuse('another format', cause);
  });
  const names = metadata.schema.map(({ name }) => name);
  const missing = ['uid', 'url'].filter((name) => !names.includes(name));
  if (missing.length > 0) throw refuse(`none called ${missing.join(' and ')}`);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const rows = await parquetReadObjects({
      file,
      metadata,
      compressors,
      columns: ['uid', 'url'],
      rowStart,
      rowEnd,
    });
    for (const { uid, url } of rows)
      if (typeof uid === 'string' && typeof url === 'string') yield { uid, url };
    rowStart = rowEnd;
  }
}

/**
 * DataComp's subset file: uids (32 hex digits) as sorted pairs of 64-bit numbers in a NumPy array file, version 1.0.
 * Throws ForetasteError `bad-request` for what is no uid. @see https://github.com/mlfoundations/datacomp#participating-in-datacomp
 */
export function uidArray(uids: readonly string[]): Buffer {
  const wrong = uids.find((uid) => !/^[0-9a-f]{32}$/.test(uid));
  if (wrong !== undefined)
    throw new ForetasteError('bad-request', `Expected uids of 32 hex digits but received "${wrong}".`);
  const description = `{'descr': [('f0', '<u8'), ('f1', '<u8')], 'fortran_order': False, 'shape': (${uids.length},), }`;
  // The header is padded so that the data begin at a multiple of 64 octets.
  const length = Math.ceil((10 + description.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  head.write('\u0093NUMPY\u0001\u0000', 0, 'latin1');
  head.writeUInt16LE(length, 8);
  head.write(description, 10, 'latin1');
  head[head.length - 1] = 0x0a;
  const data = Buffer.alloc(uids.length * 16);
  for (const [at, uid] of uids.toSorted().entries()) {
    data.writeBigUInt64LE(BigInt(`0x${uid.slice(0, 16)}`), at * 16);
    data.writeBigUInt64LE(BigInt(`0x${uid.slice(16)}`), at * 16 + 8);
  }
  return Buffer.concat([head, data]);
}
