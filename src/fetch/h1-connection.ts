/** One HTTP/1 connection to an origin: writes a request, reads its response, says whether it may be used again. */
import type { Socket } from 'node:net';
import { type Bytes, type Clock, ForetasteError, fieldValues, type Milliseconds } from '../domain/index.ts';
import { ResponseReader } from './h1-reader.ts';
import { writeRequest } from './h1-write.ts';
import { type Flow, givenUp, type Outcome, type Sink, type WireRequest } from './wire.ts';

export interface Patience {
  readonly connect: Milliseconds;
  /** From the request's end to the response's head. */
  readonly head: Milliseconds;
  /** Between two pieces of content, while somebody wants them. */
  readonly idle: Milliseconds;
}

/** Idle connections go after 4 s, before the 5 s of Node's servers: reusing one that is closing costs a retry. */
const KEEP_ALIVE: Milliseconds = 4_000;
const LONGEST_KEEP_ALIVE: Milliseconds = 60_000;

export class H1Connection {
  readonly socket: Socket;
  /** When it must have moved; the client's sweep looks at it. */
  deadline: Milliseconds = Number.POSITIVE_INFINITY;
  /** Requests answered so far. */
  served = 0;
  readonly #maxHeader: Bytes;
  readonly #patience: Patience;
  readonly #clock: Clock;
  #current: Running | undefined;
  #keepAlive: Milliseconds = KEEP_ALIVE;
  #closed = false;

  constructor(socket: Socket, options: { maxHeader: Bytes; patience: Patience; clock: Clock }) {
    this.socket = socket;
    this.#maxHeader = options.maxHeader;
    this.#patience = options.patience;
    this.#clock = options.clock;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // After a proxy's handshake it stands paused, and a listener alone does not start it again.
    socket.resume();
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.#broke(error));
    socket.on('close', () => this.#broke(undefined));
  }

  get usable(): boolean {
    return !this.#closed && !this.socket.destroyed && this.socket.writable;
  }

  /** One request at a time. Resolves after the sink's last call, or without one when the outcome is `stale`. */
  run(request: WireRequest, sink: Sink, signal: AbortSignal, retry: boolean): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const running = new Running(sink, resolve, retry && this.served > 0);
    running.onAbort = () => {
      this.#fail(running, givenUp(signal));
      this.destroy();
    };
    running.signal = signal;
    signal.addEventListener('abort', running.onAbort);
    running.reader = new ResponseReader(request.method, this.#maxHeader, {
      interim: (status, fields) => {
        if (status === 100) running.goAhead.resolve();
        sink.interim(status, fields);
      },
      head: (head) => {
        // A final response instead of a 100: the content is not wanted any more.
        running.headed = true;
        running.goAhead.resolve();
        for (const hint of fieldValues(head.fields, 'keep-alive')) this.#hint(hint);
        const { status, reason, httpVersion, fields } = head;
        sink.head({ status, reason, httpVersion, fields }, this.#flow(running));
      },
      data: (chunk) => sink.data(chunk),
      end: (trailers) => this.#complete(running, trailers),
    });
    this.#current = running;
    this.deadline = this.#clock() + this.#patience.head;
    writeRequest(this.socket, request, {
      goAhead: running.goAhead.promise,
      unwanted: () => running.settled || running.headed,
      moved: () => {
        this.deadline = this.#clock() + this.#patience.head;
      },
    }).then(
      (sent) => {
        running.sent = sent;
      },
      (error: unknown) => this.#fail(running, asError(error)),
    );
    if (signal.aborted) running.onAbort();
    return promise;
  }

  destroy(): void {
    this.#closed = true;
    this.socket.destroy();
  }

