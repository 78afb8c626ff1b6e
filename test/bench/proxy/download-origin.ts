/** The origin of the downloads benchmark: `/BYTES` as fast as it is taken, `/BYTES/RATE` at so many octets a second, `/small` at once. Its own process. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const PIECE = Buffer.alloc(64 * 1024, 'x');
const TICKS_PER_SECOND = 4;

/** As the client takes it. */
function pour(response: ServerResponse, size: number): void {
  let left = size;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const piece = PIECE.subarray(0, Math.min(left, PIECE.length));
      left -= piece.length;
      if (!response.write(piece)) break;
    }
    if (left === 0) response.end();
  };
  response.on('drain', more);
  more();
}

/** A little at a time. */
function drip(response: ServerResponse, size: number, rate: number): void {
  let left = size;
  const timer = setInterval(() => {
    const piece = PIECE.subarray(0, Math.min(left, rate / TICKS_PER_SECOND));
    left -= piece.length;
    if (left > 0) response.write(piece);
    else response.end(piece);
  }, 1000 / TICKS_PER_SECOND);
  response.on('close', () => clearInterval(timer));
}

const server = createServer((request, response) => {
  const [, size = '', rate = ''] = /^\/(\d+)(?:\/(\d+))?/.exec(request.url ?? '') ?? [];
  response.setHeader('Content-Type', 'application/octet-stream');
  if (size === '') return response.end('small');
  response.setHeader('Content-Length', size);
  if (rate === '') pour(response, Number(size));
  else drip(response, Number(size), Number(rate));
});
server.listen(0, '127.0.0.1', 2048, () => {
  process.stdout.write(`origin listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
