/** When a URL is asked again: after hours and after days, at times that nobody outside can tell. */

import type { Decision } from '../decide/index.ts';
import type {
  AskedBefore,
  AuditSampler,
  Capture,
  Exchange,
  Milliseconds,
  Ratio,
  Recheck,
  View,
} from '../domain/index.ts';

const HOUR: Milliseconds = 3_600_000;

/**
 * Who knows when a snapshot is taken puts the text there shortly before, and it goes soon after. Half of the vandalism on
 * Wikipedia is reverted within minutes, most of it within hours; what nobody watches its author takes back himself, in days.
 * @see Carlini et al., "Poisoning Web-Scale Training Datasets is Practical" (arXiv 2302.10149)
 */
export const RECHECK_AFTER: readonly Milliseconds[] = [6 * HOUR, 72 * HOUR];
/** Each recheck comes up to half an interval later, so that content cannot be put back for it. */
const JITTER: Ratio = 0.5;

/**
 * Times at which `exchange` is asked again; none for most. `sampled` is the share of exchanges that are: the audit floor,
 * which bounds the cost whatever the standing of a source. Pure: drawn from the sampler's key.
 */
export function dueTimes(
  exchange: Exchange,
  { sampler, sampled, now }: { sampler: AuditSampler; sampled: Ratio; now: Milliseconds },
): Milliseconds[] {
  const draw = (what: string): Ratio => sampler.draw({ ...exchange, id: `${exchange.id} recheck ${what}` });
  if (draw('sampled') >= sampled) return [];
  return RECHECK_AFTER.map((after, step) => Math.round(now + after * (1 + JITTER * draw(String(step)))));
}

/** What can be looked into later: pages and data passage by passage, pictures by what they show. */
const COMPARABLE =
  /^(?:text\/(?:html|plain|markdown)|application\/(?:json|x-ndjson|[\w.-]+\+json|xhtml\+xml)|image\/(?!svg).+)$/;

/** Kept in the store for days, where a crawler's credentials have no business. */
const PRIVATE = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** What an answered exchange is to be asked again for: content that can be looked into, that passed, and that no record holds. */
export function rechecksOf(
  {
    exchange,
    own,
    view,
    settled,
    decision,
  }: {
    exchange: Exchange;
    own: Capture;
    view: View;
    settled: boolean;
    decision: Decision;
  },
  draws: Parameters<typeof dueTimes>[1],
): Recheck[] {
  const readable =
    COMPARABLE.test(own.mediaType) && own.status < 300 && !own.truncated && view.evidence === 'usable';
  if (exchange.method !== 'GET' || !readable || settled || decision.action !== 'pass') return [];
  const { url, source, fields, httpVersion } = exchange;
  const asked: AskedBefore = {
    url,
    source,
    fields: fields.filter(([name]) => !PRIVATE.has(name.toLowerCase())),
    ...(httpVersion === undefined ? {} : { httpVersion }),
  };
  return dueTimes(exchange, draws).map((due, step) => ({ verdict: exchange.id, step, due, asked }));
}
