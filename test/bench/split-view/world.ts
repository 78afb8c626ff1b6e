/** A web in this process: a site answers, a fetcher port asks it as the crawler or as a reference. Bytes never touch a socket. */
import { createHash } from 'node:crypto';
import {
  type Attempt,
  type Body,
  type Capture,
  CRAWLER,
  type Exchange,
  type Fetcher,
  type Fields,
  type IdentityName,
} from '../../../src/domain/index.ts';
import { requestAs } from '../../../src/fetch/imitate.ts';
import type { Answer } from '../../origin/answer.ts';
import type { Asked } from '../../origin/asked.ts';

export type Site = (asked: Asked) => Answer | Promise<Answer>;

/** What this crawler looks like on the wire: a Python client, HTTP/1.1, its own TLS. */
export const CRAWLER_FIELDS: Fields = [
  ['Host', 'site.example'],
  ['User-Agent', 'Mozilla/5.0 (compatible; img2dataset/1.47; +https://example.org/bot)'],
  ['Accept-Encoding', 'gzip, deflate'],
  ['Accept', '*/*'],
];

/** How this crawler asks, and how often it was there before. */
export interface Crawler {
  readonly fields: Fields;
  readonly visited: number;
}

export const USUAL: Crawler = { fields: CRAWLER_FIELDS, visited: 0 };

const ADDRESSES: Readonly<Record<string, string>> = {
  direct: '127.0.0.1',
  second: '127.0.0.2',
  third: '127.0.0.3',
};

/** Every request of one exchange, in order, answered by `site`. */
export function fetcherFor(
  site: Site,
  { visited }: Crawler = USUAL,
): Fetcher & { readonly refetches: () => number; readonly delivered: () => Answer | undefined } {
  const log: Asked[] = [];
  let first: Answer | undefined;
  const ask = async (
    who: IdentityName,
    agent: string,
    request: Pick<Asked, 'fields' | 'httpVersion' | 'remoteAddress'> & { fingerprint: string },
    url: string,
  ): Promise<Capture> => {
    const { pathname, search, hostname } = new URL(url);
    const asked: Asked = {
      method: 'GET',
      scheme: 'https',
      host: hostname,
      path: `${pathname}${search}`,
      fields: request.fields,
      httpVersion: request.httpVersion,
      remoteAddress: request.remoteAddress,
      hello: { ciphers: [], extensions: [], alpn: [], fingerprint: request.fingerprint },
      at: 1_000_000 + log.length * 400,
      visits:
        (who === CRAWLER ? visited : 0) +
        log.filter(
          ({ remoteAddress, fields }) => remoteAddress === request.remoteAddress && agentOf(fields) === agent,
        ).length,
      asks: log.length,
    };
    log.push(asked);
    const answer = await site(asked);
    first ??= answer;
    return captureOf(answer, who, url, asked.at);
  };
  const own = async (exchange: Exchange) => {
    const capture = await ask(
      CRAWLER,
      agentOf(exchange.fields),
      { fields: exchange.fields, httpVersion: '1.1', remoteAddress: '127.0.0.1', fingerprint: 'python' },
      exchange.url,
    );
    const { status, reason, httpVersion, fields, mediaType } = capture;
    return {
      kind: 'arrival' as const,
      head: { status, reason, httpVersion, fields, mediaType },
      overflow: Promise.resolve(false),
      stream: () => capture.body.stream(),
      whole: Promise.resolve<Attempt>(capture),
    };
  };
  const as: Fetcher['as'] = (identity, exchange, _signal, visit) => {
    const { profile, perspective } = identity;
    const { fields } = requestAs(profile, exchange, visit);
    const http2 = profile.name !== 'plain';
    return ask(
      identity.name,
      agentOf(fields),
      {
        fields,
        httpVersion: http2 ? '2' : '1.1',
        remoteAddress: ADDRESSES[perspective.name] ?? '127.0.0.9',
        fingerprint: profile.name,
      },
      exchange.url,
    );
  };
  return { own, as, refetches: () => log.length - 1, delivered: () => first };
}

const agentOf = (fields: Fields): string =>
  fields.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';

function captureOf(
  { status, fields, body }: Answer,
  identity: IdentityName,
  url: string,
  at: number,
): Capture {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const list = Object.entries(fields);
  const type = list.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return {
    kind: 'capture',
    identity,
    url,
    status,
    reason: '',
    httpVersion: '1.1',
    fields: list,
    trailers: [],
    body: bodyOf(bytes),
    digests: { entity: { sha256: createHash('sha256').update(bytes).digest('hex') }, decoded: {} },
    mediaType: type.split(';')[0]?.trim().toLowerCase() || 'application/octet-stream',
    truncated: false,
    startedAt: at,
    duration: 1,
  };
}

const bodyOf = (bytes: Uint8Array): Body => ({
  size: bytes.byteLength,
  bytes: async () => bytes,
  async *stream() {
    yield bytes;
  },
  decoded: async () => bytes,
  release: async () => {},
});
