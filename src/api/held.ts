/** Content that a client sent to be judged: held in memory, as a domain Body. */
import { ForetasteError } from '../domain/error.ts';
import type { Body } from '../domain/exchange.ts';
import type { Bytes } from '../domain/units.ts';

export const heldBody = (bytes: Uint8Array): Body => ({
  size: bytes.length,
  bytes: async () => bytes,
  stream: async function* () {
    yield bytes;
  },
  decoded: async () => bytes,
  release: async () => {},
});

/** Reads request content up to `limit`. Throws ForetasteError `too-large` as soon as it is over. */
export async function readContent(request: Request, limit: Bytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of contentOf(request)) {
    size += chunk.length;
    if (size > limit)
      throw new ForetasteError('too-large', `Expected content of at most ${limit} octets but received more.`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** Request content as it arrives. */
export async function* contentOf(request: Request): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
