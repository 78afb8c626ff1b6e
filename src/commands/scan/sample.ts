/** A sample as img2dataset writes it: a picture, beside it `.json` with URL and caption, and `.txt` with the caption. */
import { getMimeType } from 'hono/utils/mime';
import { parseObject } from '../../snapshot/formats/jsonl.ts';
import { httpUrl, labelOf, type ScanItem } from './item.ts';

export interface Member {
  readonly name: string;
  /** Without the dot. */
  readonly extension: string;
  readonly bytes: Buffer;
}

/** Extensions of what describes a picture. */
export const DESCRIPTIONS: readonly string[] = ['json', 'txt'];
/** Whether a file of this extension describes what stands beside it. */
export const isDescription = (extension: string): boolean => DESCRIPTIONS.includes(extension.toLowerCase());

/** `member` as content, with what the descriptions among `sample` say of it. */
export function contentOf(where: string, member: Member, sample: readonly Member[]): ScanItem {
  const beside = (extension: string): string | undefined =>
    sample.find((each) => each !== member && each.extension === extension)?.bytes.toString('utf8');
  const description = parseObject(beside('json') ?? '') ?? {};
  return {
    where,
    ...httpUrl(description['url']),
    ...labelOf(description['caption'] ?? beside('txt')),
    mediaType: mediaTypeOf(member.name),
    bytes: member.bytes,
  };
}

/** By the extension of a file's name; empty where that says nothing. */
export const mediaTypeOf = (name: string): string => getMimeType(name)?.split(';')[0] ?? '';
