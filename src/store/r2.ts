/** Evidence bodies in an R2 bucket, named by their digest. */
import type { BodyStore } from '../domain/ports.ts';

/** The part of an R2 binding that is used. */
export interface R2 {
  head(key: string): Promise<object | null>;
  get(key: string): Promise<{ size: number; body: ReadableStream<Uint8Array> } | null>;
  put(key: string, content: Uint8Array, options: { sha256: string }): Promise<unknown>;
}

export const openR2 = (bucket: R2): BodyStore => ({
  put: async (sha256, content) => {
    if ((await bucket.head(sha256)) !== null) return;
    // R2 wants to know the length first, and checks the digest itself.
    await bucket.put(sha256, await whole(content), { sha256 });
  },
  get: async (sha256) => {
    const kept = await bucket.get(sha256);
    return kept === null ? undefined : { size: kept.size, stream: chunksOf(kept.body) };
  },
});

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
  } finally {
    await reader.cancel();
  }
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  chunks.reduce((offset, chunk) => {
    bytes.set(chunk, offset);
    return offset + chunk.length;
  }, 0);
  return bytes;
}
