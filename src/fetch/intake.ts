/** One response while it arrives: kept, digested, and handed on as an arrival and then as a capture. */
import {
  type Arrival,
  type Attempt,
  type Bytes,
  type Capture,
  type Clock,
  type Digests,
  type Failure,
  type Fields,
  ForetasteError,
  field,
  type IdentityName,
  type Limits,
  type Milliseconds,
} from '../domain/index.ts';
import { SpooledBody } from './body.ts';
import { codingsOf } from './coding.ts';
import { decodeSpool } from './decode-spool.ts';
import { Digester, digestsOf } from './digest.ts';
import { failureOf } from './failure.ts';
import { mediaTypeOf } from './media-type.ts';
import { Spool, type SpoolRoom } from './spool.ts';
import type { Flow, Head, Sink } from './wire.ts';
import { tellOver } from './young.ts';

export interface IntakeOptions {
  readonly identity: IdentityName;
  readonly url: string;
  readonly method: string;
  readonly clock: Clock;
  readonly room: SpoolRoom;
  readonly limits: Pick<Limits, 'body' | 'inflate'>;
  readonly withSha512: boolean;
  /** References stop at `limits.body`; the crawler's own content goes on to whoever reads it. */
  readonly stopAtLimit: boolean;
  readonly interim?: (status: number, fields: Fields) => void;
}

/** Takes a response in; once its head is there it is the arrival. */
export class Intake implements Sink, Arrival {
  readonly kind = 'arrival';
  readonly arrival: Promise<Arrival | Failure>;
  readonly #options: IntakeOptions;
  readonly #startedAt: Milliseconds;
  readonly #spool: Spool;
  #arrived: (arrival: Arrival | Failure) => void = () => {};
  #head: Arrival['head'] | undefined;
  #flow: Flow | undefined;
  #digester: Digester | undefined;
  #total: Bytes = 0;
  /** The first so many octets are kept. */
  #keeps: Bytes;
  #over = false;
  #error: ForetasteError | undefined;
  #ended = false;
  #attempt: Attempt | undefined;
  /** Who asked for what is not known yet. */
  #overflow: PromiseWithResolvers<boolean> | undefined;
  #whole: PromiseWithResolvers<Attempt> | undefined;
  /** Content beyond the limit on its way to the reader. */
  #beyond: Uint8Array[] = [];
  /** The reader has taken all of it. */
  #wanted = false;
  #wake: () => void = () => {};
  #paused = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#startedAt = options.clock();
    this.#keeps = options.limits.body;
    this.#spool = new Spool(options.room, (held) => this.#digestFrom(held));
    this.arrival = new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  get head(): Arrival['head'] {
    return this.#head ?? raise('a head before anybody looks at it');
  }

