/** The load of the proxy benchmark: connections that ask one after the other, directly or through a proxy. Its own process. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface Load {
  readonly url: string;
  /** Port of the proxy on 127.0.0.1; absent for a direct load. */
  readonly proxy?: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** A new connection, and a new host name in SNI, for every request. */
  readonly newHosts?: boolean;
  /** What it calls itself; `load` when absent. */
  readonly userAgent?: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly errors: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const load = JSON.parse(process.argv[2] ?? '') as Load;
const url = new URL(load.url);
const secure = url.protocol === 'https:';
const latencies: number[] = [];
let errors = 0;
let hosts = 0;
const start = performance.now();
const over = (): boolean => performance.now() - start > load.milliseconds;

/** A socket on which requests can be written. */
async function open(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: load.proxy ?? Number(url.port), noDelay: true });
  if (secure && load.proxy !== undefined) {
    socket.write(`CONNECT ${url.host} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    await new Promise<void>((resolve, reject) => {
      socket.once('data', () => resolve());
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    });
  }
  if (!secure) return socket;
  hosts += 1;
  const servername = load.newHosts === true ? `h${process.pid}-${hosts}.example.org` : '';
  const secured = connectTls({ socket, servername, rejectUnauthorized: false });
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', () => resolve());
    secured.once('error', reject);
    secured.once('close', () => reject(new Error('closed')));
  });
  return secured;
}

const target = load.proxy !== undefined && !secure ? load.url : url.pathname;
const REQUEST = `GET ${target} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: ${load.userAgent ?? 'load'}\r\nAccept: */*\r\n\r\n`;

/** Write one request, and wait for all of its answer. Resolves to whether the connection takes another. */
function ask(socket: Socket): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let left = -1;
    let head = '';
    const settle = (): void => {
      socket.off('data', onData).off('close', onClose).off('error', onClose);
    };
    const onClose = (): void => {
      settle();
      reject(new Error('closed'));
    };
    const onData = (data: Buffer): void => {
      if (left === -1) {
        head += data.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        left = Number(/\r\nContent-Length: (\d+)/i.exec(head)?.[1] ?? 0) - (head.length - end - 4);
        if (!/^HTTP\/1\.[01] 200/.test(head)) errors += 1;
      } else left -= data.length;
      if (left > 0) return;
      settle();
      resolve(head.startsWith('HTTP/1.1') && !/\r\nConnection: close/i.test(head));
    };
    socket.on('data', onData).on('close', onClose).on('error', onClose);
    socket.write(REQUEST);
  });
}

async function client(): Promise<void> {
  let socket: Socket | undefined;
  while (!over()) {
    const before = performance.now();
    try {
      socket ??= await open();
      const persists = await ask(socket);
      latencies.push(performance.now() - before);
      if (load.newHosts === true || !persists) {
        socket.destroy();
        socket = undefined;
      }
    } catch {
      errors += 1;
      socket?.destroy();
      socket = undefined;
    }
  }
  socket?.destroy();
}

await Promise.all(Array.from({ length: load.connections }, client));
const seconds = (performance.now() - start) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
const result: LoadResult = {
  requests: latencies.length,
  errors,
  perSecond: latencies.length / seconds,
  p50: at(0.5),
  p99: at(0.99),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
