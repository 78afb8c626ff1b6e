/** The line to one archive: its requests, at its pace, over connections of their own. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Capture,
  type Clock,
  type Fetcher,
  type Fields,
  field,
  type Identity,
  type IdentityName,
  type Milliseconds,
} from '../../domain/index.ts';
import { Pace, pauseAfter } from './pace.ts';

export interface Line {
  readonly identity: IdentityName;
  /**
   * The whole answer, whatever its status; undefined where none came by `deadline` or the pace leaves no turn before it. The
   * receiver releases its body.
   */
  get(url: string, deadline: Milliseconds, fields?: Fields): Promise<Capture | undefined>;
}

/** An archive that cannot be reached is not tried again by each exchange. */
const UNREACHABLE_FOR: Milliseconds = 30_000;

const FIELDS: Fields = [
  ['Host', ''],
  ['User-Agent', 'foretaste'],
  ['Accept', '*/*'],
];

export function createLine({
  name,
  rate,
  fetcher,
  clock,
}: {
  name: string;
  /** Requests a minute. */
  rate: number;
  fetcher: Pick<Fetcher, 'as'>;
  clock: Clock;
}): Line {
  const pace = new Pace(rate);
  const identity = identityFor(name, FIELDS);
  return {
    identity: identity.name,
    async get(url, deadline, fields = []) {
      const turn = pace.take(clock(), deadline);
      if (turn === undefined) return undefined;
      if (turn > clock()) await sleep(turn - clock());
      const left = deadline - clock();
      if (left <= 0) return undefined;
      const asked = {
        id: 'archive',
        method: 'GET',
        url,
        source: new URL(url).hostname,
        fields: [],
        receivedAt: clock(),
      };
      const attempt = await fetcher.as(
        fields.length === 0 ? identity : identityFor(name, [...FIELDS, ...fields]),
        asked,
        AbortSignal.timeout(left),
      );
      if (attempt.kind === 'failure') {
        pace.hold(clock() + UNREACHABLE_FOR);
        return undefined;
      }
      if (attempt.status === 429 || attempt.status >= 500)
        pace.hold(clock() + pauseAfter(field(attempt.fields, 'retry-after'), clock()));
      if (!attempt.truncated) return attempt;
      await attempt.body.release();
      return undefined;
    },
  };
}

/** Archives are asked for what it is: a program that says its name. Connections are shared with nobody, since the name is its own. */
const identityFor = (name: string, fields: Fields): Identity => ({
  name: `archive@${name}`,
  profile: {
    name: 'archive',
    fields,
    accept: { document: '*/*', image: '*/*' },
    visits: { from: [], returning: 0 },
    only: {},
    tls: { alpn: ['h2', 'http/1.1'] },
    engine: 'http',
  },
  perspective: { name, route: { via: 'direct' }, group: 'archive' },
});
