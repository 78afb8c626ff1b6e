/** Marks of hosts: what connections and name servers show, kept in the store behind the exchanges. */
import { LRUCache } from 'lru-cache';
import { createBehind, unlessAborted } from './behind.ts';
import type {
  Clock,
  EpochStore,
  Epochs,
  Mark,
  MarkKind,
  Milliseconds,
  Peer,
  SourceStore,
} from './domain/index.ts';
import type { NameServers } from './fetch/name-servers.ts';
import { registeredDomain } from './snapshot/epoch.ts';
import { markAfter, turnOf } from './snapshot/marks.ts';

/** Delegations change rarely; who takes a domain over is seen within a week. */
const NAME_SERVERS_FOR: Milliseconds = 7 * 24 * 3_600_000;
/** Between two questions to a resolver. */
const PAUSE: Milliseconds = 100;
/** Hosts that wait at most; what finds no room is looked at with its next connection. */
const MOST_WAITING = 1_000;
/** Hosts in memory, a few hundred octets each. */
const MOST_HOSTS = 20_000;

export interface RunningMarks extends Pick<Epochs, 'turned'> {
  /** Told of each fresh connection to an origin. */
  met(peer: Peer): void;
  /** Calls off what is under way, and ends. */
  close(): Promise<void>;
}

/** `onTurn` is told of a host whose marks were just replaced. */
export function createMarks({
  store,
  sources,
  nameServers,
  clock,
  onTurn = () => {},
  pause = PAUSE,
}: {
  store: Pick<EpochStore, 'marks' | 'putMarks'>;
  sources: Pick<SourceStore, 'standing'>;
  nameServers: NameServers;
  clock: Clock;
  onTurn?: (host: string) => void;
  pause?: Milliseconds;
}): RunningMarks {
  const hosts = new LRUCache<string, readonly Mark[]>({ max: MOST_HOSTS });

  const look = async (
    { host, network, certificate }: Peer,
    domain: string,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const [own, whole, standing] = await Promise.all([
      store.marks(host),
      store.marks(domain),
      sources.standing(host),
    ]);
    const at = clock();
    const seen = { at, corroborated: standing.corroborated };
    const held = new Map<MarkKind, Mark>([...own, ...whole].map((mark) => [mark.kind, mark]));
    const due = at >= (held.get('name-servers')?.checked ?? Number.NEGATIVE_INFINITY) + NAME_SERVERS_FOR;
    const servers = due ? await unlessAborted(nameServers.of(domain), signal) : undefined;
    if (signal.aborted) return false;
    const before = turnOf([...held.values()]);
    const note = async (subject: string, kind: MarkKind, values: readonly string[], asked = false) => {
      const known = held.get(kind);
      const mark = markAfter(kind, known, values, seen);
      if (mark === known && !asked) return;
      const checked = { ...mark, checked: at };
      held.set(kind, checked);
      await store.putMarks(subject, [checked]);
    };
    await note(host, 'network', [network]);
    if (certificate.length > 0) await note(host, 'certificate', certificate);
    // Who does not say is asked again in a week as well.
    if (due) await note(domain, 'name-servers', servers ?? [], true);
    hosts.set(host, [...held.values()]);
    if (turnOf([...held.values()])?.at !== before?.at) onTurn(host);
    return due;
  };
  const behind = createBehind(
    ({ peer, domain }: { peer: Peer; domain: string }, signal) => look(peer, domain, signal),
    { pause, most: MOST_WAITING },
  );

  return {
    turned: (host) => {
      const marks = hosts.get(host);
      return marks && turnOf(marks);
    },
    met: (peer) => {
      const domain = registeredDomain(peer.host);
      if (domain !== undefined && !isKnown(hosts.get(peer.host), peer, clock()))
        behind.add(peer.host, { peer, domain });
    },
    close: async () => {
      nameServers.close();
      await behind.close();
    },
  };
}

/** Whether a connection shows nothing that is not known, and nothing is to be asked again. */
function isKnown(
  marks: readonly Mark[] | undefined,
  { network, certificate }: Peer,
  now: Milliseconds,
): boolean {
  const holds = (kind: MarkKind, values: readonly string[]) => {
    const mark = marks?.find((each) => each.kind === kind);
    return values.every((value) => mark?.values.includes(value));
  };
  const asked = marks?.find(({ kind }) => kind === 'name-servers')?.checked ?? Number.NEGATIVE_INFINITY;
  return holds('network', [network]) && holds('certificate', certificate) && now < asked + NAME_SERVERS_FOR;
}
