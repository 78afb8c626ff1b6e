/** Content without its codings, digested: in one piece while it is in memory, piece by piece when it is not. */
import { type Bytes, type Digests, ForetasteError } from '../domain/index.ts';
import { decode, decodeStream } from './coding.ts';
import { Digester, digestsOf } from './digest.ts';
import type { Spool } from './spool.ts';

/** Decoded content up to here is kept with its body, so that it is decoded once. */
const MOST_KEPT: Bytes = 1 << 20;

/** What a coding gives; nothing where it is broken or too much, which `decoded` then says to whoever asks. */
export async function decodeSpool(
  spool: Spool,
  codings: readonly string[],
  { inflate, withSha512, inPieces }: { inflate: Bytes; withSha512: boolean; inPieces: boolean },
): Promise<{ digests?: Digests; bytes?: Uint8Array }> {
  try {
    if (!inPieces) {
      const bytes = await decode(await spool.bytes(), codings, inflate);
      // Digests of what is kept wait until somebody reads them; nothing must keep what is larger.
      if (bytes.length <= MOST_KEPT) return { bytes, digests: digestsOf(bytes) };
      return { digests: new Digester(withSha512).update(bytes).finish() };
    }
    const digester = new Digester(withSha512);
    for await (const piece of decodeStream(spool.stream(), codings, inflate)) digester.update(piece);
    return { digests: digester.finish() };
  } catch (error) {
    if (error instanceof ForetasteError) return {};
    throw error;
  }
}
