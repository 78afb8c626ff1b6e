/** Content of hostile origins leaves the API so that no browser runs, renders or guesses it. */
import type { Hex } from '../domain/units.ts';

/** What makes content inert in a browser, whatever its type says. */
export const INERT: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

/** An attachment without type, named by its digest: names from URLs can look like programs. */
export const inertDownload = (
  kept: { size: number; stream: AsyncIterable<Uint8Array> },
  sha256: Hex,
): Response =>
  new Response(streamOf(kept.stream), {
    headers: {
      ...INERT,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(kept.size),
      'Content-Disposition': `attachment; filename="${sha256}.bin"`,
      'Cache-Control': 'private, max-age=31536000, immutable',
    },
  });

/**
 * Bytes as they are asked for; whoever stops reading ends the source. `end` is called once, however it ends, also where
 * nothing was ever read: a generator that never began would not run its `finally`.
 */
export function streamOf(
  content: AsyncIterable<Uint8Array>,
  end: () => Promise<void> = async () => {},
): ReadableStream<Uint8Array> {
  const chunks = content[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await chunks.next();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        await end();
      },
      cancel: async () => {
        await chunks.return?.();
        await end();
      },
    },
    { highWaterMark: 0 },
  );
}
