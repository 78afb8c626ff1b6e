/** Progress of long work: a bar on a terminal, plain lines elsewhere. Both on standard error. */
import { Presets, SingleBar } from 'cli-progress';
import type { Milliseconds } from '../domain/index.ts';

/** How far the work is; `total` 0 while it is unknown. */
export interface Advance {
  readonly done: number;
  readonly total: number;
  readonly note?: string;
}

/** Plain lines come at most this often, so that a log stays readable. */
const LINE_EVERY: Milliseconds = 5000;

export class Progress {
  readonly #name: string;
  #bar: SingleBar | undefined;
  #lineAt: Milliseconds = 0;

  constructor(name: string) {
    this.#name = name;
  }

  show({ done, total, note = '' }: Advance): void {
    if (process.stderr.isTTY) {
      if (this.#bar === undefined) {
        this.#bar = new SingleBar(
          { format: `${this.#name} {bar} {percentage} % {note}`, stream: process.stderr },
          Presets.shades_classic,
        );
        this.#bar.start(total, done, { note });
      } else {
        this.#bar.setTotal(total);
        this.#bar.update(done, { note });
      }
    } else if (Date.now() - this.#lineAt >= LINE_EVERY) {
      this.#lineAt = Date.now();
      const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : `${done}`;
      process.stderr.write(`${this.#name}: ${share} ${note}\n`);
    }
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