  /** The time is up: for a response that does not move, or as an idle connection. */
  expire(): void {
    if (this.#current !== undefined) {
      this.#fail(
        this.#current,
        new ForetasteError(
          'connection-read-timeout',
          'Expected the origin to go on answering but it fell silent.',
        ),
      );
    }
    this.destroy();
  }

  #hint(value: string): void {
    const seconds = /\btimeout=(\d{1,6})/i.exec(value)?.[1];
    // One second less than the origin says, for the way there.
    if (seconds !== undefined) {
      this.#keepAlive = Math.min(Math.max(Number(seconds) * 1000 - 1000, 0), LONGEST_KEEP_ALIVE);
    }
  }

  #flow(running: Running): Flow {
    return {
      pause: () => {
        if (this.#current !== running) return;
        this.deadline = Number.POSITIVE_INFINITY;
        this.socket.pause();
      },
      resume: () => {
        if (this.#current !== running) return;
        this.deadline = this.#clock() + this.#patience.idle;
        this.socket.resume();
      },
      abort: () => {
        if (this.#current !== running) return;
        this.#settle(running, 'closed');
        this.destroy();
      },
    };
  }

  #read(chunk: Buffer): void {
    const running = this.#current;
    if (running === undefined) {
      // Octets that nobody asked for: whoever sent them, they answer no request of ours.
      this.destroy();
      return;
    }
    running.received = true;
    this.deadline = this.#clock() + this.#patience.idle;
    try {
      running.reader?.push(chunk);
    } catch (error) {
      this.#fail(running, asError(error));
    }
  }

  #complete(running: Running, trailers: WireTrailers): void {
    running.sink.end(trailers);
    this.served += 1;
    // The reader decides on the rest of this chunk after this call, so the connection is looked at one microtask later.
    queueMicrotask(() => {
      const reusable = running.sent && running.reader?.keepAlive === true && this.usable;
      if (!reusable) this.destroy();
      this.#settle(running, reusable ? 'reusable' : 'closed');
    });
  }

  #ended(): void {
    const running = this.#current;
    if (running === undefined || running.settled) {
      this.destroy();
      return;
    }
    try {
      running.reader?.finish();
    } catch (error) {
      this.#lost(running, asError(error));
    }
  }

  #broke(cause: Error | undefined): void {
    this.#closed = true;
    const running = this.#current;
    if (running === undefined || running.reader?.done === true) return;
    const error = new ForetasteError(
      running.headed ? 'http-response-incomplete' : 'connection-terminated',
      `Expected the origin to answer but the connection broke: ${cause?.message ?? 'closed'}.`,
      { cause },
    );
    this.#lost(running, error);
  }

  /** The connection ended without an answer; the one case where asking again is safe is a reused one that was idle. */
  #lost(running: Running, error: ForetasteError): void {
    if (running.mayRetry && !running.received) {
      this.destroy();
      this.#settle(running, 'stale');
      return;
    }
    this.#fail(running, error);
  }

  #fail(running: Running, error: ForetasteError): void {
    if (running.settled || running.reader?.done === true) return;
    this.destroy();
    running.sink.fail(error);
    this.#settle(running, 'closed');
  }

  #settle(running: Running, outcome: Outcome): void {
    if (running.settled) return;
    running.settled = true;
    running.signal?.removeEventListener('abort', running.onAbort);
    running.goAhead.resolve();
    if (this.#current === running) this.#current = undefined;
    this.deadline = this.#clock() + this.#keepAlive;
    if (outcome === 'reusable') this.socket.resume();
    running.resolve(outcome);
  }
}

type WireTrailers = Parameters<Sink['end']>[0];

/** The state of one request on a connection. */
class Running {
  readonly sink: Sink;
  readonly resolve: (outcome: Outcome) => void;
  readonly mayRetry: boolean;
  readonly goAhead = Promise.withResolvers<void>();
  reader: ResponseReader | undefined;
  signal: AbortSignal | undefined;
  onAbort: () => void = () => {};
  sent = false;
  received = false;
  headed = false;
  settled = false;

  constructor(sink: Sink, resolve: (outcome: Outcome) => void, mayRetry: boolean) {
    this.sink = sink;
    this.resolve = resolve;
    this.mayRetry = mayRetry;
  }
}

const asError = (error: unknown): ForetasteError =>
  error instanceof ForetasteError
    ? error
    : new ForetasteError('internal', `Reading a response failed: ${String(error)}.`, { cause: error });
