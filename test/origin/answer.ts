/** What the hostile web answers: sound responses, and every way of not giving one. */
import type { Bytes, Milliseconds } from '../../src/domain/index.ts';
import type { Asked, Selector } from './asked.ts';

export interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Wait before the head. */
  readonly delay?: Milliseconds;
  /** Send the body in pieces of this size, this far apart. */
  readonly pieces?: { readonly size: Bytes; readonly every: Milliseconds };
  /** Announce all of the body and break the connection after this much of it. */
  readonly breakAt?: Bytes;
  /** Compress where the client accepts it. */
  readonly coding?: 'gzip' | 'br';
}

export type Handler = (asked: Asked) => Answer | Promise<Answer>;

const answer = (status: number, type: string, body: string | Uint8Array): Answer => ({
  status,
  fields: { 'Content-Type': type },
  body,
});

export const html = (body: string, status = 200): Answer => answer(status, 'text/html; charset=utf-8', body);
export const text = (body: string, status = 200): Answer => answer(status, 'text/plain; charset=utf-8', body);
export const json = (value: unknown): Answer => answer(200, 'application/json', JSON.stringify(value));
export const bytes = (body: Uint8Array, type = 'application/octet-stream'): Answer => answer(200, type, body);
export const png = (body: Uint8Array): Answer => bytes(body, 'image/png');
export const jpeg = (body: Uint8Array): Answer => bytes(body, 'image/jpeg');

export const redirect = (location: string, status = 302): Answer => ({
  status,
  fields: { Location: location },
  body: '',
});

/** A challenge as a large delivery network words it. */
export const challenge = (): Answer => ({
  status: 403,
  fields: { 'Content-Type': 'text/html; charset=utf-8', 'cf-mitigated': 'challenge', Server: 'cloudflare' },
  body: '<!doctype html><title>Just a moment...</title><h1>Checking your browser before accessing the site.</h1><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
});

export const forbidden = (): Answer => html('<h1>403 Forbidden</h1>', 403);
export const notFound = (): Answer => html('<h1>Not Found</h1>', 404);
export const tooMany = (): Answer => ({ ...text('Too Many Requests', 429), fields: { 'Retry-After': '60' } });
export const unavailable = (): Answer => html('<h1>503 Service Unavailable</h1>', 503);
export const softNotFound = (): Answer =>
  html('<!doctype html><title>Page not found</title><h1>404</h1><p>Sorry, this page could not be found.</p>');

/** The same answer to everybody. */
export const always =
  (same: Answer): Handler =>
  () =>
    same;

/** The lie to those whom the selector picks, the truth to all others. */
export const lie =
  (selector: Selector, lied: Answer, truth: Answer): Handler =>
  (asked) =>
    selector(asked) ? lied : truth;
