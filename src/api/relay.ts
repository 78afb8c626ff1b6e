/** The judged response, relayed by the API: the origin's bytes, under fields that cannot harm our own origin. */
import { ForetasteError } from '../domain/error.ts';
import type { Capture, Fields } from '../domain/exchange.ts';
import type { Delivery, Judgement } from '../domain/ports.ts';
import { blockedAnswer, pendingField, VERDICT_FIELD, verdictFields } from './fields.ts';
import { INERT, streamOf } from './inert.ts';
import { problemOf, problemResponse } from './problem.ts';

/** Not relayed: they speak of a connection, or would set state for the origin that the API answers under. */
const KEPT_BACK = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'set-cookie',
  'set-cookie2',
  'clear-site-data',
  'strict-transport-security',
  'service-worker-allowed',
  'www-authenticate',
  'alt-svc',
  'nel',
  'report-to',
  'reporting-endpoints',
  'refresh',
]);

/** Statuses under which a Response takes no content (Fetch, section 2.2.3). */
const BODYLESS = new Set([101, 204, 205, 304]);

export async function relay(
  delivery: Delivery,
  url: string,
  id: string,
  blockStatus: number,
): Promise<Response> {
  if (delivery.kind === 'streaming') {
    const { head, stream } = { head: delivery.arrival.head, stream: delivery.arrival.stream() };
    return respond(head, [[VERDICT_FIELD, pendingField(id)]], url, stream);
  }
  return relayJudged(delivery.judgement, url, blockStatus);
}

async function relayJudged({ verdict, capture, failure }: Judgement, url: string, blockStatus: number) {
  const own = verdictFields(verdict);
  if (capture === undefined) {
    const late = failure?.error.includes('timeout') ?? false;
    return problemResponse(
      {
        ...problemOf(
          new ForetasteError(late ? 'connection-timeout' : 'connection-terminated', failure?.detail ?? ''),
        ),
        code: failure?.error ?? 'http_response_incomplete',
      },
      {
        ...Object.fromEntries(own),
        'Proxy-Status': `foretaste;error=${failure?.error ?? 'http_response_incomplete'}`,
      },
    );
  }
  if (verdict.action !== 'pass') {
    await capture.body.release();
    const { status, fields, body } = blockedAnswer(verdict, blockStatus);
    return new Response(body.slice(), { status, headers: fields.map(([name, value]) => [name, value]) });
  }
  return respond(capture, [...own, ...lengthOf(capture)], url, delivered(capture));
}

const lengthOf = ({ status, truncated, body }: Capture): Fields =>
  truncated || BODYLESS.has(status) ? [] : [['Content-Length', String(body.size)]];

async function* delivered({ body, truncated }: Capture): AsyncGenerator<Uint8Array> {
  try {
    yield* body.stream();
    // A part must not end like a whole.
    if (truncated)
      throw new ForetasteError('http-response-incomplete', 'Expected the origin to send all of its content.');
  } finally {
    await body.release();
  }
}

async function respond(
  head: Pick<Capture, 'status' | 'fields'>,
  own: Fields,
  url: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Response> {
  if (head.status < 200 || head.status > 599)
    throw new ForetasteError(
      'http-protocol-error',
      `Expected a status from 200 to 599 but the origin sent ${head.status}.`,
    );
  const headers = new Headers();
  for (const [name, value] of head.fields) {
    const key = name.toLowerCase();
    if (!KEPT_BACK.has(key) && !key.startsWith('foretaste-') && !key.startsWith('access-control-'))
      append(headers, name, value);
  }
  const location = headers.get('Location');
  // A client that follows must come back to the guard.
  if (location !== null) headers.set('Location', relayedLocation(location, url));
  for (const [name, value] of [...Object.entries(INERT), ...own]) headers.set(name, value);
  if (BODYLESS.has(head.status)) {
    for await (const _ of content);
    return new Response(null, { status: head.status, headers });
  }
  return new Response(streamOf(content), { status: head.status, headers });
}

/** What an origin may send on the wire and Headers refuses is left out: it could not be relayed as it was. */
function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, value);
  } catch {
    headers.append('Foretaste-Omitted', name.replace(/[^\w-]/g, '?'));
  }
}

function relayedLocation(location: string, base: string): string {
  const target = URL.parse(location, base);
  return target !== null && /^https?:$/.test(target.protocol)
    ? `/v1/fetch?url=${encodeURIComponent(target.href)}`
    : 'about:blank';
}
