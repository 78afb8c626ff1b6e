/** Epochs of sources: what the store knows, and a slow queue that asks registries for the rest behind the exchanges. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, EpochStore, Epochs, KnownEpoch, Milliseconds } from './domain/index.ts';
import type { Rdap } from './fetch/rdap.ts';
import { registeredDomain } from './snapshot/epoch.ts';

const DAY: Milliseconds = 24 * 3_600_000;
/** A registration date changes when a domain lapses, which takes weeks. */
const KNOWN_FOR: Milliseconds = 7 * DAY;
/** No network, a server that is down, a limit that was hit: not sooner than this. */
const UNKNOWN_FOR: Milliseconds = DAY / 24;
/** Between two questions: registries refuse those who ask faster than a few times a second. */
const PAUSE: Milliseconds = 1_000;
/** Domains that wait at most; what finds no room is asked for at its next exchange. */
const MOST_WAITING = 1_000;

export interface RunningEpochs extends Epochs {
  /** Calls off what is under way, and ends. */
  close(): Promise<void>;
}

export function createEpochs({
  store,
  rdap,
  clock,
  pause = PAUSE,
}: {
  store: EpochStore;
  rdap: Rdap;
  clock: Clock;
  pause?: Milliseconds;
}): RunningEpochs {
  const stop = new AbortController();
  const { signal } = stop;
  // A look-up of a name does not hear of signals, and a guard that stops does not wait for it.
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined));
  });
  const waiting = new Set<string>();
  let asking: Promise<void> | undefined;

  const isFresh = (known: KnownEpoch | undefined): boolean => known !== undefined && known.until > clock();

  const askAll = async () => {
    for (const domain of waiting) {
      // Whoever asks for it from here on may have looked before the answer was kept; that is found out at its turn.
      waiting.delete(domain);
      const before = await store.get(domain);
      if (isFresh(before)) continue;
      const answer = await Promise.race([rdap.ask(domain, signal), stopped]);
      if (answer === undefined || signal.aborted) return;
      const unknown = answer.kind === 'unknown';
      await store.put({
        domain,
        // A registry that cannot be reached takes back nothing that it said.
        registered: answer.kind === 'registered' ? answer.at : unknown ? (before?.registered ?? null) : null,
        until: clock() + (unknown ? Math.max(UNKNOWN_FOR, answer.after ?? 0) : KNOWN_FOR),
      });
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const start = () => {
    asking ??= askAll()
      // A store that fails is told by the exchanges that need it; here domains are only asked for again later.
      .catch(() => waiting.clear())
      .finally(() => {
        asking = undefined;
        if (waiting.size > 0 && !signal.aborted) start();
      });
  };
  const ask = (domain: string) => {
    if (signal.aborted || waiting.size >= MOST_WAITING) return;
    waiting.add(domain);
    start();
  };

  return {
    registered: async (host) => {
      const domain = registeredDomain(host);
      if (domain === undefined) return undefined;
      const known = await store.get(domain);
      if (!isFresh(known)) ask(domain);
      return known?.registered ?? undefined;
    },
    close: async () => {
      stop.abort();
      await asking;
    },
  };
}
