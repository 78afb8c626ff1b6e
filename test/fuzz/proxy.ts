/** Fuzzing of the request boundary and of what stands first in a tunnel: nothing crashes, hangs, or becomes a request that was not sent. */
import { createServer, type Server } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import type { Authority } from '../../src/proxy/authority.ts';
import { createConnections } from '../../src/proxy/connections.ts';
import { acceptTunnel } from '../../src/proxy/intercept.ts';
import type { Inbound } from '../../src/proxy/message.ts';
import { RequestParser } from '../../src/proxy/request-parser.ts';
import { firstOctets, pieces, requests, seeded } from './proxy-requests.ts';

/** A request that was read whole. */
interface Read {
  readonly line: string;
  readonly content: string;
}

const HEADER_LIMIT = 16 * 1024;

/** What our parser makes of octets; `refused` where it stopped. */
function readOurs(chunks: readonly Buffer[]): { read: Read[]; refused: boolean } {
  const parser = new RequestParser(HEADER_LIMIT);
  const read: Read[] = [];
  let line = '';
  let content = '';
  for (const chunk of chunks) {
    parser.push(chunk);
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.kind === 'refused') return { read, refused: true };
      if (event.kind === 'head') {
        line = `${event.head.method} ${event.head.target}`;
        content = '';
      } else if (event.kind === 'content') content += event.bytes.toString('latin1');
      else read.push({ line, content });
    }
  }
  return { read, refused: false };
}

/** What llhttp, strict, makes of the same octets. */
async function readLlhttp(octets: Buffer): Promise<{ read: Read[]; error: string | undefined }> {
  const read: Array<Read & { done: boolean }> = [];
  let error: string | undefined;
  const server = createServer({ keepAliveTimeout: 0, requireHostHeader: false }, (request, response) => {
    const own = { line: `${request.method} ${request.url}`, content: '', done: false };
    read.push(own);
    request.on('data', (chunk: Buffer) => {
      own.content += chunk.toString('latin1');
    });
    request.on('end', () => {
      own.done = true;
      response.end();
    });
    request.on('error', () => undefined);
  });
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (problem: NodeJS.ErrnoException, socket) => {
    error ??= problem.code;
    // Requests before the bad one are told of their ends first.
    setImmediate(() => socket.destroy());
  });
  await through(server, octets);
  return { read: read.filter(({ done }) => done).map(({ line, content }) => ({ line, content })), error };
}

/** Give octets to a server over a pair of streams, and wait until it has nothing more to say. */
async function through(server: Server, octets: Buffer): Promise<void> {
  const [near, far] = duplexPair();
  server.emit('connection', far);
  near.resume().on('error', () => undefined);
  near.end(octets);
  await closed(far);
}

/** Resolves when a stream has closed; throws when it has not within a second. */
function closed(stream: Duplex): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('hang')), 1000);
  stream.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  stream.on('error', () => undefined);
  return promise;
}

/** Errors by which llhttp is stricter, or ends where we go on, without harm: what it refuses we read alike, or not at all. */
const STRICTER = new Set([
  'HPE_INVALID_METHOD',
  'HPE_INVALID_URL',
  'HPE_INVALID_CONSTANT',
  'HPE_CLOSED_CONNECTION',
]);

/** `inputs` inputs from `seed` on. Throws with the input where a promise does not hold. */
export async function fuzzRequests(
  inputs: number,
  seed: number,
): Promise<{ inputs: number; refused: number; compared: number }> {
  let refused = 0;
  let compared = 0;
  for (let number = 0; number < inputs; number += 1) {
    const chance = seeded(seed + number);
    const octets = requests(chance);
    const where = `seed ${seed + number}: ${JSON.stringify(octets.toString('latin1'))}`;
    const ours = readOurs([octets]);
    if (ours.refused) refused += 1;
    const again = readOurs(pieces(octets, chance));
    if (JSON.stringify(again) !== JSON.stringify(ours)) {
      throw new Error(
        `Expected the same requests however they are cut but received ${JSON.stringify([ours, again])} for ${where}.`,
      );
    }
    // One in eight goes through llhttp too: it costs fifty times as much.
    if (number % 8 !== 0) continue;
    const { read, error } = await readLlhttp(octets);
    if (error !== undefined && STRICTER.has(error)) continue;
    compared += 1;
    const theirs = JSON.stringify(read.slice(0, ours.read.length));
    if (JSON.stringify(ours.read) !== theirs) {
      throw new Error(
        `Expected what llhttp reads, ${theirs} (${error}), but read ${JSON.stringify(ours.read)} for ${where}.`,
      );
    }
  }
  return { inputs, refused, compared };
}

/** The same for the first octets of a tunnel. */
export async function fuzzTunnels(
  inputs: number,
  seed: number,
  authority: Pick<Authority, 'contextFor'>,
): Promise<{ inputs: number; served: number }> {
  const connections = createConnections(Date.now);
  const silent = (): void => undefined;
  let served = 0;
  let octets: Buffer = Buffer.alloc(0);
  let strange: string | undefined;
  const serve = async ({ head, responder, content }: Inbound): Promise<void> => {
    served += 1;
    if (!octets.includes(head.method)) strange = head.method;
    try {
      for await (const _ of content ?? []);
      responder.whole(
        { status: 200, reason: 'OK', fields: [['Content-Length', '0']], content: 'length' },
        new Uint8Array(0),
      );
    } catch {
      responder.cut();
    }
  };
  for (let number = 0; number < inputs; number += 1) {
    octets = firstOctets(seeded(seed + number));
    const [near, far] = duplexPair({ allowHalfOpen: true });
    acceptTunnel(
      far,
      { host: 'h', port: 443 },
      {
        tunnel: undefined,
        connections,
        header: HEADER_LIMIT,
        serve,
        authority,
        log: { debug: silent, info: silent, warn: silent, error: silent },
      },
    );
    near.resume().on('error', silent);
    near.end(octets);
    const end = closed(far);
    try {
      await end;
    } catch (error) {
      throw new Error(
        `Expected the tunnel to end but: ${String(error)}, for seed ${seed + number}: ${octets.toString('hex')}.`,
      );
    }
    if (strange !== undefined)
      throw new Error(
        `Expected no request that was not sent but served ${strange} for seed ${seed + number}.`,
      );
  }
  return { inputs, served };
}
