/** A capture in its comparable form. */
import {
  type Capture,
  ForetasteError,
  field,
  type ImageDecoder,
  type PageView,
  type View,
} from '../domain/index.ts';
import type { EvidenceRule } from '../rules/evidence.ts';
import { patternsFor, type VolatileRule } from '../rules/volatile.ts';
import { addressOf } from './address.ts';
import { textOf } from './charset.ts';
import { EMPTY_CONTENT, type PageContent } from './content.ts';
import { worthOf } from './evidence.ts';
import { type PageRules, pageOf } from './html.ts';
import { valuesOf } from './json.ts';
import { markdownOf } from './markdown.ts';
import { plainOf } from './plain.ts';
import { type Form, formOf } from './sniff.ts';

export interface ViewTools {
  readonly decoder: ImageDecoder;
  readonly rules: { readonly volatile: readonly VolatileRule[]; readonly evidence: readonly EvidenceRule[] };
}

/**
 * View of a capture by its head alone, for content that nothing is going to be held against: its worth is what status and
 * fields say, and nobody has looked further.
 */
export const glanceAt = (capture: Capture, { evidence }: Pick<ViewTools['rules'], 'evidence'>): View => ({
  kind: 'bytes',
  ...baseOf(capture),
  ...worthOf(capture, '', '', evidence),
});

/**
 * View of a capture: a page, data or a picture by media type and, where that says nothing, by its bytes; anything else, and
 * anything that does not parse or decode as what it claims to be, by its bytes, with the reason. Never throws for content.
 */
export async function viewOf(capture: Capture, tools: ViewTools): Promise<View> {
  const base = baseOf(capture);
  const asBytes = (reason: string): View => {
    const worth = worthOf(capture, '', '', tools.rules.evidence);
    return { kind: 'bytes', ...base, ...worth, evidenceReason: worth.evidenceReason || reason };
  };
  try {
    const bytes = await capture.body.decoded();
    const form = formOf(capture.mediaType, bytes);
    if (form === 'bytes') return asBytes('');
    if (form === 'image') {
      const picture = await tools.decoder.decode(bytes, capture.mediaType);
      return { kind: 'image', ...base, ...worthOf(capture, '', '', tools.rules.evidence), ...picture };
    }
    const text = textOf(bytes, field(capture.fields, 'content-type'));
    const content = contentOf(form, text, capture.url, tools.rules.volatile);
    const shown = content.kind === 'page' ? content.blocks.map((block) => block.text).join(' ') : text;
    return { ...base, ...worthOf(capture, text, shown, tools.rules.evidence), ...content };
  } catch (error) {
    // A parser that fails on hostile content is an ordinary day; what it says is kept for the reviewer.
    return asBytes(
      error instanceof ForetasteError || error instanceof Error ? error.message : 'not readable',
    );
  }
}

const baseOf = (capture: Capture) => ({
  identity: capture.identity,
  status: capture.status,
  mediaType: capture.mediaType,
  sha256: capture.digests.entity.sha256 ?? '',
  ...redirectOf(capture),
});

type Content = ({ kind: 'page' } & PageContent) | Pick<Extract<View, { kind: 'data' }>, 'kind' | 'values'>;

function contentOf(
  form: Exclude<Form, 'image' | 'bytes'>,
  text: string,
  url: string,
  volatile: readonly VolatileRule[],
): Content {
  const rules = pageRules(volatile);
  switch (form) {
    case 'html':
      return { kind: 'page', ...pageOf(text, url, rules) };
    case 'markdown':
      return { kind: 'page', ...markdownOf(text, url, rules.sessions) };
    case 'text':
      return { kind: 'page', ...plainOf(text) };
    case 'json':
      try {
        return { kind: 'data', values: valuesOf(text) };
      } catch {
        return { kind: 'page', ...EMPTY_CONTENT, ...plainOf(text) } satisfies Content & Partial<PageView>;
      }
    default:
      return form satisfies never;
  }
}

const compiled = new WeakMap<readonly VolatileRule[], PageRules>();

function pageRules(volatile: readonly VolatileRule[]): PageRules {
  const known = compiled.get(volatile);
  if (known) return known;
  const rules = { sessions: patternsFor(volatile, 'query'), built: patternsFor(volatile, 'name') };
  compiled.set(volatile, rules);
  return rules;
}

function redirectOf(capture: Capture): { redirect?: string } {
  if (capture.status < 300 || capture.status >= 400) return {};
  const location = field(capture.fields, 'location');
  const redirect = location === undefined ? undefined : addressOf(location, capture.url, []);
  return redirect === undefined ? {} : { redirect };
}
