/** `foretaste scan PATH...`: judge a corpus that is already on disk, and write its filter list. */
import { Readable } from 'node:stream';
import { exchangeOf, OWN_FIELDS } from '../api/exchange.ts';
import { type ExportFormat, encodeExport } from '../api/export/encode.ts';
import { heldBody } from '../api/held.ts';
import type { Config } from '../config.ts';
import { type Core, openCore } from '../core.ts';
import { VERDICTS, type Verdict } from '../domain/index.ts';
import { writeOutput } from './output.ts';
import { Progress } from './progress.ts';
import { isSkipped, type ScanItem } from './scan/item.ts';
import { filesUnder, scanFile } from './scan/walk.ts';

export interface ScanOptions {
  readonly out?: string;
  readonly format: ExportFormat;
  /** Ask for each URL again, and judge what it serves now as well. */
  readonly refetch?: boolean;
}

/** Items judged side by side: decoding and screening use threads, and a refetch waits for the network. */
const SIDE_BY_SIDE = 8;

/**
 * Judges all content under `paths` and writes one row for each verdict. Ctrl-C ends after the items under way, keeps the rows so
 * far, and says how to go on. Resolves to the exit status: 0, or 130 after Ctrl-C.
 */
export async function scan(config: Config, paths: readonly string[], options: ScanOptions): Promise<number> {
  const files = await filesUnder(paths);
  const core = await openCore(config);
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const walk = new Walk(core, files, options.refetch ?? false, abort.signal);
    await writeOutput(Readable.from(encodeExport(options.format, walk.verdicts())), options.out);
    process.stderr.write(`${walk.summary()}\n`);
    return abort.signal.aborted ? 130 : 0;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await core.close();
  }
}

/** One walk over files: verdicts in the order of the content, and what was counted on the way. */
class Walk {
  readonly #core: Core;
  readonly #files: readonly string[];
  readonly #refetch: boolean;
  readonly #signal: AbortSignal;
  readonly #counts = new Map<string, number>();
  #items = 0;
  #skipped = 0;
  #changed = 0;
  #filesDone = 0;

  constructor(core: Core, files: readonly string[], refetch: boolean, signal: AbortSignal) {
    this.#core = core;
    this.#files = files;
    this.#refetch = refetch;
    this.#signal = signal;
  }

  async *verdicts(): AsyncGenerator<Verdict> {
    const progress = new Progress('scan');
    const waiting: Promise<Verdict[]>[] = [];
    try {
      for await (const item of this.#content()) {
        waiting.push(this.#judge(item));
        if (waiting.length === SIDE_BY_SIDE) yield* this.#count((await waiting.shift()) ?? []);
        const [done, total] = [this.#filesDone, this.#files.length];
        progress.show({ done, total, note: `${this.#items} items` });
      }
      for (const verdicts of waiting) yield* this.#count(await verdicts);
    } finally {
      await Promise.allSettled(waiting);
      progress.end();
    }
  }

  async *#content(): AsyncGenerator<ScanItem> {
    const all = new Set(this.#files);
    for (const file of this.#files) {
      if (this.#signal.aborted) return;
      for await (const found of scanFile(file, all, this.#core.config.limits, NEVER)) {
        if (this.#signal.aborted) return;
        if (isSkipped(found)) {
          this.#skipped += 1;
          process.stderr.write(`skipped ${found.where}: expected ${found.expected}, got ${found.got}\n`);
        } else yield found;
      }
      this.#filesDone += 1;
    }
  }

  /** What is held; where it is asked for again and has changed, also what is served now. */
  async #judge({ bytes, mediaType, url, label }: ScanItem): Promise<Verdict[]> {
    const { guard } = this.#core;
    const named = label === undefined ? {} : { label };
    const screened = async () =>
      guard.screen({ content: heldBody(bytes), mediaType, ...(url === undefined ? {} : { url }), ...named });
    if (!this.#refetch || url === undefined || url.startsWith('file:')) return [await screened()];
    const now = await this.#ask(url, named);
    const held = await this.#core.ports.digest(bytes);
    // The same octets: the verdict that knows more speaks of both.
    if (now.digest.sha256 === held.sha256) return [now];
    this.#changed += 1;
    return [await screened(), now];
  }

  async #ask(url: string, named: { label?: string }): Promise<Verdict> {
    const { guard, ports } = this.#core;
    const exchange = exchangeOf({
      id: ports.newId(),
      url,
      fields: OWN_FIELDS,
      receivedAt: ports.clock(),
      ...named,
    });
    const delivery = await guard.judge(exchange, { stream: false, signal: this.#signal });
    const { verdict, capture } = await delivery.judgement;
    await capture?.body.release();
    return verdict;
  }

  *#count(verdicts: readonly Verdict[]): Generator<Verdict> {
    this.#items += 1;
    for (const verdict of verdicts) {
      this.#counts.set(verdict.verdict, (this.#counts.get(verdict.verdict) ?? 0) + 1);
      yield verdict;
    }
  }

  summary(): string {
    const counts = VERDICTS.map((name) => `${this.#counts.get(name) ?? 0} ${name}`).join(', ');
    const changed = this.#refetch ? `, ${this.#changed} changed since` : '';
    const line = `scanned ${this.#items} items in ${this.#filesDone} files: ${counts}${changed}; skipped ${this.#skipped}`;
    if (!this.#signal.aborted) return line;
    const rest = this.#files[this.#filesDone];
    return `${line}\nstopped at ${rest}; what was judged is in the store (foretaste export); go on with that file and those after it`;
  }
}

/** A file is read to the end of its item even after Ctrl-C, so that what was judged is written. */
const NEVER = new AbortController().signal;
