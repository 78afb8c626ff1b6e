/** What a scan finds in files: one piece of content each, or the reason why a place gave none. */
import type { Bytes } from '../../domain/index.ts';

/** Content as the file holds it, content codings removed, with what the file says about it. */
export interface ScanItem {
  /** `file:place`, the place being a row, a record or a member of an archive. */
  readonly where: string;
  /** Where it came from: an http or https URL; absent where the file does not say. */
  readonly url?: string;
  /** `type/subtype`; empty where the file does not say, to be told by its octets. */
  readonly mediaType: string;
  readonly label?: string;
  readonly bytes: Uint8Array;
}

export interface Skipped {
  readonly where: string;
  readonly expected: string;
  readonly got: string;
}

export type Scanned = ScanItem | Skipped;

export const isSkipped = (scanned: Scanned): scanned is Skipped => 'expected' in scanned;

export interface ScanLimits {
  /** Largest content that is looked at. */
  readonly body: Bytes;
}

/** What content of more than `limits.body` is skipped with. */
export const tooLarge = (where: string, size: Bytes, { body }: ScanLimits): Skipped => ({
  where,
  expected: `content of at most ${body} octets (limits.body)`,
  got: `${size}`,
});

/** The URL of an item, as far as a value is one. */
export function httpUrl(value: unknown): { url?: string } {
  if (typeof value !== 'string' || !/^https?:\/\/./i.test(value)) return {};
  const url = URL.parse(value);
  if (url === null) return {};
  url.hash = '';
  return { url: url.href };
}

/** The caption of an item, as far as a value is one. */
export const labelOf = (value: unknown): { label?: string } =>
  typeof value === 'string' && value.trim() !== '' ? { label: value } : {};
