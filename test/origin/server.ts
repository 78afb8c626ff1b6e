/** The hostile web: real HTTP/1.1, and HTTPS with HTTP/2, on loopback; many sites by host and path. */
import { createServer as createHttp } from 'node:http';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { type Handler, notFound } from './answer.ts';
import type { Asked } from './asked.ts';
import { createTestAuthority } from './authority.ts';
import { type ClientHello, readClientHello } from './client-hello.ts';
import { describeRequest, type Request } from './describe.ts';
import { type Response, send } from './send.ts';

/** Handlers by host (`*` for any other), then by path; a path that ends in `*` takes all that begin like it. */
export type Sites = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

export interface Origin {
  readonly urls: {
    /** `http://HOST:PORT`, `127.0.0.1` where no host is given. Names under `.localhost` need no DNS in the guard. */
    http(host?: string): string;
    https(host?: string): string;
  };
  /** Root that the HTTPS side chains to, PEM. */
  readonly ca: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly Asked[];
  close(): Promise<void>;
}

export async function startOrigin(sites: Sites): Promise<Origin> {
  const authority = await createTestAuthority();
  const requests: Asked[] = [];
  const hellos = new Map<string, ClientHello>();

  const serve = (request: Request, response: Response): void => {
    const asked = describeRequest(request, requests, hellos);
    requests.push(asked);
    request.resume();
    answer(sites, asked)
      .then((given) => send(response, asked, given))
      // A client that went away in the middle is nothing to report; anything else must be seen by who runs the test.
      .catch((error: unknown) => {
        if (!request.destroyed) process.emitWarning(error as Error);
        request.socket.destroy();
      });
  };

  const plain = createHttp(serve);
  const secure = createSecureServer(
    {
      ...authority.byAddress,
      allowHTTP1: true,
      SNICallback: (host, done) => {
        authority.contextFor(host).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
    },
    serve,
  );
  // Reads the ClientHello before TLS does, and puts it back.
  const front = createTcp((socket) => {
    socket.once('data', (first) => {
      const hello = readClientHello(first);
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      if (hello) hellos.set(peer, hello);
      socket.once('close', () => hellos.delete(peer));
      socket.pause();
      socket.unshift(first);
      secure.emit('connection', socket);
    });
    socket.on('error', () => socket.destroy());
  });

  const sockets = new Set<Socket>();
  const listeners = [await listen(plain, sockets), await listen(front, sockets)] as const;
  const [http, https] = listeners.map(([{ port }]) => port);
  const url = (scheme: string, host = '127.0.0.1', port = 0): string => `${scheme}://${host}:${port}`;
  return {
    urls: { http: (host) => url('http', host, http), https: (host) => url('https', host, https) },
    ca: authority.ca,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(listeners.flat().map(({ server }) => new Promise((done) => server.close(done))));
    },
  };
}

async function answer(sites: Sites, asked: Asked) {
  const paths = sites[asked.host] ?? sites['*'] ?? {};
  const [path = ''] = asked.path.split('?');
  const prefix = Object.keys(paths)
    .filter((key) => key.endsWith('*') && path.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
  const handler = paths[asked.path] ?? paths[path] ?? (prefix === undefined ? undefined : paths[prefix]);
  return handler ? handler(asked) : notFound();
}

interface Listening {
  readonly server: Server;
  readonly port: number;
}

/** On 127.0.0.1 and, where there is IPv6, on the same port of ::1: a name under `.localhost` means both. */
async function listen(server: Server, sockets: Set<Socket>): Promise<[Listening, ...Listening[]]> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listenAt(server, 0, '127.0.0.1');
  const sixth = createTcp((socket) => server.emit('connection', socket));
  const also = await listenAt(sixth, port, '::1').then(
    () => [{ server: sixth, port }],
    () => [],
  );
  return [{ server, port }, ...also];
}

function listenAt(server: Server, port: number, host: string): Promise<number> {
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => ready((server.address() as AddressInfo).port));
  });
}
