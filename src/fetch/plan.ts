/** Plan which identities to ask: one first, more only on difference. */
import {
  type AuditPolicy,
  type Exchange,
  field,
  type Identity,
  type IdentityName,
  type NoiseBand,
  type Profile,
  type Ratio,
  type Standing,
} from '../domain/index.ts';
import { ownGroup } from './quorum.ts';

export interface Plan {
  /** Why references are asked or not, for the log. */
  readonly reason:
    | 'method'
    | 'settled-by-record'
    | 'not-sampled'
    | 'no-identity'
    | 'sampled'
    | 'under-review';
  /** Asked beside the crawler's own request. */
  readonly first: readonly Identity[];
  /** Whether the crawler's identity is asked again at once, too. */
  readonly repeat: boolean;
  /** All identities, the most telling first. */
  readonly order: readonly Identity[];
  /** Most refetches, repeats included. */
  readonly maxViews: number;
}

export interface Knowledge {
  readonly standing: Standing;
  /** A snapshot record or an expected digest already says that the content is the recorded one. */
  readonly settledByRecord: boolean;
  readonly noise?: NoiseBand;
  readonly audit: AuditPolicy;
  /** From the keyed sampler, so that nobody outside can tell who is audited and by whom. */
  readonly draw: Ratio;
  readonly identities: readonly Identity[];
}

/** Corroborated exchanges until which every one of a source is refetched; most sources of a dataset have fewer URLs. */
const KNOWN_AFTER = 50;

/**
 * Share of a source's exchanges that are refetched: all until it is known, then fewer as its corroborated history grows, never
 * under the floor. One confirmed or pending divergence, and all are again: a source that lies once is a source that lies.
 * A fixed rate gives way to a confirmed divergence too, and to a source that is no longer the one that was known.
 */
export function auditRate(standing: Standing, { rate, floor }: AuditPolicy): Ratio {
  if (standing.confirmed || (standing.turned !== undefined && standing.corroborated < KNOWN_AFTER)) return 1;
  if (rate !== 'adaptive') return rate;
  if (standing.divergences > 0) return 1;
  return Math.max(floor, KNOWN_AFTER / Math.max(KNOWN_AFTER, standing.corroborated));
}

/** Share of visits that are second ones at a source of which nothing is corroborated: a first page says little about its cookies. */
const RETURNING_UNSEEN: Ratio = 0.5;

/**
 * Share of inquiries that end in agreement after which `profile` comes back with the cookies it was given: a source may lie to
 * whoever brings none. What the profile says, more for a source not seen before, all under review; none where it keeps no cookies.
 */
export function returningRate({ visits }: Pick<Profile, 'visits'>, standing: Standing): Ratio {
  const usual = visits?.returning ?? 0;
  if (usual === 0) return 0;
  if (isUnderReview(standing)) return 1;
  return standing.corroborated === 0 ? Math.max(usual, RETURNING_UNSEEN) : usual;
}

const isUnderReview = ({ confirmed, divergences }: Standing): boolean => confirmed || divergences > 0;

/** Methods whose content can be asked for twice. */
const SAFE = new Set(['GET']);

export function planViews(exchange: Exchange, knowledge: Knowledge): Plan {
  const { standing, audit, draw, identities } = knowledge;
  const none = (reason: Plan['reason']): Plan => ({
    reason,
    first: [],
    repeat: false,
    order: [],
    maxViews: 0,
  });
  if (!SAFE.has(exchange.method)) return none('method');
  if (knowledge.settledByRecord && !standing.confirmed) return none('settled-by-record');
  const rate = auditRate(standing, audit);
  if (draw >= rate) return none('not-sampled');
  const order = byInformation(identities, exchange, rate > 0 ? draw / rate : 0);
  if (order.length === 0 || audit.maxViews < 1) return none('no-identity');
  const underReview = isUnderReview(standing);
  // A source under review rarely ends with one reference; asking two at once saves the round trip.
  const first = order.slice(0, Math.min(underReview ? 2 : 1, audit.maxViews));
  return {
    reason: underReview ? 'under-review' : 'sampled',
    first,
    repeat: underReview && audit.maxViews > first.length,
    order,
    maxViews: audit.maxViews,
  };
}

