/** What of a whole representation a request is owed: all of it, parts of it, or only word that it has not changed. */
import { type Capture, type Exchange, type Fields, field } from '../domain/exchange.ts';
import type { Bytes } from '../domain/units.ts';
import type { AnswerHead } from './message.ts';
import { evaluateIfRange, evaluatePreconditions } from './precondition.ts';
import { contentRange, type Span, spansOf } from './range.ts';

/** A piece of an answer: octets of ours, or octets of the representation. */
export type Slice = Uint8Array | Span;

const isCondition = ([name]: Fields[number]): boolean => CONDITION.test(name);
const CONDITION = /^(?:if-|range$)/i;

export interface Answer {
  readonly head: AnswerHead;
  readonly slices: readonly Slice[];
}

/** Section 15.4.5: fields that a 304 repeats. The rest describes content that is not there. */
const OF_304 = new Set([
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'vary',
  'last-modified',
  'set-cookie',
]);

/**
 * `size`: octets of content, undefined where that is not known yet. `parts`: how many spans can be served; a stream that
 * is read once serves one. The exchange's id, which no origin can know, sets the parts apart.
 */
export function represent(
  request: Pick<Exchange, 'id' | 'method' | 'fields'>,
  response: Pick<Capture, 'status' | 'reason' | 'fields'>,
  size: Bytes | undefined,
  parts: number,
): Answer {
  const { status, reason, fields } = response;
  const { id } = request;
  const bare = (head: Pick<AnswerHead, 'status' | 'reason' | 'fields'>): Answer => ({
    head: { ...head, content: 'none' },
    slices: [],
  });
  if (request.method === 'HEAD' || status === 204 || status === 304) return bare({ status, reason, fields });
  const everything: Answer = {
    head: {
      status,
      reason,
      fields,
      content: field(fields, 'content-length') === undefined ? 'unknown' : 'length',
    },
    slices: [{ start: 0, end: size ?? Number.POSITIVE_INFINITY }],
  };
  if (request.method !== 'GET' || status !== 200 || !request.fields.some(isCondition)) return everything;

  const precondition = evaluatePreconditions(request.method, request.fields, fields);
  if (precondition === 304) {
    return bare({
      status: 304,
      reason: 'Not Modified',
      fields: fields.filter(([name]) => OF_304.has(name.toLowerCase())),
    });
  }
  if (precondition === 412) {
    return {
      head: {
        status: 412,
        reason: 'Precondition Failed',
        fields: [['Content-Length', '0']],
        content: 'length',
      },
      slices: [],
    };
  }

  const range = field(request.fields, 'range');
  if (range === undefined || size === undefined || !evaluateIfRange(request.fields, fields))
    return everything;
  const spans = spansOf(range, size);
  if (spans === 'ignore') return everything;
  if (spans === 'unsatisfiable') {
    const answer: Fields = [
      ['Content-Range', `bytes */${size}`],
      ['Content-Length', '0'],
    ];
    return {
      head: { status: 416, reason: 'Range Not Satisfiable', fields: answer, content: 'length' },
      slices: [],
    };
  }
  if (spans.length > parts) return everything;
  return spans.length === 1 ? onePart(fields, spans, size) : manyParts(fields, spans, size, id);
}

function onePart(fields: Fields, spans: readonly Span[], size: Bytes): Answer {
  const [span = { start: 0, end: 0 }] = spans;
  return {
    head: partial(fields, span.end - span.start, [['Content-Range', contentRange(span, size)]]),
    slices: [span],
  };
}

function manyParts(fields: Fields, spans: readonly Span[], size: Bytes, boundary: string): Answer {
  const type = field(fields, 'content-type');
  const slices: Slice[] = spans.flatMap((span, index) => [
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}Content-Range: ${contentRange(span, size)}\r\n\r\n`,
      'latin1',
    ),
    span,
  ]);
  slices.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
  const length = slices.reduce(
    (sum, slice) => sum + (slice instanceof Uint8Array ? slice.length : slice.end - slice.start),
    0,
  );
  const described = fields.filter(([name]) => name.toLowerCase() !== 'content-type');
  return {
    head: partial(described, length, [['Content-Type', `multipart/byteranges; boundary=${boundary}`]]),
    slices,
  };
}

const partial = (fields: Fields, length: Bytes, more: Fields): AnswerHead => ({
  status: 206,
  reason: 'Partial Content',
  fields: [
    ...fields.filter(
      ([name]) =>
        !['content-length', 'trailer', 'digest', 'content-digest', 'content-md5'].includes(
          name.toLowerCase(),
        ),
    ),
    ['Content-Length', String(length)],
    ...more,
  ],
  content: 'length',
});
