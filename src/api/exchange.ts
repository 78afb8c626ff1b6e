/** The exchange that a call of the API stands for. */
import type { Exchange, Fields } from '../domain/exchange.ts';
import type { Profile } from '../domain/identity.ts';
import type { Milliseconds } from '../domain/units.ts';

/** Honest about who asks, where no profile is named. */
export const OWN_FIELDS: Fields = [
  ['User-Agent', 'foretaste'],
  ['Accept', '*/*'],
];

export interface Asked {
  readonly id: string;
  /** Absolute http or https URL without fragment. */
  readonly url: string;
  readonly fields: Fields;
  readonly receivedAt: Milliseconds;
  readonly label?: string;
}

export const exchangeOf = ({ id, url, fields, receivedAt, label }: Asked): Exchange => ({
  id,
  method: 'GET',
  url,
  source: new URL(url).hostname.replace(/\.$/, ''),
  fields,
  receivedAt,
  ...(label === undefined || label === '' ? {} : { label }),
});

/** What a profile sends for a page at `url` over HTTP/1.1, as end-to-end fields. */
export function profileFields({ fields, accept, only }: Profile, url: string): Fields {
  const secure = url.toLowerCase().startsWith('https:');
  return fields
    .filter(([name]) => {
      const when = only[name.toLowerCase()];
      return name.toLowerCase() !== 'host' && when !== 'h2' && (when !== 'https' || secure);
    })
    .map(([name, value]) => [name, value.replace('{accept}', accept.document)] as const);
}

/** What a client may say for itself through `GET /v1/fetch`; its credentials are for us and stay here. */
const FORWARDED = ['User-Agent', 'Accept', 'Accept-Language', 'Accept-Encoding', 'Referer'] as const;

export const forwardedFields = (headers: Headers): Fields =>
  FORWARDED.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
