/** All configured archives: asked in order, their answers kept for a while. */
import { LRUCache } from 'lru-cache';
import type {
  ArchiveQuery,
  Archives,
  Bytes,
  Capture,
  Clock,
  Fetcher,
  Milliseconds,
} from '../../domain/index.ts';
import { field } from '../../domain/index.ts';
import { bodyOf } from '../../fetch/body.ts';
import { commonCrawl } from './commoncrawl.ts';
import { createLine, type Line } from './line.ts';
import { memento } from './memento.ts';
import type { Protocol } from './protocol.ts';
import { wayback } from './wayback.ts';

export interface Archive {
  readonly name: string;
  readonly kind: 'wayback' | 'memento' | 'commoncrawl';
  /** What captures are asked for under. */
  readonly url: string;
  /** Where it is asked what there is; a TimeGate needs none. */
  readonly index?: string | undefined;
  /** Requests a minute. */
  readonly rate: number;
}

const KEPT_FOR: Milliseconds = 24 * 3_600_000;
/** All answers together, and one that is worth keeping: pages and pictures rarely have more. */
const KEPT: Bytes = 32 * 2 ** 20;
const LARGEST_KEPT: Bytes = 2 ** 20;
/** What an answer costs beside its content. */
const OVERHEAD: Bytes = 1024;

/** `none`: the archive was asked and has nothing. */
type Kept = { readonly capture: Capture; readonly content: Uint8Array } | 'none';

export function createArchives(
  archives: readonly Archive[],
  { fetcher, clock, inflate }: { fetcher: Pick<Fetcher, 'as'>; clock: Clock; inflate: Bytes },
): Archives {
  const kept = new LRUCache<string, Kept>({
    maxSize: KEPT,
    sizeCalculation: (answer) => OVERHEAD + (answer === 'none' ? 0 : answer.content.length),
    ttl: KEPT_FOR,
    perf: { now: clock },
  });
  const asked = archives.map((archive) => ({
    name: archive.name,
    line: createLine({ ...archive, fetcher, clock }),
    protocol: protocolOf(archive),
  }));

  return {
    async nearest(query) {
      for (const { name, line, protocol } of asked) {
        const key = keyOf(name, query);
        const known = kept.get(key);
        if (known === 'none') continue;
        if (known !== undefined) return again(known, inflate);
        const heard: number[] = [];
        const listening: Line = {
          identity: line.identity,
          get: async (...request) => {
            const answer = await line.get(...request);
            heard.push(answer?.status ?? 0);
            return answer;
          },
        };
        // Whatever an archive sends, the exchange that asked goes on without it.
        const capture = await protocol.nearest(query, listening).catch(() => undefined);
        if (capture === undefined) {
          // Only an archive that answered has said that there is nothing.
          if (heard.length > 0 && heard.every((status) => status >= 200 && status < 429))
            kept.set(key, 'none');
          continue;
        }
        if (capture.body.size > LARGEST_KEPT) return capture;
        const content = await capture.body.bytes();
        await capture.body.release();
        const answer = { capture, content };
        kept.set(key, answer);
        return again(answer, inflate);
      }
      return undefined;
    },
  };
}

/** Queries of one day are one: archives capture a URL a few times a day at most. */
function keyOf(name: string, { url, near, before }: ArchiveQuery): string {
  const day = (at: Milliseconds): number => Math.floor(at / KEPT_FOR);
  return `${name} ${day(near)} ${before === undefined ? '' : day(before)} ${url}`;
}

const again = ({ capture, content }: Exclude<Kept, 'none'>, inflate: Bytes): Capture => ({
  ...capture,
  body: bodyOf(content, field(capture.fields, 'content-encoding') ?? '', inflate),
});

function protocolOf({ kind, url, index }: Archive): Protocol {
  switch (kind) {
    case 'wayback':
      return wayback({ url, index: index ?? new URL('/cdx/search/cdx', url).href });
    case 'memento':
      return memento({ url });
    case 'commoncrawl':
      return commonCrawl({ url, index: index ?? '' });
    default:
      return kind satisfies never;
  }
}
