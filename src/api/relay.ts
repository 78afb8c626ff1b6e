/** The judged response, relayed by the API: the origin's bytes, under fields that cannot harm our own origin. */
import { ERROR_CODES, ForetasteError } from '../domain/error.ts';
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
  if (delivery.kind === 'judged') return relayJudged(delivery.judgement, url, blockStatus);
  // A judgement that fails while content still streams must not be an unhandled rejection.
  const kept = delivery.judgement.then(
    ({ capture }) => capture,
    () => undefined,
  );
  const { head } = delivery.arrival;
  return respond(head, [[VERDICT_FIELD, pendingField(id)]], url, delivery.arrival.stream(), async () => {
    await (await kept)?.body.release();
  });
}

async function relayJudged(
  { verdict, capture, failure }: Judgement,
  url: string,
  blockStatus: number,
): Promise<Response> {
  const own = verdictFields(verdict);
  if (capture === undefined)
    return failed(failure?.error ?? 'http_response_incomplete', failure?.detail ?? '', own);
  if (verdict.action !== 'pass') {
    await capture.body.release();
    const { status, fields, body } = blockedAnswer(verdict, blockStatus);
    return new Response(body.slice(), { status, headers: fields.map(([name, value]) => [name, value]) });
  }
  const fields = [...own, ...lengthOf(capture)];
  return respond(capture, fields, url, delivered(capture), () => capture.body.release());
}

/** `error`: a Proxy-Status error type (RFC 9209, section 2.3); most are codes of ours in another spelling. */
function failed(error: string, detail: string, own: Fields): Response {
  const spelled = error.replaceAll('_', '-');
  const known = ERROR_CODES.find((code) => code === spelled);
  const code =
    error === 'destination_ip_prohibited' ? 'destination-prohibited' : (known ?? 'connection-terminated');
  return problemResponse(problemOf(new ForetasteError(code, detail)), {
    ...Object.fromEntries(own),
    'Proxy-Status': `foretaste;error=${error}`,
  });
}

const lengthOf = ({ status, truncated, body }: Capture): Fields =>
  truncated || BODYLESS.has(status) ? [] : [['Content-Length', String(body.size)]];

async function* delivered({ body, truncated }: Capture): AsyncGenerator<Uint8Array> {
  yield* body.stream();
  // A part must not end like a whole.
  if (truncated)
    throw new ForetasteError('http-response-incomplete', 'Expected the origin to send all of its content.');
}

async function respond(
  head: Pick<Capture, 'status' | 'fields'>,
  own: Fields,
  url: string,
  content: AsyncIterable<Uint8Array>,
  release: () => Promise<void>,
): Promise<Response> {
  if (head.status < 200 || head.status > 599) {
    await release();
    return failed(
      'http_protocol_error',
      `Expected a status from 200 to 599 but the origin sent ${head.status}.`,
      own,
    );
  }
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
  if (!BODYLESS.has(head.status))
    return new Response(streamOf(content, release), { status: head.status, headers });
  await release();
  return new Response(null, { status: head.status, headers });
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
