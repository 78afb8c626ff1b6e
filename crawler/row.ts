/** A row of the result: what became of one URL. */
import { createHash } from 'node:crypto';
import { fieldOf, type Response } from './client.ts';

export interface Row {
  /** As listed. */
  readonly url: string;
  /** Where redirects led; the same where there were none. */
  readonly final_url: string;
  /** Null where no response came. */
  readonly status: number | null;
  readonly media_type: string;
  readonly bytes: number;
  /** Of the content as sent; null where nothing was delivered. Equals `sha256` of the guard's export. */
  readonly sha256: string | null;
  readonly verdict: string | null;
  readonly action: string | null;
  /** The verdict's id at the guard. */
  readonly id: string | null;
  /** Why there is no content; empty where there is. */
  readonly error: string;
  readonly fetched_at: string;
}

/** What the guard did not let through is no content of the URL, whatever its body is. */
export const isWithheld = ({ verdict }: Response): boolean =>
  verdict?.action === 'block' || verdict?.action === 'quarantine';

export function rowOf(url: string, response: Response, at: string): Row {
  const withheld = isWithheld(response);
  return {
    url,
    final_url: response.url,
    status: response.status,
    media_type: withheld
      ? ''
      : (fieldOf(response.fields, 'content-type').split(';')[0] ?? '').trim().toLowerCase(),
    bytes: withheld ? 0 : response.body.length,
    sha256: withheld ? null : createHash('sha256').update(response.body).digest('hex'),
    verdict: response.verdict?.verdict ?? null,
    action: response.verdict?.action ?? null,
    id: response.verdict?.id ?? null,
    error: withheld ? `withheld by the guard: ${response.verdict?.verdict}` : '',
    fetched_at: at,
  };
}

export const failedRow = (url: string, error: string, at: string): Row => ({
  url,
  final_url: url,
  status: null,
  media_type: '',
  bytes: 0,
  sha256: null,
  verdict: null,
  action: null,
  id: null,
  error,
  fetched_at: at,
});
