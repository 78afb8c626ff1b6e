/** Scenarios: what stands on the web, what the crawler asks, and what must come of it; one sentence, one test. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importSnapshots } from '../src/commands/snapshot.ts';
import { loadConfig } from '../src/config.ts';
import type { Verdict } from '../src/domain/index.ts';
import { type Answered, type Asking, type Guarded, startGuarded } from './guarded.ts';
import type { Handler } from './origin/answer.ts';
import type { Origin } from './origin/server.ts';

/** What must hold; what is not named may be as it is. */
export interface Expected {
  readonly verdict?: Verdict['verdict'];
  readonly action?: Verdict['action'];
  readonly quorum?: string | RegExp;
  /** Kinds that must be among the findings. */
  readonly kinds?: readonly string[];
  /** Without any finding. */
  readonly silent?: boolean;
  /** Status of the answer to the crawler. */
  readonly status?: number;
  /** Content of the answer, octet by octet. */
  readonly body?: string | Uint8Array;
  readonly snapshot?: Verdict['snapshot']['status'];
  /** How often the origin was asked for the path, by the crawler and all references. */
  readonly asked?: number;
  readonly also?: (answered: Answered, guarded: Guarded) => void | Promise<void>;
}

type Step = (guarded: Guarded) => Promise<void>;

/** Registers a test; its steps run in the order in which they are written. */
export function scenario(sentence: string): Scenario {
  const written = new Scenario();
  it(sentence, () => written.run());
  return written;
}

class Scenario {
  #sites: Readonly<Record<string, Handler>> = {};
  #settings: Readonly<Record<string, unknown>> = {};
  #records: (origin: Origin) => readonly object[] = () => [];
  readonly #steps: Step[] = [];
  #answered: Answered | undefined;
  #path = '';

  /** What stands at which path, on any host. */
  origin(paths: Readonly<Record<string, Handler>>): this {
    this.#sites = paths;
    return this;
  }

  /** Parts of foretaste.yaml. */
  settings(settings: Readonly<Record<string, unknown>>): this {
    this.#settings = settings;
    return this;
  }

  /** Snapshot records, imported before the guard starts. */
  records(records: (origin: Origin) => readonly object[]): this {
    this.#records = records;
    return this;
  }

  ask(target: string, asking: Asking = {}): this {
    this.#steps.push(async (guarded) => {
      this.#path = target;
      this.#answered = await guarded.ask(target, asking);
    });
    return this;
  }

  expect(expected: Expected): this {
    this.#steps.push(async (guarded) => {
      if (this.#answered === undefined) throw new Error('A scenario asks before it expects.');
      await check(expected, this.#answered, this.#path, guarded);
    });
    return this;
  }

  async run(): Promise<void> {
    const guarded = await startGuarded({ '*': this.#sites }, this.#settings, (folder, origin) =>
      importRecords(folder, this.#records(origin)),
    );
    try {
      for (const step of this.#steps) await step(guarded);
    } finally {
      await guarded.close();
    }
  }
}

async function importRecords(folder: string, records: readonly object[]): Promise<void> {
  if (records.length === 0) return;
  const file = join(folder, 'records.jsonl');
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const config = loadConfig({ config: join(folder, 'foretaste.yaml') });
  await importSnapshots(config, [file], { dataset: 'bench', format: 'jsonl' }, () => undefined);
}

async function check(expected: Expected, answered: Answered, path: string, guarded: Guarded): Promise<void> {
  const { verdict } = answered;
  // One comparison of all that was named, so that a failure shows the whole picture.
  const kinds = verdict?.findings.map(({ kind }) => kind) ?? [];
  const seen = {
    verdict: verdict?.verdict,
    action: verdict?.action,
    quorum: verdict?.quorum,
    kinds,
    status: answered.status,
    snapshot: verdict?.snapshot.status,
    asked: guarded.origin.requests.filter((one) => one.path === path).length,
  };
  const wanted = {
    ...pick(expected, ['verdict', 'action', 'status', 'snapshot', 'asked']),
    ...(expected.quorum !== undefined && {
      quorum: expected.quorum instanceof RegExp ? expect.stringMatching(expected.quorum) : expected.quorum,
    }),
    ...(expected.kinds && { kinds: expect.arrayContaining([...expected.kinds]) }),
    ...(expected.silent && { kinds: [] }),
  };
  expect(seen, describe(verdict)).toMatchObject(wanted);
  if (expected.body !== undefined) {
    expect(answered.body.equals(Buffer.from(expected.body)), 'the body, octet by octet').toBe(true);
  }
  await expected.also?.(answered, guarded);
}

function pick(expected: Expected, keys: ReadonlyArray<keyof Expected>): Partial<Expected> {
  return Object.fromEntries(
    keys.filter((key) => expected[key] !== undefined).map((key) => [key, expected[key]]),
  );
}

const describe = (verdict: Verdict | undefined): string =>
  verdict === undefined
    ? 'no verdict'
    : [
        `${verdict.verdict} ${verdict.score} ${verdict.quorum}`,
        ...verdict.views.map((view) => `${view.identity} ${view.status} ${view.evidence} ${view.bytes}`),
        ...verdict.findings.map(({ kind, score, summary }) => `${kind} ${score} ${summary}`),
      ].join('\n');
