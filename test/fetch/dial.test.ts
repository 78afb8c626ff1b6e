/** Addresses race: one that does not answer costs a moment, not the connection. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dial } from '../../src/fetch/dial.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

describe('dialling', () => {
  it('goes on to the next address where the first refuses', async () => {
    const socket = await dial(['127.0.0.9', '127.0.0.1'], port, { timeout: 5000 });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('keeps an address that is slow while others are tried and refuse', async () => {
    // The event loop is blocked past the attempt delay, as on a busy machine: the first address has answered meanwhile.
    const dialled = dial(['127.0.0.1', '127.0.0.9'], port, { timeout: 5000 });
    const until = Date.now() + 400;
    while (Date.now() < until);
    const socket = await dialled;
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('fails by the last refusal where nobody accepts', async () => {
    await expect(dial(['127.0.0.9', '127.0.0.8'], port, { timeout: 5000 })).rejects.toMatchObject({
      code: 'connection-refused',
    });
  });

  it('is given up on request, before it began and after', async () => {
    const gone = { timeout: 5000, signal: AbortSignal.abort() };
    await expect(dial(['127.0.0.1'], port, gone)).rejects.toMatchObject({ code: 'connection-terminated' });
  });
});
