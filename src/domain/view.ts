/** Views: the comparable form of a capture. Built by src/view, compared by src/compare. */
import type { IdentityName } from './identity.ts';
import type { Hex } from './units.ts';
import type { EvidenceClass } from './verdict.ts';

interface ViewBase {
  readonly identity: IdentityName;
  readonly status: number;
  readonly mediaType: string;
  /** Digest of the entity as it came. */
  readonly sha256: Hex;
  /** What the capture is worth; only `usable` views are compared. */
  readonly evidence: EvidenceClass;
  /** Why it is not usable, `cf-mitigated: challenge`; empty when it is. */
  readonly evidenceReason: string;
  /** Absolute target of a redirect (3xx with Location), as it would be followed. */
  readonly redirect?: string;
}

/** Where in a page a block stands; only `main` is content, the rest is chrome. */
export const REGIONS = ['main', 'navigation', 'comments', 'related', 'aside', 'footer', 'dialog'] as const;
export type Region = (typeof REGIONS)[number];

/** One block-level run of visible text, white space folded. */
export interface TextBlock {
  readonly text: string;
  /** Element name of the block, `p`, `h2`, `li`, `td`. */
  readonly tag: string;
  readonly region: Region;
  /** Place in the structure, without hashed names and counters; equal for siblings of one kind. */
  readonly path: string;
}

/** Text that a reader does not see but a parser extracts. */
export interface HiddenText {
  readonly text: string;
  /** `display-none`, `off-screen`, `same-colour`, `comment`, `unicode-tags` ... one word a technique. */
  readonly technique: string;
  readonly region: Region;
  readonly path: string;
}

export interface PageLink {
  /** Absolute, fragment and session parameters removed. */
  readonly href: string;
  readonly text: string;
  readonly rel: string;
  readonly region: Region;
}

export interface PageImage {
  readonly src: string;
  /** What a dataset would take as caption: alt, title, figcaption, aria-label. */
  readonly labels: readonly string[];
  readonly region: Region;
}

export interface CodeBlock {
  readonly text: string;
  readonly language: string;
  readonly path: string;
}

/** A leaf of JSON, JSON-LD or page metadata: where it stands, and its value as text. */
export interface DataValue {
  readonly path: string;
  readonly value: string;
}

/** A page: HTML, XHTML, Markdown or plain text, all brought to the same channels. */
export interface PageView extends ViewBase {
  readonly kind: 'page';
  readonly title: string;
  readonly language: string;
  readonly blocks: readonly TextBlock[];
  readonly hidden: readonly HiddenText[];
  readonly links: readonly PageLink[];
  readonly images: readonly PageImage[];
  readonly code: readonly CodeBlock[];
  readonly data: readonly DataValue[];
}

/** Structured data: JSON and its kin, by path. */
export interface DataView extends ViewBase {
  readonly kind: 'data';
  readonly values: readonly DataValue[];
}

/** How the file carried the pixels: what a screen must know before it can say what it would have seen. */
export interface ImageEncoding {
  readonly lossless: boolean;
  /** JPEG quality on libjpeg's scale, 1 to 100, estimated from the tables; absent in other formats. */
  readonly quality?: number;
  /** Chroma sampling as in `4:2:0`; absent where the format has none or does not say. */
  readonly chroma?: string;
  /** Pictures or frames in the file; views hold the first, and a sample of the others. */
  readonly frames: number;
}

/** One of the later frames of an animation or pages of a document, as a picture of its own. */
export interface Frame {
  /** From 1, as viewers count; the first frame is the view itself. */
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** It shows something else than the frames around it do. */
  readonly odd: boolean;
}

/** A decoded picture. Pixels are upright (EXIF applied), sRGB, 8 bit, alpha over white removed. */
export interface ImageView extends ViewBase {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** Absent where the view was not made from a file. */
  readonly encoding?: ImageEncoding;
  /** SHA-256 over width, height and the RGB pixels of the first frame. */
  readonly pixelSha256: Hex;
  /** PDQ, 64 hex digits, and its quality 0 to 100. */
  readonly pdq: Hex;
  readonly pdqQuality: number;
  /** imagehash-compatible 64-bit pHash, 16 hex digits. */
  readonly phash: Hex;
  /** RGB of the picture, row by row; kept for pair comparison while the exchange lasts. */
  readonly pixels: Uint8Array;
  /** A sample of the later frames; absent for a picture that has one. */
  readonly frames?: readonly Frame[];
  /** What a decoder stumbled over: trailing data, two formats at once, truncated scan. Empty when sound. */
  readonly irregularities: readonly string[];
}

/** Anything else: equal or not. */
export interface BytesView extends ViewBase {
  readonly kind: 'bytes';
}

export type View = PageView | DataView | ImageView | BytesView;
