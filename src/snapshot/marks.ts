/** Marks of a host over time: when what it is recognised by was replaced, and when so much of it that others serve it. */
import {
  MARK_KINDS,
  type Mark,
  type MarkKind,
  type Milliseconds,
  type Turn,
  timestamp,
} from '../domain/index.ts';

/** Values of one mark that are remembered: servers behind one name take turns. */
const MOST_VALUES = 16;
/** Marks that are replaced further apart have nothing to do with one another. Who takes a host over replaces them within days. */
const TOGETHER: Milliseconds = 30 * 24 * 3_600_000;

/**
 * `before` after `values` were seen; the same object where that changes nothing but the time. It is turned where nothing of what was
 * seen is known: one new server beside old ones is none, nor is a new key of the same issuer.
 */
export function markAfter(
  kind: MarkKind,
  before: Mark | undefined,
  values: readonly string[],
  seen: { readonly at: Milliseconds; readonly corroborated: number },
): Mark {
  if (before === undefined || before.values.length === 0)
    return before !== undefined && values.length === 0
      ? before
      : { kind, values, turned: null, checked: seen.at };
  const known = new Set(before.values);
  const fresh = values.filter((value) => !known.has(value));
  if (fresh.length === 0) return before;
  return {
    kind,
    values: [...before.values, ...fresh].slice(-MOST_VALUES),
    turned: fresh.length === values.length ? { ...seen } : before.turned,
    checked: seen.at,
  };
}

/**
 * The newest turn that two marks bear out; undefined without one. One alone is ordinary: certificates are renewed, content moves
 * between networks, domains between name servers.
 */
export function turnOf(marks: readonly Mark[]): Turn | undefined {
  const turned = marks
    .flatMap(({ kind, turned: turn }) => (turn === null ? [] : [{ kind, ...turn }]))
    .sort((a, b) => b.at - a.at);
  const last = turned.findIndex(
    ({ at }, place) => at - (turned[place + 1]?.at ?? Number.NEGATIVE_INFINITY) <= TOGETHER,
  );
  const latest = turned[last];
  if (latest === undefined) return undefined;
  const all = turned.filter(({ at }) => at <= latest.at && latest.at - at <= TOGETHER);
  return {
    at: timestamp(latest.at),
    marks: MARK_KINDS.filter((kind) => all.some((turn) => turn.kind === kind)),
    corroborated: Math.max(...all.map(({ corroborated }) => corroborated)),
  };
}
