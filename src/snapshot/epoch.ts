/** Whether a domain is in other hands than when a dataset recorded its URL. */
import { parse } from 'tldts';
import type {
  Epochs,
  Finding,
  Milliseconds,
  Ratio,
  SnapshotRecord,
  Timestamp,
  Turn,
} from '../domain/index.ts';

/** Datasets date their records by the day, in any time zone. */
const PRECISION: Milliseconds = 24 * 3_600_000;
/** A date of a registry is a fact; that a new owner is a poisoner is for policy to weigh. */
const REGISTERED_SINCE: Ratio = 0.9;
/** Most who replace servers, certificates or networks only move. */
const TURNED_SINCE: Ratio = 0.5;

/** Names that nobody can register. @see RFC 2606, RFC 6761 */
const RESERVED = /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/;

/** The domain that a registry has for `host`; undefined for addresses and for names that no registry has. */
export function registeredDomain(host: string): string | undefined {
  const { domain, isIcann, isIp } = parse(host.replace(/\.$/, '').toLowerCase());
  return domain === null || isIp || !isIcann || RESERVED.test(domain) ? undefined : domain;
}

type Dated = SnapshotRecord & { readonly date: Timestamp };

const oldestOf = (records: readonly SnapshotRecord[]): Dated | undefined =>
  records
    .flatMap((record) => (record.date === null ? [] : [{ ...record, date: record.date }]))
    .sort((a, b) => Date.parse(a.date) - Date.parse(b.date))[0];

const isLater = (at: Timestamp, date: Timestamp): boolean => Date.parse(at) - Date.parse(date) > PRECISION;

/** What epochs say of a source that is asked for a recorded URL. */
export interface EpochOf {
  /** `source.epoch` where the oldest record of the URL is from before others came to serve it: who was recorded is gone. */
  readonly findings: readonly Finding[];
  /** Since when others serve it, with or without a record. */
  readonly turn?: Pick<Turn, 'at' | 'corroborated'>;
}

/**
 * Whether others serve `source` than before: its domain was registered after the oldest record of the URL, or what it is recognised
 * by was replaced while this guard knew it. Registries are asked only where a record has a date; what is not known gives nothing.
 */
export async function epochOf(
  records: readonly SnapshotRecord[],
  source: string,
  epochs: Epochs | undefined,
): Promise<EpochOf> {
  const turn = epochs?.turned(source);
  const oldest = oldestOf(records);
  if (oldest !== undefined) {
    const registered = await epochs?.registered(source);
    if (registered !== undefined && isLater(registered, oldest.date)) {
      const newer = turn !== undefined && isLater(turn.at, registered) ? turn : undefined;
      return {
        findings: [registeredSince(oldest, registered, source)],
        turn: newer ?? { at: registered, corroborated: 0 },
      };
    }
  }
  if (turn === undefined) return { findings: [] };
  const moved = oldest !== undefined && isLater(turn.at, oldest.date);
  return { findings: moved ? [turnedSince(oldest, turn, source)] : [], turn };
}

const TAXONOMY = ['AML.T0010.002', 'AML.T0109'] as const;

const registeredSince = ({ dataset, date }: Dated, registered: Timestamp, source: string): Finding => {
  const domain = registeredDomain(source) ?? source;
  return {
    kind: 'source.epoch',
    severity: 'medium',
    score: REGISTERED_SINCE,
    summary: `${domain} was registered on ${registered.slice(0, 10)}, after ${dataset} recorded the URL on ${date.slice(0, 10)}: its owner is another one, or lost it in between.`,
    taxonomy: TAXONOMY,
    rule: 'source/epoch@1',
    evidence: { domain, registered, dataset, date },
  };
};

const turnedSince = ({ dataset, date }: Dated, { at, marks }: Turn, source: string): Finding => ({
  kind: 'source.epoch',
  severity: 'low',
  score: TURNED_SINCE,
  summary: `${source} is recognised no more since ${at.slice(0, 10)} (${marks.join(' and ')} replaced), after ${dataset} recorded the URL on ${date.slice(0, 10)}: it has moved, or others serve it.`,
  taxonomy: TAXONOMY,
  rule: 'source/turned@1',
  evidence: { source, turned: at, marks, dataset, date },
});