/**
 * Identities in the order in which they say most: from another independence group than the crawler's, then from another
 * address, then the ones least like the crawler; each next one as unlike those before as can be. Equals are put in an order
 * that depends on `chance`.
 */
function byInformation(identities: readonly Identity[], exchange: Exchange, chance: Ratio): Identity[] {
  const own = ownGroup(identities);
  const agent = field(exchange.fields, 'user-agent') ?? '';
  const turn = Math.floor(chance * identities.length) % Math.max(1, identities.length);
  const left = [...identities.slice(turn), ...identities.slice(0, turn)];
  const ordered: Identity[] = [];
  const value = ({ profile, perspective }: Identity): number => {
    const agentOf = field(profile.fields, 'user-agent') ?? '';
    const before = ordered.filter((other) => other.perspective.group === perspective.group).length;
    return (
      (perspective.group === own ? 0 : 32) +
      (perspective.route.via === 'direct' ? 0 : 16) +
      (isBrowser(agentOf) === isBrowser(agent) ? 0 : 8) +
      (ordered.some((other) => other.profile.name === profile.name) ? 0 : 4) -
      Math.min(3, before)
    );
  };
  while (left.length > 0) {
    const best = left.reduce((most, identity) => (value(identity) > value(most) ? identity : most));
    ordered.push(best);
    left.splice(left.indexOf(best), 1);
  }
  return ordered;
}

const isBrowser = (agent: string): boolean =>
  /^Mozilla\/5\.0 \([^)]*\) .*(?:Chrome|Firefox|Safari)\//.test(agent);

export interface Progress {
  readonly plan: Plan;
  /** References asked so far, in order, failures included. */
  readonly asked: readonly IdentityName[];
  /** Times the crawler's identity was asked again. */
  readonly repeats: number;
  readonly comparison: {
    readonly relation: 'equal' | 'noise' | 'divergent' | 'no-evidence';
    readonly votes: ReadonlyArray<{ readonly corroborates: boolean | undefined }>;
    /** Differences that more views would settle. */
    readonly open: number;
  };
  /** Whether the crawler's own view can be held against anything. */
  readonly crawlerUsable: boolean;
  /** Requests that one reference costs: two where it comes back with its cookies. */
  readonly visits: 1 | 2;
}

export interface NextViews {
  readonly repeat: boolean;
  readonly ask: readonly Identity[];
}

/** References that are tried before it counts as known that none will answer. */
const TRIED_WITHOUT_ANSWER = 2;
/** Repeats after which the crawler's own noise is known as well as it will be. */
const ENOUGH_REPEATS = 3;

/** What to ask next; undefined when more views would change nothing or the budget is spent. */
export function nextViews({
  plan,
  asked,
  repeats,
  comparison,
  crawlerUsable,
  visits,
}: Progress): NextViews | undefined {
  const left = plan.maxViews - asked.length - repeats;
  if (left < visits || plan.order.length === 0 || !crawlerUsable) return undefined;
  const answered = comparison.votes.filter(({ corroborates }) => corroborates !== undefined).length;
  switch (comparison.relation) {
    case 'equal':
    case 'noise':
      return undefined;
    case 'no-evidence':
      return answered === 0 && asked.length < TRIED_WITHOUT_ANSWER
        ? { repeat: false, ask: upcoming(plan, asked, 1) }
        : undefined;
    case 'divergent': {
      if (comparison.open === 0) return undefined;
      const repeat = repeats < ENOUGH_REPEATS && repeats < asked.length;
      const affordable = Math.floor((left - (repeat ? 1 : 0)) / visits);
      const ask = upcoming(plan, asked, Math.min(affordable, asked.length < 2 ? 1 : 2));
      return ask.length === 0 && !repeat ? undefined : { repeat, ask };
    }
    default:
      return comparison.relation satisfies never;
  }
}

/** The next identities in order; when all were asked, from the beginning: the same identity again tells its noise. */
function upcoming(plan: Plan, asked: readonly IdentityName[], count: number): Identity[] {
  const timesAsked = (identity: Identity) => asked.filter((name) => name === identity.name).length;
  return [...plan.order]
    .map((identity, at) => ({ identity, at, times: timesAsked(identity) }))
    .sort((a, b) => a.times - b.times || a.at - b.at)
    .slice(0, Math.max(0, count))
    .map(({ identity }) => identity);
}
