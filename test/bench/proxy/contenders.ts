/** Who is measured, in the order of the tables. */
import {
  type Place,
  startForward,
  startPassThrough,
  startWithRecords,
  startWithRecordsOnly,
  startWithReference,
  startWithReferenceOnly,
} from './foretaste.ts';
import {
  type PeerPlace,
  type StartPeer,
  startHttpMitmProxy,
  startMitmproxy,
  startMockttp,
  startSquid,
  startWarcprox,
} from './peers.ts';
import type { Contender } from './process.ts';

export interface Entry {
  /** What `--only` and the targets call it. */
  readonly key: string;
  readonly start: StartPeer;
}

const direct = async (): Promise<Contender> => ({
  name: 'direct',
  cpu: () => 0,
  peak: () => 0,
  stop: () => undefined,
  ended: Promise.resolve(),
});

const ours = (key: string, start: (place: Place) => Promise<Contender>): Entry => ({ key, start });

export const ENTRIES: readonly Entry[] = [
  { key: 'direct', start: direct },
  ours('foretaste', startPassThrough),
  ours('alone', startForward),
  ours('snapshot-hit', startWithRecords),
  ours('one-reference', startWithReference),
  ours('snapshot-hit-only', startWithRecordsOnly),
  ours('one-reference-only', startWithReferenceOnly),
  { key: 'squid', start: startSquid },
  { key: 'mitmproxy', start: startMitmproxy },
  { key: 'warcprox', start: startWarcprox },
  { key: 'http-mitm-proxy', start: startHttpMitmProxy },
  { key: 'mockttp', start: startMockttp },
];

export type Running = Contender & { readonly key: string };

/** Starts what `only` names, or all; what is not installed is said and left out. Each takes up to some seconds. */
export async function startContenders(
  only: readonly string[],
  place: PeerPlace,
  say: (line: string) => void,
): Promise<Running[]> {
  const running: Running[] = [];
  try {
    for (const { key, start } of ENTRIES) {
      if (only.length > 0 && !only.includes(key)) continue;
      const contender = await start(place);
      if (contender === undefined) say(`${key}: not installed`);
      else running.push({ ...contender, key });
    }
  } catch (error) {
    for (const contender of running) contender.stop();
    throw error;
  }
  return running;
}
