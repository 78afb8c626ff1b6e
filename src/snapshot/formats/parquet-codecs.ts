/** What undoes each codec of Parquet: zlib's own where it has one, since an import is decoding for the most part. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { compressors as portable } from 'hyparquet-compressors';

type Decompress = (
  input: Uint8Array,
  options: { readonly maxOutputLength: number; readonly chunkSize: number },
) => Uint8Array;

/** zlib allocates by chunks; with the length known it needs one. */
const LEAST_CHUNK = 64;

/** A page that inflates to more than it claims is an error and not an allocation. */
const exactly =
  (decompress: Decompress) =>
  (input: Uint8Array, length: number): Uint8Array =>
    decompress(input, { maxOutputLength: Math.max(1, length), chunkSize: Math.max(LEAST_CHUNK, length) });

export const compressors: Compressors = {
  ...portable,
  GZIP: exactly(gunzipSync),
  BROTLI: exactly(brotliDecompressSync),
  ZSTD: exactly(zstdDecompressSync),
};
