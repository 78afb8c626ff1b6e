/** One HTTP/1 connection: requests are read, served one after the other, and answered in their order. */
import type { Duplex } from 'node:stream';
import { ForetasteError } from '../domain/error.ts';
import { fieldValues } from '../domain/exchange.ts';
import type { Bytes, Milliseconds } from '../domain/units.ts';
import { lowerName } from '../fetch/field-name.ts';
import { type Connection, type Connections, PATIENCE } from './connections.ts';
import { Departure } from './departure.ts';
import { connectionOptions } from './fields.ts';
import { type Http1Carrier, Http1Responder } from './http1-responder.ts';
import type { Inbound, RequestHead, Tunnel } from './message.ts';
import { answerProblem } from './problem.ts';
import type { Framing, Refusal } from './request-head.ts';
import { RequestParser } from './request-parser.ts';

/** Octets read ahead of who wants them; beyond (and beyond a head in the making), the socket is paused. */
const READ_AHEAD: Bytes = 64 * 1024;

export interface Http1Options {
  readonly tunnel: Tunnel | undefined;
  readonly connections: Connections;
  /** Most octets of a request head. */
  readonly header: Bytes;
  /** Answers a request; never rejects. */
  readonly serve: (inbound: Inbound) => Promise<void>;
}

/** Serve requests on `socket` until it ends. `first`: octets that were read already. */
export function serveHttp1(socket: Duplex, first: Buffer | undefined, options: Http1Options): void {
  new Http1Connection(socket, options).start(first);
}

class Http1Connection implements Connection, Http1Carrier {
  readonly socket: Duplex;
  deadline: Milliseconds;
  readonly #options: Http1Options;
  readonly #parser: RequestParser;
  readonly #readAhead: Bytes;
  #present: { readonly responder: Http1Responder; readonly gone: Departure } | undefined;
  #contentDone = true;
  #expectsContinue = false;
  #wakeReader: (() => void) | undefined;
  #drained: (() => void) | undefined;
  #paused = false;
  #halfClosed = false;
  #lingering = false;
  #closed = false;

  constructor(socket: Duplex, options: Http1Options) {
    this.socket = socket;
    this.#options = options;
    this.#parser = new RequestParser(options.header);
    this.#readAhead = Math.max(READ_AHEAD, 2 * options.header);
    this.deadline = options.connections.clock() + PATIENCE.head;
  }

