/** Identities: what a request claims to be (profile), from where (perspective). */
import type { Fields } from './exchange.ts';
import type { Bytes, Ratio } from './units.ts';

/** `profile@perspective`, e.g. `chrome-desktop@second`; the crawler's own is `crawler@direct`. */
export type IdentityName = `${string}@${string}`;

/** The name under which the crawler's own capture stands among the views. It never votes. */
export const CRAWLER: IdentityName = 'crawler@direct';

/** What a request claims to be, loaded from rules/profiles. */
export interface Profile {
  readonly name: string;
  /**
   * Request fields of a page visit, in the order and case in which they are sent. `Host` marks where the host goes; a value may
   * be `{accept}`, which depends on the destination and stands in `accept`, or what depends on the visit: `{referer}`,
   * `{cookie}` and `{site}` (of fetch metadata). A field without a value is left out.
   */
  readonly fields: Fields;
  /** The same for a picture inside a page, where the profile asks for it differently. */
  readonly imageFields?: Fields;
  /** Accept by what is asked for: `document` for pages, `image` for pictures. */
  readonly accept: { readonly document: string; readonly image: string };
  /** How those who send this arrive; absent: nothing leads them there, and they never come back. */
  readonly visits?: {
    /** Pages they come from, each as likely, `{front}` being the front page of the site; none: they name no page. */
    readonly from: readonly string[];
    /** Share of their visits that are second ones, with the cookies of the first, where the first set any. */
    readonly returning: Ratio;
  };
  /** Fields that are only sent over TLS, only on HTTP/1, only on HTTP/2; by lower-case name. */
  readonly only: Readonly<Record<string, 'https' | 'h1' | 'h2'>>;
  readonly tls: {
    readonly alpn: ReadonlyArray<'h2' | 'http/1.1'>;
    readonly ciphers?: string;
    readonly groups?: string;
    readonly signatureAlgorithms?: string;
  };
  /** How HTTP/2 is opened: SETTINGS by Node's names, the connection window, the order of `m a s p`. */
  readonly h2?: {
    readonly settings: Readonly<Record<string, number | boolean>>;
    readonly window: Bytes;
    readonly pseudo: string;
  };
  /** `browser` profiles are fetched by a real browser and yield the rendered document. */
  readonly engine: 'http' | 'browser';
}

/** How a reference comes to a page. */
export interface Visit {
  /** Decides which page it comes from; nobody outside can tell. */
  readonly draw: Ratio;
  /** Fields of the answer that this identity got just before, whose cookies it brings; absent on a first visit. */
  readonly after?: Fields;
}

/** Where a request leaves from. `direct` always exists. */
export interface Perspective {
  readonly name: string;
  readonly route:
    | { readonly via: 'direct' }
    | { readonly via: 'localAddress'; readonly address: string }
    | { readonly via: 'proxy'; readonly url: string }
    | { readonly via: 'vantage'; readonly url: string; readonly secret: string };
  /** Independence group: corroborating references must span two where two are configured. */
  readonly group: string;
}

export interface Identity {
  readonly name: IdentityName;
  readonly profile: Profile;
  readonly perspective: Perspective;
}

export const identityOf = (profile: Profile, perspective: Perspective): Identity => ({
  name: `${profile.name}@${perspective.name}`,
  profile,
  perspective,
});
