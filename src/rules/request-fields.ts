/** The fields of a request as a profile makes them: its lines, filled in for one page and one visit. */
import type { Fields, Profile, Ratio } from '../domain/index.ts';

export type Destination = 'document' | 'image';

export interface Occasion {
  readonly secure: boolean;
  /** For `Host`, as asked. */
  readonly authority: string;
  readonly destination: Destination;
  /** Decides which page the visitor comes from; without one nothing led here. */
  readonly draw: Ratio | undefined;
  /** Value of `Cookie`; empty without any. */
  readonly cookie: string;
}

/** Lines of `profile` in their order; fields of another version of HTTP are still among them. */
export function fieldsOf(profile: Profile, occasion: Occasion): Fields {
  const { secure, authority, destination, cookie } = occasion;
  const lines = destination === 'image' ? (profile.imageFields ?? profile.fields) : profile.fields;
  const front = `${secure ? 'https' : 'http'}://${authority}/`;
  const referer = refererOf(profile, occasion, front);
  const site = referer === '' ? 'none' : referer === front ? 'same-origin' : 'cross-site';
  const filled: Readonly<Record<string, string>> = {
    referer,
    cookie,
    site,
    accept: profile.accept[destination],
  };
  return lines
    .filter(([name]) => secure || profile.only[name.toLowerCase()] !== 'https')
    .map(([name, value]): readonly [string, string] => {
      const lower = name.toLowerCase();
      if (lower === 'host') return [name, authority];
      // Browsers offer br and zstd over TLS only: middleboxes broke on them in the clear.
      if (lower === 'accept-encoding' && !secure) return [name, value.replace(/, ?(?:br|zstd)\b/g, '')];
      return [name, value.replace(/^\{(\w+)\}$/, (whole, key: string) => filled[key] ?? whole)];
    })
    .filter(([, value]) => value !== '');
}

function refererOf({ visits }: Profile, { secure, destination, draw }: Occasion, front: string): string {
  if (draw === undefined) return '';
  const pages = (visits?.from ?? [])
    .map((page) => (page === FRONT ? front : page))
    // A picture stands in a page of its site; and no browser names a page that came over TLS where the next one does not.
    .filter((page) => page === front || (destination === 'document' && (secure || page.startsWith('http:'))));
  return pages[Math.floor(draw * pages.length)] ?? '';
}

/** The front page of the site that is visited. */
const FRONT = '{front}';
