/** Whether a domain is in other hands than when a dataset recorded its URL. */
import { parse } from 'tldts';
import type { Epochs, Finding, Milliseconds, Ratio, SnapshotRecord, Timestamp } from '../domain/index.ts';

/** Datasets date their records by the day, in any time zone. */
const PRECISION: Milliseconds = 24 * 3_600_000;
/** A date of a registry is a fact; that a new owner is a poisoner is for policy to weigh. */
const REGISTERED_SINCE: Ratio = 0.9;

/** Names that nobody can register. @see RFC 2606, RFC 6761 */
const RESERVED = /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/;

/** The domain that a registry has for `host`; undefined for addresses and for names that no registry has. */
export function registeredDomain(host: string): string | undefined {
  const { domain, isIcann, isIp } = parse(host.replace(/\.$/, '').toLowerCase());
  return domain === null || isIp || !isIcann || RESERVED.test(domain) ? undefined : domain;
}

/**
 * `source.epoch` where the domain was registered after the oldest record of the URL: who serves it now is not who was
 * recorded. Asks only where a record has a date; what is not known gives nothing.
 */
export async function epochFindings(
  records: readonly SnapshotRecord[],
  source: string,
  epochs: Epochs | undefined,
): Promise<Finding[]> {
  const [oldest] = records
    .flatMap((record) => (record.date === null ? [] : [{ ...record, date: record.date }]))
    .sort((a, b) => Date.parse(a.date) - Date.parse(b.date));
  if (oldest === undefined || epochs === undefined) return [];
  const registered = await epochs.registered(source);
  if (registered === undefined) return [];
  const later = Date.parse(registered) - Date.parse(oldest.date);
  return later > PRECISION ? [epochFinding(oldest, registered, source)] : [];
}

const epochFinding = (
  { dataset, date }: { dataset: string; date: Timestamp },
  registered: Timestamp,
  source: string,
): Finding => {
  const domain = registeredDomain(source) ?? source;
  return {
    kind: 'source.epoch',
    severity: 'medium',
    score: REGISTERED_SINCE,
    summary: `${domain} was registered on ${registered.slice(0, 10)}, after ${dataset} recorded the URL on ${date.slice(0, 10)}: its owner is another one, or lost it in between.`,
    taxonomy: ['AML.T0010.002', 'AML.T0109'],
    rule: 'source/epoch@1',
    evidence: { domain, registered, dataset, date },
  };
};