  start(first: Buffer | undefined): void {
    const { socket } = this;
    this.#options.connections.add(this);
    socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
    socket.on('drain', this.#onDrain).on('error', ignore);
    if (first !== undefined) this.#onData(first);
    if (!this.#closed && !this.#paused) socket.resume();
  }

  get gone(): boolean {
    return this.#closed;
  }

  /** Whether another request may follow the present one. */
  persists(head: RequestHead): boolean {
    if (!this.#contentDone || this.#options.connections.draining || this.#halfClosed) return false;
    const said = head.fields.filter((pair) => isConnection(pair[0]));
    if (said.length === 0) return head.version === '1.1';
    const options = connectionOptions(said.map(([, value]) => value));
    return head.version === '1.1' ? !options.includes('close') : options.includes('keep-alive');
  }

  /** Resolves when the socket takes more; rejects when it has closed. */
  async writable(): Promise<void> {
    if (this.#closed) throw new ForetasteError('connection-terminated', 'The client has gone.');
    this.deadline = this.#options.connections.clock() + PATIENCE.stalled;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#drained = () => {
      this.#drained = undefined;
      if (this.#closed) return reject(new ForetasteError('connection-terminated', 'The client has gone.'));
      this.deadline = Number.POSITIVE_INFINITY;
      resolve();
    };
    await promise;
  }

  finish(persists: boolean): void {
    this.#present = undefined;
    if (this.#closed) return;
    if (!persists || !this.#contentDone || this.#options.connections.draining) {
      this.#linger();
      return;
    }
    this.deadline =
      this.#options.connections.clock() + (this.socket.writableNeedDrain ? PATIENCE.stalled : PATIENCE.idle);
    // Answers to requests sent ahead wait in the socket, not in memory.
    if (!this.socket.writableNeedDrain) queueMicrotask(this.#advance);
  }

  cut(reset: boolean): void {
    if (reset && 'resetAndDestroy' in this.socket && typeof this.socket.resetAndDestroy === 'function') {
      this.socket.resetAndDestroy();
    } else this.socket.destroy();
  }

  release(): Duplex {
    const { socket } = this;
    socket.pause();
    socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    socket.off('drain', this.#onDrain);
    const rest = this.#parser.rest();
    if (rest.length > 0) socket.unshift(rest);
    this.#closed = true;
    this.#options.connections.remove(this);
    return socket;
  }

  expire(): void {
    const responder = this.#present?.responder;
    if (this.#halfClosed && responder?.begun === true && this.#drained === undefined) {
      this.deadline = Number.POSITIVE_INFINITY;
      return;
    }
    if (
      this.#lingering ||
      this.#halfClosed ||
      (responder?.begun ?? false) ||
      (responder === undefined && this.#parser.buffered === 0)
    ) {
      this.socket.destroy();
      return;
    }
    this.#refuse({ kind: 'refused', status: 408, detail: 'Expected the rest of the request sooner.' });
  }

  drain(): void {
    if (this.#present === undefined) this.#linger();
  }

  destroy(): void {
    this.socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#lingering) return;
    const { idle, buffered } = this.#parser;
    this.#parser.push(chunk);
    if (this.#present === undefined) {
      if (idle && buffered === 0) this.deadline = this.#options.connections.clock() + PATIENCE.head;
      this.#advance();
    } else if (this.#wakeReader !== undefined) this.#wakeReader();
    if (!this.#closed && this.#parser.buffered > this.#readAhead && !this.#paused) {
      this.#paused = true;
      this.socket.pause();
    }
  };

  readonly #onEnd = (): void => {
    if (this.#present === undefined || this.#lingering) {
      if (this.socket.writable) this.socket.end();
      else this.socket.destroy();
    } else if (!this.#contentDone) this.socket.destroy();
    else if (!this.#present.responder.begun) {
      this.deadline = this.#options.connections.clock() + PATIENCE.halfClosed;
      this.#halfClosed = true;
    }
  };

  readonly #onClose = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.connections.remove(this);
    this.#wakeReader?.();
    this.#drained?.();
    this.#present?.gone.abort();
  };

  readonly #onDrain = (): void => {
    if (this.#drained !== undefined) this.#drained();
    else if (this.#present === undefined && !this.#lingering) {
      this.deadline = this.#options.connections.clock() + PATIENCE.idle;
      this.#advance();
    }
  };

  /** Take the next request, if it is there and none is being served. */
  readonly #advance = (): void => {
    if (this.#present !== undefined || this.#closed || this.#lingering) return;
    const event = this.#parser.next();
    this.#resume();
    if (event === undefined) return;
    if (event.kind === 'head') this.#begin(event.head, event.framing);
    else if (event.kind === 'refused') this.#refuse(event);
  };

  #begin(head: RequestHead, framing: Framing): void {
    const expectations = fieldValues(head.fields, 'expect');
    const responder = new Http1Responder(this, head);
    const gone = new Departure();
    this.#present = { responder, gone };
    this.#contentDone = framing === 0;
    if (this.#contentDone) this.#parser.next();
    if (expectations.some((value) => value.toLowerCase() !== '100-continue')) {
      this.#refuse({ kind: 'refused', status: 417, detail: 'Expected no expectation but 100-continue.' });
      return;
    }
    this.#expectsContinue = expectations.length > 0 && head.version === '1.1' && !this.#contentDone;
    this.deadline = Number.POSITIVE_INFINITY;
    const content = this.#contentDone
      ? undefined
      : { [Symbol.asyncIterator]: () => ({ next: () => this.#readContent() }) };
    const { tunnel } = this.#options;
    const goAhead = this.#expectsContinue ? this.#goAhead : undefined;
    void this.#options.serve({ head, tunnel, content, goAhead, signal: gone, responder });
  }

  async #readContent(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#goAhead();
    while (!this.#contentDone) {
      if (this.#closed || this.#lingering)
        throw new ForetasteError('connection-terminated', 'The client has gone.');
      const event = this.#parser.next();
      if (event?.kind === 'content') {
        // The end is taken at once, so that the answer knows that nothing is left on the connection.
        if (this.#parser.complete) this.#endContent();
        return { done: false, value: event.bytes };
      }
      if (event?.kind === 'end') this.#endContent();
      else if (event?.kind === 'refused') {
        this.#refuse(event);
        throw new ForetasteError('bad-request', event.detail);
      } else {
        this.#resume();
        this.deadline = this.#options.connections.clock() + PATIENCE.content;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wakeReader = resolve;
        await promise;
        this.#wakeReader = undefined;
        this.deadline = Number.POSITIVE_INFINITY;
      }
    }
    return { done: true, value: undefined };
  }

  readonly #goAhead = (): void => {
    if (!this.#expectsContinue) return;
    this.#expectsContinue = false;
    this.#present?.responder.interim(100, []);
  };

  #endContent(): void {
    if (this.#parser.complete) this.#parser.next();
    this.#contentDone = true;
  }

  /** Answer, and read nothing more: where the next request would begin is unknown. */
  #refuse({ status, detail }: Refusal): void {
    this.#contentDone = false;
    const { responder, gone } = this.#present ?? { responder: new Http1Responder(this), gone: undefined };
    if (responder.begun) this.socket.destroy();
    else answerProblem(responder, { status, detail }, { withContent: true });
    gone?.abort();
    this.#wakeReader?.();
  }

  #resume(): void {
    if (!this.#paused || this.#parser.buffered > this.#readAhead) return;
    this.#paused = false;
    this.socket.resume();
  }

  #linger(): void {
    if (this.#lingering && !this.socket.writable) return;
    this.#lingering = true;
    this.deadline = this.#options.connections.clock() + PATIENCE.linger;
    this.socket.end();
    this.socket.resume();
  }
}

const isConnection = (name: string): boolean => {
  const lower = lowerName(name);
  return lower === 'connection' || lower === 'proxy-connection';
};

const ignore = (): void => undefined;
