/** What open tools do today, to be held against: one reference fetch and one threshold. */

import { wordsOf } from '../../../src/compare/words.ts';
import type { Exchange, Identity } from '../../../src/domain/index.ts';
import type { Site } from './world.ts';
import { type Crawler, fetcherFor, USUAL } from './world.ts';

export interface Baselines {
  /** More than ten characters of visible words differ. @see tirith `cloaking.rs`, agent-browser-shield#122 */
  readonly tenCharacters: boolean;
  /** Visible words are less than 0.8 alike. */
  readonly similarity: boolean;
}

const visible = (body: string | Uint8Array): string[] =>
  wordsOf(
    (typeof body === 'string' ? body : Buffer.from(body).toString('latin1')).replace(
      /<(script|style)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->|<[^>]*>/gi,
      ' ',
    ),
  );

export async function baselines(
  url: string,
  site: Site,
  reference: Identity,
  crawler: Crawler = USUAL,
): Promise<Baselines> {
  const fetcher = fetcherFor(site, crawler);
  const exchange = {
    id: 'baseline',
    method: 'GET',
    url,
    source: 'site.example',
    fields: crawler.fields,
    receivedAt: 0,
  } satisfies Exchange;
  const arrival = await fetcher.own(exchange, new AbortController().signal);
  const own = arrival.kind === 'arrival' ? await arrival.whole : arrival;
  const other = await fetcher.as(reference, exchange, new AbortController().signal);
  if (own.kind === 'failure' || other.kind === 'failure') return { tenCharacters: true, similarity: true };
  if (own.status !== other.status) return { tenCharacters: true, similarity: true };
  return judged(
    visible(await own.body.bytes().then((bytes) => Buffer.from(bytes).toString())),
    visible(await other.body.bytes().then((bytes) => Buffer.from(bytes).toString())),
  );
}

function judged(one: readonly string[], other: readonly string[]): Baselines {
  const counts = new Map<string, number>();
  for (const word of one) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const word of other) counts.set(word, (counts.get(word) ?? 0) - 1);
  let characters = 0;
  let words = 0;
  for (const [word, count] of counts) {
    characters += word.length * Math.abs(count);
    words += Math.abs(count);
  }
  const likeness = 1 - words / Math.max(1, one.length + other.length);
  return { tenCharacters: characters > 10, similarity: likeness < 0.8 };
}
