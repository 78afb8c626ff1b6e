/** Which of the captures an archive lists is the one to look at. */
import type { Milliseconds } from '../../domain/index.ts';
import { canonicalUrl } from '../url.ts';

/** A capture as an archive's index lists it; by what the index calls its fields. */
export type Listed = Readonly<Record<string, string>>;

export interface Choice {
  readonly listed: Listed;
  /** When the archive captured it. */
  readonly at: Milliseconds;
}

/** Index fields go by two sets of names: those of CDX servers, and those of CDXJ. */
const NAMES: Readonly<Record<string, string>> = { original: 'url', statuscode: 'status', mimetype: 'mime' };

/**
 * The rows of an index's answer: an array of arrays whose first one names the fields, or an object a line. What is neither gives
 * nothing.
 */
export function rowsOf(answer: string): Listed[] {
  const text = answer.trim();
  if (text.startsWith('[')) {
    const [head = [], ...rows] = arraysOf(parsed(text));
    return rows.map((row) =>
      Object.fromEntries(head.map((name, at) => [NAMES[name] ?? name, row[at] ?? ''])),
    );
  }
  return text
    .split('\n')
    .map((line) => parsed(line))
    .filter(
      (row): row is Record<string, unknown> => typeof row === 'object' && row !== null && !Array.isArray(row),
    )
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [NAMES[name] ?? name, String(value)])),
    );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const arraysOf = (value: unknown): string[][] =>
  Array.isArray(value) ? value.filter((row) => Array.isArray(row)).map((row) => row.map(String)) : [];

/**
 * The row of status 200 nearest to `near` and not after `before`, of the very URL: indexes go by sort keys, under which
 * other URLs stand too. Schemes and their default ports are one, as archives do not keep them apart.
 */
export function chooseNearest(
  rows: readonly Listed[],
  url: string,
  { near, before = Number.POSITIVE_INFINITY }: { near: Milliseconds; before?: Milliseconds },
): Choice | undefined {
  const wanted = schemeless(url);
  return rows
    .filter(
      ({ url: listed, status }) =>
        status === '200' && wanted !== undefined && schemeless(listed ?? '') === wanted,
    )
    .map((listed) => ({ listed, at: momentOf(listed['timestamp'] ?? '') }))
    .filter((choice): choice is Choice => choice.at !== undefined && choice.at <= before)
    .reduce<Choice | undefined>(
      (best, choice) =>
        best === undefined || Math.abs(choice.at - near) < Math.abs(best.at - near) ? choice : best,
      undefined,
    );
}

const schemeless = (url: string): string | undefined =>
  canonicalUrl(
    url.replace(/^https:/i, 'http:').replace(/^(http:\/\/[^/?#]*):443(?=[/?#]|$)/i, '$1'),
  )?.replace(/^http:/, '');

/** 14 digits, `20220501123000`. */
export function momentOf(digits: string): Milliseconds | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

export const digitsOf = (at: Milliseconds): string =>
  new Date(at).toISOString().replace(/\D/g, '').slice(0, 14);
