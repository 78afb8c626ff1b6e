/** A page view with the parts that a text screen reads. */
import type { HiddenText, PageView, TextBlock } from '../../../src/domain/index.ts';

export function page(parts: {
  title?: string;
  paragraphs?: readonly string[];
  hidden?: readonly Omit<HiddenText, 'path' | 'region'>[];
}): PageView {
  const blocks = (parts.paragraphs ?? []).map(
    (text): TextBlock => ({ text, tag: 'p', region: 'main', path: 'body/main/p' }),
  );
  return {
    kind: 'page',
    identity: 'crawler@direct',
    status: 200,
    mediaType: 'text/html',
    sha256: '0'.repeat(64),
    evidence: 'usable',
    evidenceReason: '',
    title: parts.title ?? 'A page',
    language: 'en',
    blocks,
    hidden: (parts.hidden ?? []).map((run) => ({ ...run, region: 'main', path: 'body/div' })),
    links: [],
    images: [],
    code: [],
    data: [],
  };
}
