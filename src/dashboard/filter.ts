/** The filter language of page, URL and API: `host:example.org severity:>=high kind:split-view.* is:reopened`. */
import {
  ACTIONS,
  FINDING_KINDS,
  type Milliseconds,
  SEVERITIES,
  SNAPSHOT_STATUSES,
  timestamp,
  VERDICTS,
  type VerdictName,
  type VerdictQuery,
} from '../domain/index.ts';

/** Where a verdict stands in review. `passed` never needed one. */
export const STATES = ['to-review', 'reopened', 'quarantined', 'accepted', 'passed'] as const;
export type State = (typeof STATES)[number];

export const FIELDS = [
  'host',
  'url',
  'verdict',
  'action',
  'severity',
  'score',
  'kind',
  'is',
  'type',
  'snapshot',
  'fingerprint',
  'since',
  'text',
] as const;
export type FieldName = (typeof FIELDS)[number];
export type Comparison = '=' | '>=' | '>' | '<=' | '<';

export interface Term {
  readonly field: FieldName;
  readonly negated: boolean;
  readonly comparison: Comparison;
  /** Any of them; never empty. */
  readonly values: readonly string[];
}

export interface Filter {
  /** As it was written, so that a typing error can be put right where it was made. */
  readonly written: string;
  readonly terms: readonly Term[];
  /** What was not understood, one sentence each; such terms are left out, so that nothing is hidden by a typing error. */
  readonly problems: readonly string[];
}

/** The words a closed field takes; a trailing `*` stands for a family. */
const CLOSED: Partial<Record<FieldName, readonly string[]>> = {
  verdict: VERDICTS,
  action: ACTIONS,
  severity: SEVERITIES,
  is: STATES,
  kind: FINDING_KINDS,
  snapshot: SNAPSHOT_STATUSES,
};
const ORDERED: ReadonlySet<FieldName> = new Set(['severity', 'score']);
const DURATION = /^(\d{1,5})(min|h|d)$/;
const UNIT: Record<string, Milliseconds> = { min: 60_000, h: 3_600_000, d: 86_400_000 };

const quote = (text: string): string =>
  text === '' || /[\s",]/.test(text) ? `"${text.replaceAll('"', '')}"` : text;

/** Whether `pattern` is `text`, its prefix before a `*`, or its suffix after one. */
export function globs(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}

function problemOf(term: Term): string | undefined {
  const { field, comparison, values } = term;
  const shown = values.join(',');
  if (comparison !== '=' && (!ORDERED.has(field) || values.length > 1)) {
    return `Expected ${comparison} only before one severity or score but received ${field}:${comparison}${shown}.`;
  }
  const words = CLOSED[field];
  if (words !== undefined) {
    const stranger = values.find((value) => !words.some((word) => globs(value, word)));
    if (stranger !== undefined)
      return `Expected ${field} to be one of ${words.join(', ')} but received ${stranger}.`;
  }
  if (field === 'score' && !values.every((value) => Number(value) >= 0 && Number(value) <= 1)) {
    return `Expected score between 0 and 1 but received ${shown}.`;
  }
  if (field === 'since' && Number.isNaN(sinceOf(term, 0))) {
    return `Expected since as a date or as 30min, 24h, 7d but received ${shown}.`;
  }
  return undefined;
}

/** Epoch milliseconds that a `since` term names; NaN where it names none. */
export function sinceOf(term: Term, now: Milliseconds): Milliseconds {
  const value = term.values[0] ?? '';
  const [, amount, unit] = DURATION.exec(value) ?? [];
  if (amount !== undefined && unit !== undefined) return now - Number(amount) * (UNIT[unit] ?? 0);
  return /^\d{4}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
}

/** Read a filter. Words without a field are looked for in URL and findings. */
export function parseFilter(input: string): Filter {
  const terms: Term[] = [];
  const problems: string[] = [];
  for (const [, minus, name, rest = ''] of input.matchAll(
    /(-?)(?:([a-z]+):(?!\/\/))?((?:"[^"]*"|[^\s"])+|"[^"]*$)/g,
  )) {
    if (name !== undefined && !FIELDS.some((field) => field === name)) {
      problems.push(`Expected one of ${FIELDS.join(', ')} before the colon but received ${name}.`);
      continue;
    }
    const field = (name ?? 'text') as FieldName;
    const comparison = (field === 'text' ? undefined : /^(>=|<=|>|<)/.exec(rest)?.[1]) as
      | Comparison
      | undefined;
    const bare = rest.slice(comparison?.length ?? 0);
    // A comma inside quotes belongs to the value.
    const pieces = field === 'text' || field === 'url' ? [bare] : (bare.match(/(?:"[^"]*"|[^,"])+/g) ?? []);
    const values = pieces.map((piece) => piece.replaceAll('"', '')).filter((piece) => piece !== '');
    if (values.length === 0) continue;
    const term: Term = {
      field,
      negated: minus === '-',
      comparison: comparison ?? '=',
      values:
        field === 'text' || field === 'url' || field === 'since'
          ? values
          : values.map((v) => v.toLowerCase()),
    };
    const problem = problemOf(term);
    if (problem === undefined) terms.push(term);
    else problems.push(problem);
  }
  return { written: input, terms, problems };
}

/** The filter as it is written; `parseFilter` reads back the same terms. */
export const formatFilter = (terms: readonly Term[]): string =>
  terms
    .map(({ field, negated, comparison, values }) => {
      const value = values.map(quote).join(',');
      const body = field === 'text' ? value : `${field}:${comparison === '=' ? '' : comparison}${value}`;
      return `${negated ? '-' : ''}${body}`;
    })
    .join(' ');

/** The filter with `field` set to one value, other terms kept: what a link in a page adds. */
export const withTerm = (filter: Filter, field: FieldName, value: string): string =>
  formatFilter([
    ...filter.terms.filter((term) => term.field !== field || term.negated),
    { field, negated: false, comparison: '=', values: [value] },
  ]);

/** The part of a filter that the store can answer itself; the rest is matched afterwards. */
export function storeQuery(filter: Filter, now: Milliseconds): Omit<VerdictQuery, 'limit' | 'cursor'> {
  const only = (field: FieldName): Term | undefined => {
    const found = filter.terms.filter((term) => term.field === field);
    return found.length === 1 && !found[0]?.negated ? found[0] : undefined;
  };
  const host = only('host')?.values;
  const kind = only('kind')?.values;
  const verdict = only('verdict')?.values;
  const since = only('since');
  return {
    ...(host?.length === 1 && !host[0]?.includes('*') ? { source: host[0] } : {}),
    ...(kind?.length === 1 && (!kind[0]?.includes('*') || kind[0].endsWith('.*')) ? { kind: kind[0] } : {}),
    ...(verdict
      ? { verdict: VERDICTS.filter((name): name is VerdictName => verdict.some((v) => globs(v, name))) }
      : {}),
    ...(since ? { since: timestamp(sinceOf(since, now)) } : {}),
  };
}
