/** The request of a reference identity: all of it from its profile, nothing from the crawler but the URL. */
import { type Exchange, field, type Profile, type Visit } from '../domain/index.ts';
import { type Destination, fieldsOf } from '../rules/request-fields.ts';
import { cookiesKept } from './cookies.ts';
import { targetOf } from './target.ts';
import type { WireRequest } from './wire.ts';

const PICTURE = /\.(?:jpe?g|jfif|png|gif|webp|avif|bmp|svgz?|ico|tiff?|heic|heif|jxl|apng)$/i;

/** What an exchange is after: a picture where its URL is named like one or the crawler asks for one, else a page. */
export function destinationOf(exchange: Pick<Exchange, 'url' | 'fields'>): Destination {
  const accept = field(exchange.fields, 'accept')?.trim() ?? '';
  if (/^image\//i.test(accept)) return 'image';
  const path = exchange.url.replace(/[?#].*$/, '');
  return PICTURE.test(path) ? 'image' : 'document';
}

/**
 * A GET of the exchange's URL as `profile` makes it on `visit`; without one, as an address that was typed in.
 * @throws ForetasteError `bad-request` where the URL cannot be asked for
 */
export function requestAs(profile: Profile, exchange: Exchange, visit?: Visit): WireRequest {
  const target = targetOf(exchange.url);
  const fields = fieldsOf(profile, {
    secure: target.secure,
    authority: target.authority,
    destination: destinationOf(exchange),
    draw: visit?.draw,
    cookie: cookiesKept(visit?.after ?? [], target),
  });
  return { method: 'GET', target, fields, only: profile.only, expectContinue: false };
}
