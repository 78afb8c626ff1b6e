/** The way out for a browser: a SOCKS5 server on loopback that leads through a route and its gate, and nowhere else. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Milliseconds, Signal } from '../domain/index.ts';
import { type Octets, octetsOf } from './octets.ts';
import type { Route } from './route.ts';

export interface Egress {
  readonly port: number;
  close(): Promise<void>;
}

/** RFC 1928, section 6: not allowed by ruleset; that is what a browser is told of everything that did not work out. */
const REFUSED = Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]);
const SUCCEEDED = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);

/** Listen on a free port of 127.0.0.1. A browser has no password for SOCKS, so the gate is what guards it. */
export async function startEgress(route: Route, timeout: Milliseconds): Promise<Egress> {
  const ending = new AbortController();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    lead(socket, route, { timeout, signal: ending.signal }).catch(() => socket.end(REFUSED));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      ending.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function lead(
  socket: Socket,
  route: Route,
  options: { timeout: Milliseconds; signal: Signal },
): Promise<void> {
  const octets = octetsOf(socket, { ...options, where: 'the browser' });
  try {
    const [, methods = 0] = await octets.take(2);
    await octets.take(methods);
    socket.write(Buffer.from([5, 0]));
    const { host, port } = await destinationOf(octets);
    const upstream = await route.open(host, port, options);
    socket.write(SUCCEEDED);
    octets.release();
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  } finally {
    octets.release();
  }
}

async function destinationOf(octets: Octets): Promise<{ host: string; port: number }> {
  const [, command, , kind] = await octets.take(4);
  if (command !== 1) throw new Error(`Expected CONNECT but received command ${command}.`);
  const host =
    kind === 3
      ? (await octets.take((await octets.take(1))[0] ?? 0)).toString('latin1')
      : ipaddr.fromByteArray([...(await octets.take(kind === 4 ? 16 : 4))]).toString();
  return { host, port: (await octets.take(2)).readUInt16BE(0) };
}
