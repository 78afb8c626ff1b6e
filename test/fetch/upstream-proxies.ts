/** Two small real proxies for perspectives to go through: SOCKS5 (RFC 1928, 1929) and HTTP CONNECT. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface UpstreamProxy {
  readonly port: number;
  /** What was asked for, `host:port`, in order. */
  readonly asked: readonly string[];
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

async function serve(handle: (socket: Socket, asked: string[]) => void): Promise<UpstreamProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    handle(socket, asked);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

/** Names are resolved here to loopback, whatever they are: a network with a DNS of its own. */
const join = (socket: Socket, host: string, port: number, ready: (upstream: Socket) => void): void => {
  const upstream = connect(port, /^[\d.]+$/.test(host) ? host : '127.0.0.1', () => ready(upstream));
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
};

export const httpProxy = (credentials?: Credentials): Promise<UpstreamProxy> =>
  serve((socket, asked) => {
    socket.once('data', (chunk) => {
      const head = chunk.toString('latin1');
      const [, authority = ''] = /^CONNECT (\S+) /.exec(head) ?? [];
      asked.push(authority);
      const login = Buffer.from(`${credentials?.user}:${credentials?.password}`).toString('base64');
      if (credentials !== undefined && !head.includes(`Proxy-Authorization: Basic ${login}\r\n`)) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const colon = authority.lastIndexOf(':');
      join(socket, authority.slice(0, colon), Number(authority.slice(colon + 1)), (upstream) => {
        socket.write('HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
    });
  });

export const socksProxy = (credentials?: Credentials): Promise<UpstreamProxy> =>
  serve((socket, asked) => {
    speakSocks(socket, asked, credentials).catch(() => socket.destroy());
  });

async function speakSocks(socket: Socket, asked: string[], credentials?: Credentials): Promise<void> {
  const next = (): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve));
  const refuse = (...reply: number[]): void => {
    socket.end(Buffer.from(reply));
  };
  const methods = (await next()).subarray(2);
  if (credentials === undefined) socket.write(Buffer.from([5, 0]));
  else {
    if (!methods.includes(2)) return refuse(5, 0xff);
    socket.write(Buffer.from([5, 2]));
    const login = await next();
    const user = login.subarray(2, 2 + (login[1] ?? 0)).toString();
    const password = login.subarray(3 + user.length).toString();
    if (user !== credentials.user || password !== credentials.password) return refuse(1, 1);
    socket.write(Buffer.from([1, 0]));
  }
  const request = await next();
  const named = request[3] === 3;
  const host = named
    ? request.subarray(5, 5 + (request[4] ?? 0)).toString()
    : [...request.subarray(4, 8)].join('.');
  const port = request.readUInt16BE(request.length - 2);
  asked.push(`${host}:${port}`);
  if (host === 'refused.example') return refuse(5, 2, 0, 1, 0, 0, 0, 0, 0, 0);
  join(socket, host, port, (upstream) => {
    // The reply comes in two pieces, with a name as the bound address: both are allowed.
    socket.write(Buffer.from([5, 0, 0, 3, 4]));
    setTimeout(() => {
      socket.write(Buffer.from([...Buffer.from('here'), 0, 80]));
      socket.pipe(upstream).pipe(socket);
    }, 5);
  });
}
