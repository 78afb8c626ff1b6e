/** What is inside a CONNECT tunnel, told by its first octets: TLS, HTTP/1, HTTP/2; or not ours to read. */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Milliseconds } from '../domain/units.ts';
import type { Authority } from './authority.ts';
import { type Connection, PATIENCE } from './connections.ts';
import { type Http1Options, serveHttp1 } from './http1.ts';
import { PREFACE_START, serveHttp2 } from './http2.ts';
import type { ProxyLogger } from './logger.ts';

const TLS_HANDSHAKE = 0x16;
/** Methods are letters (RFC 9110, section 16.1.1 has no other registered ones). */
const isLetter = (octet: number): boolean => (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a;

export interface InterceptOptions extends Http1Options {
  readonly authority: Pick<Authority, 'contextFor'>;
  readonly log: ProxyLogger;
}

/** On the proxy port: HTTP/1, or HTTP/2 by prior knowledge. */
export function acceptClient(socket: Duplex, options: Http1Options): void {
  peek(socket, options, PREFACE_START.length, (first) => {
    if (first.subarray(0, PREFACE_START.length).equals(PREFACE_START)) {
      socket.unshift(first);
      serveHttp2(socket, options);
    } else serveHttp1(socket, first, options);
  });
}

/** Inside a tunnel that is to be read. What is neither TLS nor HTTP is not passed on: its verdict would be unknown. */
export function acceptTunnel(
  socket: Duplex,
  tunnel: { host: string; port: number },
  options: InterceptOptions,
): void {
  const inside = (secure: boolean): Http1Options => ({ ...options, tunnel: { ...tunnel, secure } });
  peek(socket, options, PREFACE_START.length, (first) => {
    const [octet = 0] = first;
    if (octet === TLS_HANDSHAKE) {
      socket.unshift(first);
      takeOffTls(socket, tunnel.host, inside(true), options);
    } else if (first.subarray(0, PREFACE_START.length).equals(PREFACE_START)) {
      socket.unshift(first);
      serveHttp2(socket, inside(false));
    } else if (isLetter(octet)) serveHttp1(socket, first, inside(false));
    else {
      options.log.info(
        { host: tunnel.host, port: tunnel.port, octet },
        'tunnel refused: neither TLS nor HTTP inside',
      );
      socket.destroy();
    }
  });
}

function takeOffTls(
  socket: Duplex,
  host: string,
  http: Http1Options,
  { authority, log }: InterceptOptions,
): void {
  const secured = new TLSSocket(socket as ConstructorParameters<typeof TLSSocket>[0], {
    isServer: true,
    secureContext: authority.contextFor(host),
    // A client that dials an address and names a host in SNI wants the certificate of that host.
    SNICallback: (name: string, give: (error: Error | null, context?: SecureContext) => void) =>
      give(
        null,
        name.toLowerCase() === host || isIP(name) !== 0 ? undefined : contextOrNone(authority, name),
      ),
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  const settle = watch(secured, http, PATIENCE.handshake);
  // An end in mid-handshake is only told to who listens for octets.
  const onEnd = (): void => {
    secured.destroy();
  };
  secured.on('readable', ignore).on('end', onEnd);
  secured.once('secure', () => {
    secured.off('readable', ignore).off('end', onEnd);
    if (secured.alpnProtocol === 'h2') {
      // Sockets made by hand keep this flag, and node:http2 waits for its fall for ever.
      Object.assign(secured, { secureConnecting: false });
      serveHttp2(secured, http);
    } else serveHttp1(secured, undefined, http);
    settle();
  });
  secured.on('error', (error: Error & { reason?: string }) => {
    log.debug({ host, reason: error.reason ?? error.message }, 'TLS with the client failed');
  });
}

const contextOrNone = (authority: Pick<Authority, 'contextFor'>, name: string): SecureContext | undefined =>
  /^[a-z0-9_.-]{1,253}$/i.test(name) ? authority.contextFor(name) : undefined;

/** Wait for octets that tell what follows; a client that sends none in time is closed. */
function peek(
  socket: Duplex,
  { connections }: Http1Options,
  enough: number,
  decide: (first: Buffer) => void,
): void {
  let first: Buffer = Buffer.alloc(0);
  const settle = watch(socket, { connections }, PATIENCE.head);
  const onData = (chunk: Buffer): void => {
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
    // A prefix of the preface could become anything; all else is decided by its first octet.
    if (first.length < enough && PREFACE_START.subarray(0, first.length).equals(first)) return;
    socket.off('data', onData).off('end', onEnd);
    socket.pause();
    decide(first);
    settle();
  };
  const onEnd = (): void => {
    socket.destroy();
  };
  socket.on('data', onData).on('end', onEnd);
  // A socket that was handed over is paused, and stays so however many listen.
  socket.resume();
}

/** Watch a socket on which nothing is served yet. Returns how to stop. */
function watch(
  socket: Duplex,
  { connections }: Pick<Http1Options, 'connections'>,
  patience: Milliseconds,
): () => void {
  const destroy = (): void => {
    socket.destroy();
  };
  const connection: Connection = {
    deadline: connections.clock() + patience,
    expire: destroy,
    drain: destroy,
    destroy,
  };
  const stop = (): void => {
    socket.off('close', stop);
    connections.remove(connection);
  };
  connections.add(connection);
  socket.on('close', stop);
  socket.on('error', ignore);
  return stop;
}

const ignore = (): void => undefined;
