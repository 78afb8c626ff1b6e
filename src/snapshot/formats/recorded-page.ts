/** The words of a page that an archive holds, as a sketch. */
import type { RecordedHash } from '../../domain/index.ts';
import { textOf } from '../../view/charset.ts';
import type { PageContent } from '../../view/content.ts';
import { pageOf } from '../../view/html.ts';
import { markdownOf } from '../../view/markdown.ts';
import { plainOf } from '../../view/plain.ts';
import { formOf } from '../../view/sniff.ts';
import { sketchOfPage } from '../sketch.ts';

/** Sketch of recorded content; none where it is no page, or has too few words to say anything. Never throws for content. */
export function sketchOfContent(
  bytes: Uint8Array,
  {
    mediaType,
    contentType,
    url,
  }: { readonly mediaType: string; readonly contentType: string; readonly url: string },
): RecordedHash[] {
  try {
    const page = pageIn(bytes, mediaType, contentType, url);
    return page === undefined ? [] : sketchOfPage(page);
  } catch {
    return [];
  }
}

/** Rules name what visitors and builds change in addresses and structure; words are none of it. */
const NO_RULES = { sessions: [], built: [] };

function pageIn(
  bytes: Uint8Array,
  mediaType: string,
  contentType: string,
  url: string,
): PageContent | undefined {
  const form = formOf(mediaType, bytes);
  switch (form) {
    case 'html':
      return pageOf(textOf(bytes, contentType), url, NO_RULES);
    case 'markdown':
      return markdownOf(textOf(bytes, contentType), url, NO_RULES.sessions);
    case 'text':
      return plainOf(textOf(bytes, contentType));
    case 'json':
    case 'image':
    case 'bytes':
      return undefined;
    default:
      return form satisfies never;
  }
}