  get overflow(): Promise<boolean> {
    if (this.#over || this.#ended) return Promise.resolve(this.#over);
    this.#overflow ??= Promise.withResolvers();
    return this.#overflow.promise;
  }

  get whole(): Promise<Attempt> {
    if (this.#attempt !== undefined) return Promise.resolve(this.#attempt);
    this.#whole ??= Promise.withResolvers();
    return this.#whole.promise;
  }

  interim(status: number, fields: Fields): void {
    this.#options.interim?.(status, fields);
  }

  begin({ status, reason, httpVersion, fields }: Head, flow: Flow): void {
    this.#head = { status, reason, httpVersion, fields, mediaType: mediaTypeOf(fields) };
    this.#flow = flow;
    const announced = Number(field(fields, 'content-length') ?? 0);
    if (this.#options.method !== 'HEAD' && announced > this.#keeps) {
      // Never judged: kept nowhere, it comes as fast as its one reader takes it.
      this.#keeps = 0;
      this.#goOver();
    }
    this.#arrived(this);
  }

  data(chunk: Uint8Array): void {
    const room = Math.max(0, this.#keeps - this.#total);
    this.#total += chunk.length;
    const kept = chunk.length <= room ? chunk : chunk.subarray(0, room);
    if (kept.length < chunk.length) this.#goOver();
    if (kept.length > 0 && !this.#spool.append(kept)) this.#waitForSpool();
    this.#digester?.update(chunk);
    if (kept.length === chunk.length) return;
    if (this.#options.stopAtLimit) {
      this.#flow?.abort();
      this.#finish([]);
      return;
    }
    this.#beyond.push(chunk.subarray(kept.length));
    this.#wanted = false;
    this.#wake();
    this.#regulate();
  }

  end(trailers: Fields): void {
    this.#finish(trailers);
  }

  fail(error: ForetasteError): void {
    if (this.#ended) return;
    this.#error = error;
    if (this.#head !== undefined) {
      this.#finish([]);
      return;
    }
    this.#ended = true;
    const { identity, url, clock } = this.#options;
    const failure = failureOf(error, { identity, url, startedAt: this.#startedAt, now: clock() });
    this.#overflow?.resolve(false);
    this.#keep(failure);
    this.#arrived(failure);
  }

  #goOver(): void {
    if (this.#over) return;
    this.#over = true;
    this.#digestFrom(this.#spool.held);
    this.#overflow?.resolve(true);
  }

  /** Digests are taken in passing from the moment that content leaves memory; what came before is caught up with. */
  #digestFrom(held: readonly Uint8Array[]): void {
    if (this.#digester !== undefined) return;
    this.#digester = new Digester(this.#options.withSha512);
    for (const chunk of held) this.#digester.update(chunk);
  }

  #waitForSpool(): void {
    this.#paused = true;
    this.#flow?.pause();
    void this.#spool.room().then(() => {
      this.#paused = false;
      this.#regulate();
    });
  }

  /** Takes from the origin only what somebody has room for: beyond the limit a piece at a time, since a thousand readers may be slow. */
  #regulate(): void {
    if (this.#ended || this.#paused) return;
    if (this.#total > this.#keeps && !this.#wanted) this.#flow?.pause();
    else this.#flow?.resume();
  }

  async *stream(): AsyncGenerator<Uint8Array, void> {
    let read = 0;
    try {
      if (this.#keeps > 0) {
        for await (const chunk of this.#spool.stream()) {
          read += chunk.length;
          yield chunk;
          if (read >= this.#keeps) break;
        }
      }
      while (!this.#ended || this.#beyond.length > 0) {
        const chunks = this.#beyond;
        this.#beyond = [];
        for (const chunk of chunks) {
          yield chunk;
          tellOver(chunk.length);
        }
        if (this.#ended || this.#beyond.length > 0) continue;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        this.#wanted = true;
        this.#regulate();
        await promise;
      }
    } finally {
      // The one reader left, and beyond the limit nobody else takes anything: the origin need not go on.
      if (this.#over && !this.#ended) {
        this.#flow?.abort();
        this.fail(
          new ForetasteError('connection-terminated', 'Content over the limit was not read to its end.'),
        );
      }
    }
    if (this.#error !== undefined) throw this.#error;
  }

  #finish(trailers: Fields): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#wake();
    this.#overflow?.resolve(this.#over);
    const duration = this.#options.clock() - this.#startedAt;
    const sealed = this.#spool.seal();
    const codings = this.#spool.size === 0 ? [] : codingsOf(this.head.fields);
    const plain = codings.length === 0 || this.#error !== undefined || this.#over;
    if (sealed === undefined && plain) {
      this.#keep(this.#captureOf(trailers, duration, codings, {}));
      return;
    }
    this.#captureLater(trailers, duration, codings, sealed, plain).then(
      (capture) => this.#keep(capture),
      (error: unknown) => {
        const { identity, url, clock } = this.#options;
        const known =
          error instanceof ForetasteError
            ? error
            : new ForetasteError('internal', `Keeping content failed: ${String(error)}.`, { cause: error });
        this.#error ??= known;
        void this.#spool.release();
        this.#keep(failureOf(known, { identity, url, startedAt: this.#startedAt, now: clock() }));
      },
    );
  }

  #keep(attempt: Attempt): void {
    this.#attempt = attempt;
    this.#whole?.resolve(attempt);
  }

  async #captureLater(
    trailers: Fields,
    duration: Milliseconds,
    codings: readonly string[],
    sealed: Promise<void> | undefined,
    plain: boolean,
  ): Promise<Capture> {
    await sealed;
    if (plain) return this.#captureOf(trailers, duration, codings, {});
    const { limits, withSha512 } = this.#options;
    // What has left memory was digested in passing, and is not read back whole.
    const how = { inflate: limits.inflate, withSha512, inPieces: this.#digester !== undefined };
    return this.#captureOf(trailers, duration, codings, await decodeSpool(this.#spool, codings, how));
  }

  #captureOf(
    trailers: Fields,
    duration: Milliseconds,
    codings: readonly string[],
    decoded: { digests?: Digests; bytes?: Uint8Array },
  ): Capture {
    const { identity, url, limits } = this.#options;
    const { status, reason, httpVersion, fields, mediaType } = this.head;
    const spool = this.#spool;
    return {
      kind: 'capture',
      identity,
      url,
      status,
      reason,
      httpVersion,
      fields,
      trailers,
      body: new SpooledBody(spool, { codings, limits, decodedAlready: decoded.bytes }),
      digests: {
        entity: this.#digester?.finish() ?? digestsOf(spool.inMemory ?? raise('content in memory')),
        decoded: decoded.digests ?? {},
      },
      mediaType,
      truncated: this.#error !== undefined || this.#over,
      ...(this.#total > spool.size ? { received: this.#total } : undefined),
      startedAt: this.#startedAt,
      duration,
    };
  }
}

function raise(expected: string): never {
  throw new ForetasteError('internal', `Expected ${expected}.`);
}
