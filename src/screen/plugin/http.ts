/** Asks a plug-in over HTTP: POST of the picture as PNG, one JSON object back. Node only. */
import { request } from 'undici';
import { ForetasteError, type ImageView } from '../../domain/index.ts';
import { readAnswer } from './answer.ts';
import type { AskPlugin, PluginSettings } from './plugin.ts';

/** An answer is one small object. */
const LONGEST_ANSWER = 64 * 1024;

/** `encode` makes the PNG: lossless, so that what the carrier left in the pixels stays; never the bytes that came. */
export const httpPlugin =
  (
    { model, timeout, maxBytes }: Pick<PluginSettings, 'model' | 'timeout' | 'maxBytes'>,
    encode: (view: ImageView) => Promise<Uint8Array>,
  ): AskPlugin =>
  async (view) => {
    const png = await encode(view);
    if (png.length > maxBytes)
      throw new ForetasteError(
        'too-large',
        `Expected a picture of at most ${maxBytes} bytes as PNG but it has ${png.length}.`,
      );
    try {
      const response = await request(model, {
        method: 'POST',
        headers: { 'content-type': 'image/png', accept: 'application/json' },
        body: png,
        signal: AbortSignal.timeout(timeout),
      });
      const text = await shortText(response.body);
      if (response.statusCode !== 200)
        throw new ForetasteError(
          'http-protocol-error',
          `Expected status 200 but received ${response.statusCode}.`,
        );
      return readAnswer(parse(text));
    } catch (cause) {
      if (cause instanceof ForetasteError) throw cause;
      const late = cause instanceof Error && /Timeout|Abort/.test(cause.name);
      throw new ForetasteError(
        late ? 'connection-read-timeout' : 'connection-refused',
        late
          ? `Expected an answer within ${timeout} ms but none came.`
          : `Expected an answer but ${cause instanceof Error ? cause.message : 'none came'}.`,
        { cause },
      );
    }
  };

async function shortText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > LONGEST_ANSWER)
      throw new ForetasteError('body-too-large', `Expected an answer of at most ${LONGEST_ANSWER} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ForetasteError('bad-request', 'Expected JSON but received something else.');
  }
}
