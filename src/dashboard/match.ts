/** Whether a verdict passes a filter. */
import { type Finding, type Milliseconds, SEVERITIES, type Severity, type Verdict } from '../domain/index.ts';
import { type Comparison, type Filter, globs, type State, sinceOf, type Term } from './filter.ts';

/** A verdict with its place in review. */
export interface Entry {
  readonly verdict: Verdict;
  readonly state: State;
  /** `d1:...` of the strongest finding that has one. */
  readonly fingerprint: string | undefined;
  /** A decision about an earlier verdict with the same source and fingerprint that covers this one too. */
  readonly coveredBy?: string;
}

export const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** Findings, the one that weighs most first: severity, then score. */
export const strongestFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => rank(b.severity) - rank(a.severity) || b.score - a.score);

/** The severity of the strongest finding; `info` without findings. */
export const severityOf = (verdict: Verdict): Severity =>
  strongestFirst(verdict.findings)[0]?.severity ?? 'info';

/** Divergence fingerprint: equal for equal differences, whatever page of a source they stand on. */
export const fingerprintOf = (verdict: Verdict): string | undefined =>
  strongestFirst(verdict.findings)
    .map(({ evidence }) => evidence['fingerprint'])
    .find((value) => typeof value === 'string');

const ordered = (left: number, comparison: Comparison, right: number): boolean => {
  switch (comparison) {
    case '=':
      return left === right;
    case '>=':
      return left >= right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '<':
      return left < right;
    default:
      return comparison satisfies never;
  }
};

function holds(term: Term, entry: Entry, now: Milliseconds): boolean {
  const { verdict } = entry;
  const anyOf = (...texts: string[]): boolean =>
    term.values.some((value) => texts.some((text) => globs(value, text)));
  switch (term.field) {
    case 'host':
      return anyOf(verdict.source);
    case 'url':
      return term.values.some((value) => verdict.url.includes(value.replaceAll('*', '')));
    case 'verdict':
      return anyOf(verdict.verdict);
    case 'action':
      return anyOf(verdict.action);
    case 'severity': {
      const own = rank(severityOf(verdict));
      return term.values.some((value) =>
        ordered(own, term.comparison, SEVERITIES.indexOf(value as Severity)),
      );
    }
    case 'score':
      return term.values.some((value) => ordered(verdict.score, term.comparison, Number(value)));
    case 'kind':
      return anyOf(...verdict.findings.map(({ kind }) => kind));
    case 'is':
      return anyOf(entry.state);
    case 'type':
      return anyOf(verdict.mediaType);
    case 'snapshot':
      return anyOf(verdict.snapshot.status);
    case 'fingerprint':
      return entry.fingerprint !== undefined && anyOf(entry.fingerprint.toLowerCase());
    case 'since':
      return Date.parse(verdict.decidedAt) >= sinceOf(term, now);
    case 'text': {
      const hay = [verdict.url, ...verdict.findings.map(({ summary }) => summary)].join('\n').toLowerCase();
      return term.values.some((value) => hay.includes(value.toLowerCase()));
    }
    default:
      return term.field satisfies never;
  }
}

/** All terms hold. `now` gives relative times their meaning. */
export const matches = (filter: Filter, entry: Entry, now: Milliseconds): boolean =>
  filter.terms.every((term) => holds(term, entry, now) !== term.negated);
