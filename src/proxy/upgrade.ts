/** Upgrades (WebSocket and others): the origin is asked, and where it agrees both sides are joined, unread. */
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { ForetasteError } from '../domain/error.ts';
import { type Exchange, type Fields, fieldValues } from '../domain/exchange.ts';
import type { Signal } from '../domain/ports.ts';
import type { Bytes, Milliseconds } from '../domain/units.ts';
import type { Gate } from '../fetch/gate.ts';
import { type ParsedHead, parseHead } from '../fetch/h1-head.ts';
import { targetOf } from '../fetch/target.ts';
import { secure } from '../fetch/tls.ts';
import type { Connections } from './connections.ts';
import { connectionOptions, responseFields } from './fields.ts';
import { headFields } from './http1-writer.ts';
import type { RequestHead, Responder } from './message.ts';
import { joinStreams } from './tunnel.ts';

/** A TLS handshake with the origin, and its answer to the upgrade. */
const PATIENCE: Milliseconds = 10_000;

export interface UpgradeOptions {
  readonly gate: Gate;
  /** Roots that origins may chain to; made when first asked for. */
  readonly trust: () => SecureContext;
  readonly connections: Connections;
  readonly header: Bytes;
  /** Makes the verdict of what is carried unread durable, and gives its fields. */
  readonly record: (exchange: Pick<Exchange, 'id' | 'url' | 'source' | 'receivedAt'>) => Promise<Fields>;
}

/**
 * What a request wants to become; undefined for none, and for HTTP/2 in cleartext, which a proxy need not grant: that
 * request is served as it is (RFC 9110, section 7.8).
 */
export function upgradeOf({ version, method, fields }: RequestHead): string | undefined {
  if (version !== '1.1' || method !== 'GET') return undefined;
  if (!connectionOptions(fieldValues(fields, 'connection')).includes('upgrade')) return undefined;
  const wanted = fieldValues(fields, 'upgrade').join(', ');
  return wanted === '' || /\bh2c\b|\btls\//i.test(wanted) ? undefined : wanted;
}

/**
 * Whether the origin agreed, and the client is joined to it. False: it answered with something else, which nobody has judged;
 * the request is then served without its upgrade.
 * @throws ForetasteError what keeps the origin from being reached
 */
export async function upgrade(
  exchange: Exchange,
  wanted: string,
  responder: Responder,
  signal: Signal,
  options: UpgradeOptions,
): Promise<boolean> {
  const origin = await open(exchange.url, signal, options);
  try {
    const { path } = targetOf(exchange.url);
    const fields: Fields = [...exchange.fields, ['Connection', 'Upgrade'], ['Upgrade', wanted]];
    origin.write(`${exchange.method} ${path} HTTP/1.1\r\n${headFields(fields)}\r\n`, 'latin1');
    const answer = await readHead(origin, options.header);
    if (answer.status !== 101) {
      origin.destroy();
      return false;
    }
    const verdict = await options.record(exchange);
    const client = responder.detach({
      status: 101,
      reason: answer.reason,
      fields: [
        ...responseFields(answer.fields),
        ['Connection', 'Upgrade'],
        ['Upgrade', fieldValues(answer.fields, 'upgrade').join(', ')],
        ...verdict,
      ],
      content: 'none',
    });
    if (client === undefined) origin.destroy();
    else void joinStreams(client, origin, options.connections);
    return true;
  } catch (error) {
    origin.destroy();
    throw error;
  }
}

async function open(url: string, signal: Signal, { gate, trust }: UpgradeOptions): Promise<Duplex> {
  const { host, port, secure: overTls } = targetOf(url);
  const socket = await gate.connect(host, port, { signal });
  if (!overTls) return socket;
  return secure(socket, { host, alpn: ['http/1.1'], context: trust(), timeout: PATIENCE, signal });
}

/** The head of the answer; what came after it is pushed back. */
function readHead(origin: Duplex, limit: Bytes): Promise<ParsedHead> {
  const { promise, resolve, reject } = Promise.withResolvers<ParsedHead>();
  let octets = Buffer.alloc(0);
  const fail = (
    code: 'connection-terminated' | 'connection-read-timeout' | 'http-protocol-error',
    message: string,
  ) => {
    settle();
    reject(new ForetasteError(code, message));
  };
  const onData = (chunk: Buffer): void => {
    octets = Buffer.concat([octets, chunk]);
    const end = octets.indexOf('\r\n\r\n');
    if (end === -1) {
      if (octets.length > limit)
        fail('http-protocol-error', `Expected a response head of at most ${limit} octets.`);
      return;
    }
    settle();
    origin.pause();
    if (octets.length > end + 4) origin.unshift(octets.subarray(end + 4));
    try {
      resolve(parseHead(octets.toString('latin1', 0, end)));
    } catch (error) {
      reject(error as Error);
    }
  };
  const onGone = (): void =>
    fail('connection-terminated', 'Expected an answer to the upgrade but the origin closed.');
  const timer = setTimeout(
    () => fail('connection-read-timeout', `Expected an answer to the upgrade within ${PATIENCE} ms.`),
    PATIENCE,
  );
  const settle = (): void => {
    clearTimeout(timer);
    origin.off('data', onData).off('end', onGone).off('close', onGone);
    origin.on('error', () => undefined);
  };
  origin.on('data', onData).on('end', onGone).on('close', onGone);
  return promise;
}
