/** Visits of references: as people arrive, for the first time or again with the cookies of the time before. */
import {
  type Attempt,
  type Exchange,
  field,
  type Identity,
  type Ports,
  type Ratio,
  type Standing,
} from '../domain/index.ts';
import { returningRate } from '../fetch/plan.ts';

export interface Visitors {
  /** Ask as `identity`; `after` an answer of its own, with the cookies that it set. */
  ask(identity: Identity, after?: Attempt): Promise<Attempt>;
  /** Whether `identity`, to which `first` came, returns although nothing differs. */
  returns(identity: Identity, first: Attempt, standing: Standing): boolean;
}

/** Whether whoever got `attempt` has cookies to bring. */
export const hasCookies = (attempt: Attempt): boolean =>
  attempt.kind === 'capture' && field(attempt.fields, 'set-cookie') !== undefined;

/** The visitors of one exchange, who all come the same way: what differs among them then has other reasons. */
export function visitorsOf(
  exchange: Exchange,
  { fetcher, sampler }: Pick<Ports, 'fetcher' | 'sampler'>,
  signal: AbortSignal,
): Visitors {
  const drawOf = (what: string): Ratio => sampler.draw({ ...exchange, id: `${exchange.id} ${what}` });
  const draw = drawOf('page');
  return {
    ask: (identity, after) =>
      fetcher.as(identity, exchange, signal, {
        draw,
        ...(after?.kind === 'capture' ? { after: after.fields } : {}),
      }),
    returns: ({ profile }, first, standing) =>
      hasCookies(first) && drawOf('return') < returningRate(profile, standing),
  };
}
