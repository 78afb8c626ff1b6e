/** The runner of rechecks: asks again what is due, one URL at a time, as long as the guard runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from './core.ts';
import type { Milliseconds, Recheck } from './domain/index.ts';
import { recheckUrl } from './guard/recheck.ts';
import { keptView } from './kept.ts';

/** Between two looks at an empty list: rechecks are due within hours. */
const IDLE: Milliseconds = 60_000;
/** Between two rechecks, which are two requests each: an origin of many pages is not asked in a burst. */
const PAUSE: Milliseconds = 1_000;
/** A recheck that was taken comes due again after this, should its process die: far beyond any deadline of an audit. */
const LEASE: Milliseconds = 15 * 60_000;
/** A page asked again so much later has moved on. Bounds what waits while no guard runs. */
const STALE: Milliseconds = 7 * 24 * 3_600_000;

export interface Rechecks {
  /** Breaks off what is under way, which stays due, and ends. */
  close(): Promise<void>;
}

type Needs = Pick<Core, 'ports' | 'settings' | 'store' | 'log' | 'rules' | 'config'>;

/** Start the runner. Waits never keep the process alive. */
export function startRechecks(
  core: Needs,
  { idle, pause }: { idle: Milliseconds; pause: Milliseconds } = { idle: IDLE, pause: PAUSE },
): Rechecks {
  const stop = new AbortController();
  const { signal } = stop;
  const run = async () => {
    while (!signal.aborted) {
      const worked = await recheckNext(core, signal).catch((error: unknown) => {
        core.log.warn({ error: String(error) }, 'a recheck failed');
        return false;
      });
      await sleep(worked ? pause : idle, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const ended = run();
  return {
    close: async () => {
      stop.abort();
      await ended;
    },
  };
}

/** Asks again what is longest due; false where nothing is. Broken off by `signal` it stays due. */
export async function recheckNext(core: Needs, signal: AbortSignal): Promise<boolean> {
  const { rechecks } = core.store;
  const now = core.ports.clock();
  const recheck = await rechecks.take(now, now + LEASE);
  if (recheck === undefined) {
    await rechecks.drop(now - STALE);
    return false;
  }
  try {
    if (recheck.due > now - STALE) await askAgain(recheck, core, signal);
  } finally {
    if (!signal.aborted) await rechecks.done(recheck);
  }
  return true;
}

async function askAgain(recheck: Recheck, core: Needs, signal: AbortSignal): Promise<void> {
  const { ports, settings, log } = core;
  const verdict = await recheckUrl(recheck, { ports, settings, viewKept: keptView(core).view }, signal);
  if (verdict === undefined) return;
  log.info({ id: verdict.id, url: verdict.url, action: verdict.action }, 'reverted since it passed');
}
