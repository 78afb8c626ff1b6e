/** What workers leave to the primary: one process appends to the log, learns noise and asks registries, for all of them. */
import type { Core } from './core.ts';
import { ForetasteError, type Milliseconds, type Ports } from './domain/index.ts';

/** The ports of a worker that the primary stands behind. */
type Left = {
  readonly append: Ports['verdicts']['append'];
  readonly learn: Ports['sources']['learn'];
  readonly registered: NonNullable<Ports['epochs']>['registered'];
};

/** One call; its arguments and its result travel as JSON. */
type Call = {
  readonly [Name in keyof Left]: { readonly name: Name; readonly given: Readonly<Parameters<Left[Name]>> };
}[keyof Left];

/** Calls of one turn of a worker's loop, in one message: a message costs more than what stands in it. */
export interface Calls {
  readonly kind: 'calls';
  readonly calls: ReadonlyArray<Call & { readonly id: number }>;
}

/** Answers of one turn of the primary's loop. */
export interface Answers {
  readonly kind: 'answers';
  readonly answers: ReadonlyArray<{
    readonly id: number;
    readonly result?: unknown;
    readonly error?: string;
  }>;
}

/** How long a call waits for others when many are under way: a message costs both processes about as much as judging. */
const COMPANY: Milliseconds = 2;
/** From so many calls under way on, one more waits for company; a few crawlers are answered at once. */
const MANY = 4;

/** Collects what is given, and passes it on together: at the end of the turn, or with `company` a little later. */
function together<T>(pass: (all: readonly T[]) => void, company = (): boolean => false): (one: T) => void {
  let waiting: T[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    pass(all);
  };
  return (one) => {
    waiting.push(one);
    if (waiting.length > 1) return;
    if (company()) setTimeout(flush, COMPANY);
    else setImmediate(flush);
  };
}

/** The worker's side: ports that ask the primary. `heard` takes its answers. */
export function leaveToPrimary(
  ports: Ports,
  send: (calls: Calls) => void,
): { readonly ports: Ports; readonly heard: (answers: Answers) => void } {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const post = together<Calls['calls'][number]>(
    (all) => send({ kind: 'calls', calls: all }),
    () => waiting.size > MANY,
  );
  let calls = 0;
  const ask = (call: Call): Promise<unknown> => {
    const answer = Promise.withResolvers<unknown>();
    calls += 1;
    waiting.set(calls, answer);
    post({ ...call, id: calls });
    return answer.promise;
  };
  return {
    ports: {
      ...ports,
      verdicts: {
        ...ports.verdicts,
        // JSON has no undefined: what is left out is sent as what it stands for.
        append: async (verdict, captures, rechecks = []) => {
          const log = (await ask({ name: 'append', given: [verdict, captures, rechecks] })) as number;
          const { rules, ...judged } = verdict;
          return { ...judged, review: null, rules, log };
        },
      },
      sources: {
        ...ports.sources,
        learn: async (...given) => {
          await ask({ name: 'learn', given });
        },
      },
      epochs: {
        // Connections are this process's own, and so is what they show.
        turned: (host) => ports.epochs?.turned(host),
        registered: async (...given) =>
          (await ask({ name: 'registered', given })) as Awaited<ReturnType<Left['registered']>>,
      },
    },
    heard: ({ answers }) => {
      for (const { id, result, error } of answers) {
        const answer = waiting.get(id);
        waiting.delete(id);
        if (error === undefined) answer?.resolve(result);
        else answer?.reject(new ForetasteError('store', error));
      }
    },
  };
}

/** The primary's side: does what a worker asks, and tells it once that is durable. */
export function answerCalls(
  { ports, events }: Pick<Core, 'ports' | 'events'>,
  send: (answers: Answers) => void,
): (calls: Calls) => void {
  const post = together<Answers['answers'][number]>((answers) => send({ kind: 'answers', answers }));
  const run = async (call: Call): Promise<unknown> => {
    switch (call.name) {
      case 'append': {
        const verdict = await ports.verdicts.append(...call.given);
        events.verdict(verdict);
        // The worker has the rest.
        return verdict.log;
      }
      case 'learn':
        return ports.sources.learn(...call.given);
      case 'registered':
        return ports.epochs?.registered(...call.given);
      default:
        return call satisfies never;
    }
  };
  return ({ calls }) => {
    for (const { id, ...call } of calls) {
      run(call).then(
        (result) => post({ id, result }),
        (error: unknown) => post({ id, error: error instanceof Error ? error.message : String(error) }),
      );
    }
  };
}
