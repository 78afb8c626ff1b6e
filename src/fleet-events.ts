/** What a worker tells the primary of verdicts it has made durable itself: many in one message, soon, and never waited for. */
import type { Core } from './core.ts';
import type { Milliseconds, Verdict } from './domain/index.ts';
import type { Counted } from './metrics.ts';

/** Verdicts of a worker, for whoever listens at the primary. */
export interface Events {
  readonly kind: 'events';
  /** Whole: those that found something, or of what did not pass. */
  readonly verdicts: readonly Verdict[];
  /** The others, which are most: what is counted. The rest stands in the store. */
  readonly plain: ReadonlyArray<Counted & Pick<Verdict, 'id'>>;
}

/** Soon enough for who watches, and rare enough that a message carries many: one costs more than what stands in it. */
const SOON: Milliseconds = 20;

export interface Teller {
  tell(verdict: Verdict): void;
  /** Sends what waits. */
  flush(): void;
}

export function createTeller(send: (events: Events) => void): Teller {
  let waiting: Verdict[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const all = waiting;
    waiting = [];
    send({
      kind: 'events',
      verdicts: all.filter((verdict) => !isPlain(verdict)),
      plain: all.filter(isPlain).map(countedOf),
    });
  };
  return {
    tell: (verdict) => {
      waiting.push(verdict);
      if (waiting.length === 1) setTimeout(flush, SOON);
    },
    flush,
  };
}

const isPlain = ({ action, findings }: Verdict): boolean => action === 'pass' && findings.length === 0;

const countedOf = ({ id, verdict, action, views }: Verdict): Events['plain'][number] => ({
  id,
  verdict,
  action,
  findings: [],
  views: views.map(({ evidence }) => ({ evidence })),
});

/** The primary's side: listeners hear of every verdict; plain ones are read from the store where somebody watches, and else counted. */
export function hearEvents({
  store,
  events,
  metrics,
  log,
}: Pick<Core, 'store' | 'events' | 'metrics' | 'log'>): (told: Events) => void {
  const hear = async (plain: Events['plain'][number]): Promise<void> => {
    const verdict = events.watched ? await store.verdicts.get(plain.id) : undefined;
    if (verdict === undefined) metrics.judged(plain);
    else events.verdict(verdict);
  };
  return ({ verdicts, plain }) => {
    for (const verdict of verdicts) events.verdict(verdict);
    for (const one of plain)
      hear(one).catch((error: unknown) =>
        log.warn({ err: error, id: one.id }, 'a verdict could not be told'),
      );
  };
}
