/** A capture in its comparable form. */
import {
  type Capture,
  ForetasteError,
  field,
  fieldValues,
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
export const viewOf = (capture: Capture, tools: ViewTools): Promise<View> =>
  viewThrough(capture, tools, () => looked(capture, tools));

/** Views captures; never throws for content. */
export type Viewer = (capture: Capture) => Promise<View>;

/**
 * As `viewOf`, for the captures of one exchange: the same octets under the same type are looked at once, whoever got them, and their
 * views share what was seen. What a capture is worth is asked of each.
 */
export function createViewer(tools: ViewTools): Viewer {
  const known = new Map<string, Promise<Look>>();
  return (capture) =>
    viewThrough(capture, tools, () => {
      const key = JSON.stringify([
        capture.digests.entity.sha256,
        capture.url,
        field(capture.fields, 'content-type'),
        fieldValues(capture.fields, 'content-encoding'),
      ]);
      const before = known.get(key);
      if (before !== undefined) return before;
      const look = looked(capture, tools);
      known.set(key, look);
      return look;
    });
}

/** What there is to see in content, whoever got it: `text` as it is written, `shown` as a reader sees it. */
interface Look {
  readonly text: string;
  readonly shown: string;
  readonly seen:
    | Content
    | ({ readonly kind: 'image' } & Awaited<ReturnType<ImageDecoder['decode']>>)
    | { readonly kind: 'bytes'; readonly evidenceReason: string };
}

async function viewThrough(capture: Capture, tools: ViewTools, look: () => Promise<Look>): Promise<View> {
  const base = baseOf(capture);
  const { text, shown, seen } = await look();
  const worth = worthOf(capture, text, shown, tools.rules.evidence);
  return seen.kind === 'bytes'
    ? { ...base, ...worth, kind: 'bytes', evidenceReason: worth.evidenceReason || seen.evidenceReason }
    : { ...base, ...worth, ...seen };
}

async function looked(capture: Capture, tools: ViewTools): Promise<Look> {
  const unseen = (evidenceReason: string): Look => ({
    text: '',
    shown: '',
    seen: { kind: 'bytes', evidenceReason },
  });
  try {
    const bytes = await capture.body.decoded();
    const form = formOf(capture.mediaType, bytes);
    if (form === 'bytes') return unseen('');
    if (form === 'image') {
      const picture = await tools.decoder.decode(bytes, capture.mediaType);
      return { text: '', shown: '', seen: { kind: 'image', ...picture } };
    }
    const text = textOf(bytes, field(capture.fields, 'content-type'));
    const seen = contentOf(form, text, capture.url, tools.rules.volatile);
    const shown = seen.kind === 'page' ? seen.blocks.map((block) => block.text).join(' ') : text;
    return { text, shown, seen };
  } catch (error) {
    // A parser that fails on hostile content is an ordinary day; what it says is kept for the reviewer.
    return unseen(error instanceof ForetasteError || error instanceof Error ? error.message : 'not readable');
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
