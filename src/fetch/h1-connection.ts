/** One HTTP/1 connection to an origin: writes a request, reads its response, says whether it may be used again. */
import type { Socket } from 'node:net';
import {
  type Bytes,
  type Clock,
  type Fields,
  ForetasteError,
  fieldValues,
  type Milliseconds,
  type Signal,
} from '../domain/index.ts';
import type { ParsedHead } from './h1-head.ts';
import { type ReaderEvents, ResponseReader } from './h1-reader.ts';
import { writeContent, writeHead } from './h1-write.ts';
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

  /** One request at a time. `done` is called after the sink's last call, or without one when the outcome is `stale`. */
  run(
    request: WireRequest,
    sink: Sink,
    signal: Signal,
    retry: boolean,
    done: (outcome: Outcome) => void,
  ): void {
    const running = new Running(this, { sink, signal, done, mayRetry: retry && this.served > 0 });
    running.reader = new ResponseReader(request.method, this.#maxHeader, running);
    signal.addEventListener('abort', running.onAbort);
    this.#current = running;
    this.deadline = this.#clock() + this.#patience.head;
    writeHead(this.socket, request);
    if (request.content === undefined) running.sent = true;
    else {
      writeContent(this.socket, request, request.content, {
        goAhead: running.waitForGoAhead(),
        unwanted: () => running.settled || running.headed,
        moved: () => {
          this.deadline = this.#clock() + this.#patience.head;
        },
      }).then(
        (sent) => {
          running.sent = sent;
        },
        (error: unknown) => this.fail(running, asError(error)),
      );
    }
    if (signal.aborted) running.onAbort();
  }

  destroy(): void {
    this.#closed = true;
    this.socket.destroy();
  }

  /** The time is up: for a response that does not move, or as an idle connection. */
  expire(): void {
    if (this.#current !== undefined) {
      this.fail(
        this.#current,
        new ForetasteError(
          'connection-read-timeout',
          'Expected the origin to go on answering but it fell silent.',
        ),
      );
    }
    this.destroy();
  }

  /** What the origin says about how long it keeps an idle connection. */
  hint(value: string): void {
    const seconds = /\btimeout=(\d{1,6})/i.exec(value)?.[1];
    // One second less than the origin says, for the way there.
    if (seconds !== undefined) {
      this.#keepAlive = Math.min(Math.max(Number(seconds) * 1000 - 1000, 0), LONGEST_KEEP_ALIVE);
    }
  }

  pause(running: Running): void {
    if (this.#current !== running) return;
    this.deadline = Number.POSITIVE_INFINITY;
    this.socket.pause();
  }

  resume(running: Running): void {
    if (this.#current !== running) return;
    this.deadline = this.#clock() + this.#patience.idle;
    this.socket.resume();
  }

  abort(running: Running): void {
    if (this.#current !== running) return;
    this.#settle(running, 'closed');
    this.destroy();
  }

  fail(running: Running, error: ForetasteError): void {
    if (running.settled || running.reader?.done === true) return;
    this.destroy();
    running.sink.fail(error);
    this.#settle(running, 'closed');
  }

  #read(chunk: Buffer): void {
    const running = this.#current;
    if (running === undefined) {
      // Octets that nobody asked for: whoever sent them, they answer no request of ours.
      this.destroy();
      return;
    }
    const { reader } = running;
    running.received = true;
    this.deadline = this.#clock() + this.#patience.idle;
    try {
      reader?.push(chunk);
    } catch (error) {
      this.fail(running, asError(error));
    }
    if (reader?.done === true) this.#complete(running, reader.keepAlive);
  }

  /** After the sink's last call; by now the reader has also seen whether octets follow that should not. */
  #complete(running: Running, keepAlive: boolean): void {
    if (running.settled) return;
    this.served += 1;
    const reusable = running.sent && keepAlive && this.usable;
    if (!reusable) this.destroy();
    this.#settle(running, reusable ? 'reusable' : 'closed');
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
    if (running.reader?.done === true) this.#complete(running, false);
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
    this.fail(running, error);
  }

  #settle(running: Running, outcome: Outcome): void {
    if (running.settled) return;
    running.settled = true;
    running.signal.removeEventListener('abort', running.onAbort);
    running.goAhead();
    if (this.#current === running) this.#current = undefined;
    this.deadline = this.#clock() + this.#keepAlive;
    if (outcome === 'reusable' && this.socket.isPaused()) this.socket.resume();
    running.done(outcome);
  }
}

interface RunningOptions {
  readonly sink: Sink;
  readonly signal: Signal;
  readonly done: (outcome: Outcome) => void;
  readonly mayRetry: boolean;
}

/** One request on a connection: takes what its reader tells, and is the hold that the sink has on the origin. */
class Running implements ReaderEvents, Flow {
  readonly sink: Sink;
  readonly signal: Signal;
  readonly done: (outcome: Outcome) => void;
  readonly mayRetry: boolean;
  readonly onAbort: () => void;
  /** Called at a 100, at a final response, and when everything has ended. */
  goAhead: () => void = () => {};
  reader: ResponseReader | undefined;
  sent = false;
  received = false;
  headed = false;
  settled = false;
  readonly #connection: H1Connection;

  constructor(connection: H1Connection, { sink, signal, done, mayRetry }: RunningOptions) {
    this.sink = sink;
    this.signal = signal;
    this.done = done;
    this.mayRetry = mayRetry;
    this.#connection = connection;
    this.onAbort = () => {
      connection.fail(this, givenUp(signal));
      connection.destroy();
    };
  }

  waitForGoAhead(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.goAhead = resolve;
    return promise;
  }

  interim(status: number, fields: Fields): void {
    if (status === 100) this.goAhead();
    this.sink.interim(status, fields);
  }

  head({ status, reason, httpVersion, fields }: ParsedHead): void {
    // A final response instead of a 100: the content is not wanted any more.
    this.headed = true;
    this.goAhead();
    for (const value of fieldValues(fields, 'keep-alive')) this.#connection.hint(value);
    this.sink.begin({ status, reason, httpVersion, fields }, this);
  }

  data(chunk: Buffer): void {
    this.sink.data(chunk);
  }

  end(trailers: Fields): void {
    this.sink.end(trailers);
  }

  pause(): void {
    this.#connection.pause(this);
  }

  resume(): void {
    this.#connection.resume(this);
  }

  abort(): void {
    this.#connection.abort(this);
  }
}

const asError = (error: unknown): ForetasteError =>
  error instanceof ForetasteError
    ? error
    : new ForetasteError('internal', `Reading a response failed: ${String(error)}.`, { cause: error });
