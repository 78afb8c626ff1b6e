/** One exchange through the guard itself, over a site in this process. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type Identity,
  type ImageDecoder,
  identityOf,
  type NewVerdict,
  type NoiseBand,
  type Perspective,
  type Ports,
  type Standing,
  unknownStanding,
  type Verdict,
} from '../../../src/domain/index.ts';
import { createGuard } from '../../../src/guard.ts';
import { loadRules } from '../../../src/rules/load.ts';
import { loadDetector } from '../../../src/screen/image/load.ts';
import { createExaminer } from '../../../src/screen/in-place.ts';
import { type Crawler, fetcherFor, type Site, USUAL } from './world.ts';

const rules = loadRules(join(import.meta.dirname, '../../../rules'));
const PROFILES = ['chrome-desktop', 'firefox-desktop', 'plain'];
const PERSPECTIVES: readonly Perspective[] = [
  { name: 'second', group: 'lab', route: { via: 'localAddress', address: '127.0.0.2' } },
  { name: 'direct', group: 'direct', route: { via: 'direct' } },
];
const identities: readonly Identity[] = PERSPECTIVES.flatMap((perspective) =>
  PROFILES.flatMap((name) => {
    const profile = rules.profiles.find((candidate) => candidate.name === name);
    return profile ? [identityOf(profile, perspective)] : [];
  }),
);
/** Whom the baselines ask. */
export const REFERENCE = identities[0] as Identity;
const examiner = createExaminer({ rules, detector: loadDetector });
const [policy] = rules.policies;
if (!policy) throw new Error('Expected a policy in rules/policy.');

export interface Judged {
  readonly verdict: Verdict;
  readonly refetches: number;
  /** What the crawler got. */
  readonly delivered: string | Uint8Array;
  /** What the exchange taught about the noise of its source, where that was new. */
  readonly learnt?: NoiseBand;
}

export interface JudgeOptions {
  readonly url: string;
  readonly site: Site;
  readonly decoder: ImageDecoder;
  /** Uniform from [0, 1): who is asked first depends on it. */
  readonly draw: number;
  readonly standing?: Standing;
  readonly noise?: NoiseBand;
  readonly crawler?: Crawler;
}

/** Judge one exchange with the guard's default policy and the profiles and perspectives of a small installation. */
export async function judge({
  url,
  site,
  decoder,
  draw,
  standing,
  noise,
  crawler = USUAL,
}: JudgeOptions): Promise<Judged> {
  const fetcher = fetcherFor(site, crawler);
  let learnt: NoiseBand | undefined;
  let verdict: Verdict | undefined;
  const ports: Ports = {
    fetcher,
    decoder,
    examiner,
    snapshots: { find: async () => [], tally: () => {} },
    verdicts: {
      append: async (fresh: NewVerdict) => {
        verdict = { ...fresh, review: null, log: 1 };
        return verdict;
      },
    } as unknown as Ports['verdicts'],
    sources: {
      standing: async (host: string) => standing ?? unknownStanding(host, host),
      noise: async () => noise,
      learn: async (band: NoiseBand) => {
        learnt = band;
      },
    } as unknown as Ports['sources'],
    bodies: { put: async () => {}, get: async () => undefined },
    sampler: { draw: () => draw },
    events: { verdict: () => {}, review: () => {} },
    digest: async () => ({}),
    clock: () => 1_000_000,
    newId: () => randomUUID(),
  };
  const guard = createGuard(ports, {
    mode: 'enforce',
    audit: { rate: 1, floor: 1, deadline: 60_000, maxViews: 8 },
    identities,
    policy: policy as NonNullable<typeof policy>,
    rules,
    screens: { image: true, text: false, code: false },
  });
  const exchange = {
    id: randomUUID(),
    method: 'GET',
    url,
    source: 'site.example',
    fields: crawler.fields,
    receivedAt: 0,
  };
  const delivery = await guard.judge(exchange, { stream: false, signal: new AbortController().signal });
  if (delivery.kind !== 'judged' || !verdict)
    throw new Error('Expected a judged delivery but received a stream.');
  return {
    verdict,
    refetches: fetcher.refetches(),
    delivered: fetcher.delivered()?.body ?? '',
    ...(learnt === undefined ? {} : { learnt }),
  };
}

export const isFlagged = ({ verdict }: Judged): boolean =>
  verdict.verdict === 'suspect' || verdict.verdict === 'poisoned';
