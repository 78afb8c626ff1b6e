/** What a crawl came to, counted as it goes. */
import type { Row } from './row.ts';

export class Summary {
  readonly #verdicts = new Map<string, number>();
  #done = 0;
  #failed = 0;
  #bytes = 0;

  add(row: Row): void {
    this.#done += 1;
    this.#bytes += row.bytes;
    if (row.status === null) this.#failed += 1;
    else
      this.#verdicts.set(
        row.verdict ?? 'no verdict',
        (this.#verdicts.get(row.verdict ?? 'no verdict') ?? 0) + 1,
      );
  }

  get done(): number {
    return this.#done;
  }

  /** `200 done, 3.1 MB: clean 150, poisoned 40, failed 10`. */
  toString(): string {
    const parts = [...this.#verdicts].sort().map(([verdict, count]) => `${verdict} ${count}`);
    if (this.#failed > 0) parts.push(`failed ${this.#failed}`);
    return `${this.#done} done, ${(this.#bytes / 1e6).toFixed(1)} MB${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
  }
}
