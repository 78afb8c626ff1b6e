/** Epochs of sources: what the store knows, and a slow queue that asks registries for the rest behind the exchanges. */
import { createBehind, unlessAborted } from './behind.ts';
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

export interface RunningEpochs extends Pick<Epochs, 'registered'> {
  /** Calls off what is under way, and ends. */
  close(): Promise<void>;
}

export function createEpochs({
  store,
  rdap,
  clock,
  pause = PAUSE,
}: {
  store: Pick<EpochStore, 'get' | 'put'>;
  rdap: Rdap;
  clock: Clock;
  pause?: Milliseconds;
}): RunningEpochs {
  const isFresh = (known: KnownEpoch | undefined): boolean => known !== undefined && known.until > clock();

  const behind = createBehind(
    async (domain: string, signal) => {
      // Whoever asked may have looked before an answer was kept; that is found out here.
      const before = await store.get(domain);
      if (isFresh(before)) return false;
      const answer = await unlessAborted(rdap.ask(domain, signal), signal);
      if (answer === undefined || signal.aborted) return false;
      const unknown = answer.kind === 'unknown';
      await store.put({
        domain,
        // A registry that cannot be reached takes back nothing that it said.
        registered: answer.kind === 'registered' ? answer.at : unknown ? (before?.registered ?? null) : null,
        until: clock() + (unknown ? Math.max(UNKNOWN_FOR, answer.after ?? 0) : KNOWN_FOR),
      });
      return true;
    },
    { pause, most: MOST_WAITING },
  );

  return {
    registered: async (host) => {
      const domain = registeredDomain(host);
      if (domain === undefined) return undefined;
      const known = await store.get(domain);
      if (!isFresh(known)) behind.add(domain, domain);
      return known?.registered ?? undefined;
    },
    close: () => behind.close(),
  };
}
