/** Writes a request on an HTTP/1 connection: its head in one piece, its content as it comes. */
import type { Socket } from 'node:net';
import { ForetasteError, type Milliseconds } from '../domain/index.ts';
import { lowerName } from './field-name.ts';
import type { WireRequest } from './wire.ts';

export interface Progress {
  /** Resolves at a 100 or a final response. */
  readonly goAhead: Promise<void>;
  /** Whether an answer came, or everything ended, before the content did. */
  unwanted(): boolean;
  moved(): void;
}

/** How long to wait for a 100 before content is sent anyway; curl waits as long. */
const CONTINUE_WAIT: Milliseconds = 1_000;

/** Writes the head, which is all of a request without content. */
export function writeHead(
  socket: Socket,
  { method, target, fields, only, content, contentLength }: WireRequest,
): void {
  let head = `${method} ${target.path} HTTP/1.1\r\n`;
  for (const pair of fields) {
    if (only === undefined || only[lowerName(pair[0])] !== 'h2') head += `${pair[0]}: ${pair[1]}\r\n`;
  }
  const chunked = content !== undefined && contentLength === undefined;
  socket.write(chunked ? `${head}Transfer-Encoding: chunked\r\n\r\n` : `${head}\r\n`, 'latin1');
}

/**
 * Resolves with whether all of the content was sent: what was not leaves a connection that cannot carry another request.
 * @throws ForetasteError `bad-request` where content is not as long as announced; whatever `content` throws
 */
export async function writeContent(
  socket: Socket,
  { contentLength, expectContinue }: WireRequest,
  content: AsyncIterable<Uint8Array>,
  progress: Progress,
): Promise<boolean> {
  const chunked = contentLength === undefined;
  if (expectContinue) {
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, CONTINUE_WAIT);
    await Promise.race([progress.goAhead, waited.promise]);
    clearTimeout(timer);
    // A final response instead of a 100: the content is not wanted, and is not even asked of the client.
    if (progress.unwanted()) return false;
  }
  let sent = 0;
  for await (const piece of content) {
    if (progress.unwanted()) return false;
    if (piece.length === 0) continue;
    sent += piece.length;
    if (!chunked && sent > contentLength) break;
    progress.moved();
    socket.cork();
    if (chunked) socket.write(`${piece.length.toString(16)}\r\n`, 'latin1');
    let room = socket.write(piece);
    if (chunked) room = socket.write('\r\n', 'latin1');
    socket.uncork();
    if (!room) await drained(socket);
  }
  if (progress.unwanted()) return false;
  if (!chunked && sent !== contentLength) {
    throw new ForetasteError(
      'bad-request',
      `Expected ${contentLength} octets of content but received ${sent}.`,
    );
  }
  if (chunked) socket.write('0\r\n\r\n', 'latin1');
  return true;
}

function drained(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (socket.destroyed) return Promise.resolve();
  const go = (): void => {
    socket.off('drain', go).off('close', go);
    resolve();
  };
  socket.on('drain', go).on('close', go);
  return promise;
}
