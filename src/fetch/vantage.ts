/** Client of an edge vantage: a small worker elsewhere that asks for us. docs/identities.md has the protocol. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { type Clock, type Fields, ForetasteError } from '../domain/index.ts';
import { targetOf } from './target.ts';
import type { Client, Flow, Sink, WireRequest } from './wire.ts';

/** The first line of an answer: what the vantage received, before the content. More than 64 KiB is no head. */
const LONGEST_HEAD = 65_536;

/**
 * Signs what is asked, so that the vantage is no open proxy: HMAC-SHA256 in hex over
 * `v1 \n time \n nonce \n SHA-256 of the request content in hex`.
 */
export function signature(secret: string, time: string, nonce: string, content: string): string {
  const digest = createHash('sha256').update(content).digest('hex');
  return createHmac('sha256', secret).update(`v1\n${time}\n${nonce}\n${digest}`).digest('hex');
}

/** A client that sends through the vantage at `route.url`, over `client`'s own connections. */
export function createVantage(
  route: { readonly url: string; readonly secret: string },
  client: Client,
  clock: Clock,
): Client {
  const target = targetOf(route.url);
  if (!target.secure && !/^(?:127\.|\[?::1\b|localhost$)/.test(target.host)) {
    throw new ForetasteError('config', `Expected an https URL for a vantage but received ${route.url}.`, {
      where: 'perspectives.vantage',
    });
  }
  return {
    send(request, sink, signal) {
      const content = JSON.stringify(question(request));
      const time = String(Math.floor(clock() / 1000));
      const nonce = randomUUID();
      const outer: WireRequest = {
        method: 'POST',
        target,
        fields: [
          ['Host', target.authority],
          ['Content-Type', 'application/json'],
          ['Content-Length', String(Buffer.byteLength(content))],
          ['Foretaste-Vantage-Time', time],
          ['Foretaste-Vantage-Nonce', nonce],
          ['Foretaste-Vantage-Signature', signature(route.secret, time, nonce, content)],
        ],
        content: once(Buffer.from(content)),
        contentLength: Buffer.byteLength(content),
        expectContinue: false,
      };
      client.send(outer, new VantageSink(sink), signal);
    },
    close: () => client.close(),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

function question({ target, fields, only, method }: WireRequest): {
  url: string;
  method: string;
  fields: Fields;
} {
  return {
    url: `${target.secure ? 'https' : 'http'}://${target.authority}${target.path}`,
    method,
    // The edge chooses its own connection, so fields that belong to one version stay here.
    fields: fields.filter(
      ([name]) => !/^(?:host|connection)$/i.test(name) && only?.[name.toLowerCase()] !== 'h1',
    ),
  };
}

/** Takes the vantage's answer apart: a line of JSON, then the content. */
class VantageSink implements Sink {
  readonly #sink: Sink;
  #flow: Flow | undefined;
  #held = Buffer.alloc(0);
  #headed = false;
  #settled = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  interim(): void {}

  begin(head: Parameters<Sink['begin']>[0], flow: Flow): void {
    this.#flow = flow;
    if (head.status === 200) return;
    this.#refuse(`Expected the vantage to answer 200 but received ${head.status}.`);
  }

  data(chunk: Uint8Array): void {
    if (this.#settled) return;
    if (this.#headed) {
      this.#sink.data(chunk);
      return;
    }
    this.#held = Buffer.concat([this.#held, chunk]);
    const end = this.#held.indexOf(0x0a);
    if (end === -1) {
      if (this.#held.length > LONGEST_HEAD)
        this.#refuse('Expected the vantage to answer with a line of JSON.');
      return;
    }
    this.#take(this.#held.subarray(0, end).toString());
    const rest = this.#held.subarray(end + 1);
    this.#held = Buffer.alloc(0);
    if (rest.length > 0 && !this.#settled) this.#sink.data(rest);
  }

  end(): void {
    if (this.#settled) return;
    if (!this.#headed) {
      this.#refuse('Expected the vantage to answer with a line of JSON but it ended.');
      return;
    }
    this.#settled = true;
    this.#sink.end([]);
  }

  fail(error: ForetasteError): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#sink.fail(error);
  }

  #take(line: string): void {
    const answer = parse(line);
    if (answer === undefined || this.#flow === undefined) {
      this.#refuse('Expected the vantage to answer with status and fields.');
      return;
    }
    if ('error' in answer) {
      this.#refuse(`The vantage received no response: ${answer.error}.`);
      return;
    }
    this.#headed = true;
    this.#sink.begin({ ...answer, reason: '', httpVersion: '1.1' }, this.#flow);
  }

  #refuse(message: string): void {
    this.fail(new ForetasteError('connection-terminated', message));
    this.#flow?.abort();
  }
}

function parse(line: string): { status: number; fields: Fields } | { error: string } | undefined {
  const value: unknown = (() => {
    try {
      return JSON.parse(line);
    } catch {
      return undefined;
    }
  })();
  if (typeof value !== 'object' || value === null) return undefined;
  if ('error' in value && typeof value.error === 'string') return { error: value.error.slice(0, 200) };
  if (!('status' in value) || !('fields' in value)) return undefined;
  const { status, fields } = value;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 999)
    return undefined;
  if (!Array.isArray(fields)) return undefined;
  const isField = (entry: unknown): entry is readonly [string, string] =>
    Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string');
  return fields.every(isField) ? { status, fields } : undefined;
}
