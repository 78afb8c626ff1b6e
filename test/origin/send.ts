/** Sends an answer as it asks to be sent: whole, slowly, compressed, or broken off. */
import { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { type Asked, asks } from './asked.ts';

export type Response = ServerResponse | Http2ServerResponse;

export async function send(response: Response, asked: Asked, answer: Answer): Promise<void> {
  if (answer.delay !== undefined) await sleep(answer.delay);
  const { body, coding } = compress(answer, asks(asked, 'accept-encoding'));
  const fields = {
    Date: new Date(asked.at).toUTCString(),
    ...answer.fields,
    ...(coding !== undefined && { 'Content-Encoding': coding, Vary: 'Accept-Encoding' }),
    'Content-Length': String(body.length),
  };
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value);
  response.statusCode = answer.status;
  if (asked.method === 'HEAD') {
    response.end();
    return;
  }
  if (answer.breakAt !== undefined) {
    write(response, body.subarray(0, answer.breakAt));
    // Time for what was written to leave, so that the break comes in the middle of the body and not before it.
    await sleep(20);
    response.destroy();
    return;
  }
  if (answer.pieces === undefined) {
    response.end(body);
    return;
  }
  for (let at = 0; at < body.length && !response.destroyed; at += answer.pieces.size) {
    if (at > 0) await sleep(answer.pieces.every);
    write(response, body.subarray(at, at + answer.pieces.size));
  }
  response.end();
}

/** The two servers' types of `write` have no call in common. */
function write(response: Response, piece: Uint8Array): void {
  if (response instanceof ServerResponse) response.write(piece);
  else response.write(piece);
}

function compress(answer: Answer, accepted: string): { body: Buffer; coding?: 'gzip' | 'br' } {
  const body = Buffer.from(answer.body);
  if (answer.coding === undefined || !accepted.includes(answer.coding)) return { body };
  return {
    body: answer.coding === 'gzip' ? gzipSync(body) : brotliCompressSync(body),
    coding: answer.coding,
  };
}
