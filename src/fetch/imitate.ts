/** The request of a reference identity: all of it from its profile, nothing from the crawler but the URL. */
import { type Exchange, field, type Profile } from '../domain/index.ts';
import { targetOf } from './target.ts';
import type { WireRequest } from './wire.ts';

export type Destination = 'document' | 'image';

const PICTURE = /\.(?:jpe?g|jfif|png|gif|webp|avif|bmp|svgz?|ico|tiff?|heic|heif|jxl|apng)$/i;

/** What an exchange is after: a picture where its URL is named like one or the crawler asks for one, else a page. */
export function destinationOf(exchange: Pick<Exchange, 'url' | 'fields'>): Destination {
  const accept = field(exchange.fields, 'accept')?.trim() ?? '';
  if (/^image\//i.test(accept)) return 'image';
  const path = exchange.url.replace(/[?#].*$/, '');
  return PICTURE.test(path) ? 'image' : 'document';
}

/**
 * A GET of the exchange's URL as `profile` makes it.
 * @throws ForetasteError `bad-request` where the URL cannot be asked for
 */
export function requestAs(profile: Profile, exchange: Exchange): WireRequest {
  const target = targetOf(exchange.url);
  const destination = destinationOf(exchange);
  const template = destination === 'image' ? (profile.imageFields ?? profile.fields) : profile.fields;
  const fields = template
    .filter(([name]) => target.secure || profile.only[name.toLowerCase()] !== 'https')
    .map(([name, value]): readonly [string, string] => {
      const lower = name.toLowerCase();
      if (lower === 'host') return [name, target.authority];
      // Browsers offer br and zstd over TLS only: middleboxes broke on them in the clear.
      if (lower === 'accept-encoding' && !target.secure)
        return [name, value.replace(/, ?(?:br|zstd)\b/g, '')];
      return [name, value.replace('{accept}', profile.accept[destination])];
    });
  return { method: 'GET', target, fields, only: profile.only, expectContinue: false };
}
