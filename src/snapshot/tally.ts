/** Counts how the records of each dataset fared when they were checked. Kept beside the index, added up between processes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckedRecords, Milliseconds } from '../domain/index.ts';
import { withLock } from './lock.ts';
import { replaceFile } from './manifest.ts';
import { UNCHECKED } from './standing.ts';

const TALLY = 'tally.json';
/** Losing this much of a statistic with the process does no harm; a write for each exchange would. */
const WRITE_AFTER: Milliseconds = 2000;
const LOCK_PATIENCE: Milliseconds = 5000;

type Counts = Map<string, CheckedRecords>;

export class Tally {
  readonly #dir: string;
  #stored: Counts;
  #added: Counts = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(dir: string, stored: Counts) {
    this.#dir = dir;
    this.#stored = stored;
  }

  /** What all processes had counted when this one last wrote, and what it has counted since. */
  counts(): ReadonlyMap<string, CheckedRecords> {
    return sum(this.#stored, this.#added);
  }

  of(dataset: string): CheckedRecords {
    return plus(this.#stored.get(dataset), this.#added.get(dataset));
  }

  add(dataset: string, matched: boolean): void {
    this.#added.set(
      dataset,
      plus(this.#added.get(dataset), { matched: matched ? 1 : 0, mismatched: matched ? 0 : 1 }),
    );
    this.#timer ??= setTimeout(() => void this.#write(), WRITE_AFTER).unref();
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const added = this.#added;
    if (added.size === 0) return;
    this.#added = new Map();
    try {
      await withLock(join(this.#dir, `${TALLY}.lock`), LOCK_PATIENCE, async () => {
        this.#stored = sum(await readTally(this.#dir), added);
        await replaceFile(join(this.#dir, TALLY), JSON.stringify(Object.fromEntries(this.#stored)));
      });
    } catch {
      // A folder that cannot be written, or not now: the counts go on in memory.
      this.#added = sum(added, this.#added);
    }
  }

  async close(): Promise<void> {
    await this.#write();
    clearTimeout(this.#timer);
  }
}

export const openTally = async (dir: string): Promise<Tally> => new Tally(dir, await readTally(dir));

async function readTally(dir: string): Promise<Counts> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(join(dir, TALLY), 'utf8'))));
  } catch {
    return new Map();
  }
}

const plus = (a: CheckedRecords = UNCHECKED, b: CheckedRecords = UNCHECKED): CheckedRecords => ({
  matched: a.matched + b.matched,
  mismatched: a.mismatched + b.mismatched,
});

const sum = (a: Counts, b: Counts): Counts =>
  new Map([...new Set([...a.keys(), ...b.keys()])].map((name) => [name, plus(a.get(name), b.get(name))]));
