/** Give a client what the guard decided: the judged octets, or the answer in their place. */
import { blockedAnswer, verdictFields } from '../api/fields.ts';
import type { Body, Capture, Exchange, Fields } from '../domain/exchange.ts';
import type { Delivery, Judgement } from '../domain/ports.ts';
import type { Bytes } from '../domain/units.ts';
import { deliverStream } from './deliver-stream.ts';
import { responseFields } from './fields.ts';
import type { AnswerHead, Responder } from './message.ts';
import { answerProblem, problemOfFailure } from './problem.ts';
import { represent, type Slice } from './represent.ts';

export interface DeliverOptions {
  readonly mode: 'enforce' | 'observe';
  readonly blockStatus: number;
}

/** Content up to here leaves in one piece, from memory; beyond, it is read as the client takes it. */
const ONE_PIECE: Bytes = 256 * 1024;
const NOTHING = new Uint8Array(0);

/**
 * Resolves when everything has been handed to the connection. Rejects where the origin broke off or the client has gone;
 * the answer is then cut already.
 */
export function deliver(
  delivery: Delivery,
  exchange: Exchange,
  responder: Responder,
  options: DeliverOptions,
): Promise<void> {
  switch (delivery.kind) {
    case 'judged':
      return deliverJudged(delivery.judgement, exchange, responder, options);
    case 'streaming':
      return deliverStream(delivery, exchange, responder, options.mode);
    default:
      return delivery satisfies never;
  }
}

async function deliverJudged(
  { verdict, capture, failure }: Judgement,
  exchange: Exchange,
  responder: Responder,
  { mode, blockStatus }: DeliverOptions,
): Promise<void> {
  try {
    if (verdict.action !== 'pass' && mode === 'enforce') {
      const { status, reason, fields, body } = blockedAnswer(verdict, blockStatus);
      const content = exchange.method === 'HEAD' ? 'none' : 'length';
      return responder.whole({ status, reason, fields, content }, body);
    }
    if (capture === undefined) {
      const problem = problemOfFailure(
        failure ?? { error: 'proxy_internal_error', detail: 'Nothing was fetched.' },
      );
      return answerProblem(responder, problem, {
        withContent: exchange.method !== 'HEAD',
        verdict: verdictFields(verdict),
      });
    }
    const rest = deliverCapture(capture, exchange, responder, verdictFields(verdict));
    if (rest !== undefined) await rest;
  } finally {
    await capture?.body.release();
  }
}

/** Undefined where all of it left in one piece. */
function deliverCapture(
  capture: Capture,
  exchange: Exchange,
  responder: Responder,
  verdict: Fields,
): Promise<void> | undefined {
  const { body, truncated, status, reason } = capture;
  const response = { status, reason, fields: responseFields(capture.fields) };
  // Parts of what is not whole would pass for parts of a whole: what broke off is delivered as it came.
  const asked = truncated ? { ...exchange, fields: [] } : exchange;
  const { head, slices } = represent(asked, response, body.size, Number.POSITIVE_INFINITY);
  const marked: AnswerHead = { ...head, fields: [...head.fields, ...verdict] };
  const trailers = responseFields(capture.trailers);
  const { held } = body;
  if (head.content === 'none') responder.whole(marked, NOTHING);
  else if (held !== undefined && !truncated && trailers.length === 0 && body.size <= ONE_PIECE)
    responder.whole(marked, join(slices, held));
  else return deliverSlices(marked, slices, { capture, trailers }, responder);
  return undefined;
}

async function deliverSlices(
  head: AnswerHead,
  slices: readonly Slice[],
  { capture: { body, truncated }, trailers }: { capture: Capture; trailers: Fields },
  responder: Responder,
): Promise<void> {
  responder.begin(head);
  try {
    for (const slice of slices) await writeSlice(slice, body, responder);
  } catch (error) {
    responder.cut();
    throw error;
  }
  if (truncated) responder.cut();
  else responder.end(trailers);
}

/** The octets of an answer out of content in memory; without a copy where it is one run of it. */
function join(slices: readonly Slice[], content: Uint8Array): Uint8Array {
  const [only] = slices;
  if (slices.length === 1 && only !== undefined && !(only instanceof Uint8Array))
    return only.start === 0 && only.end === content.length ? content : content.subarray(only.start, only.end);
  const pieces = slices.map((slice) =>
    slice instanceof Uint8Array ? slice : content.subarray(slice.start, slice.end),
  );
  return Buffer.concat(pieces);
}

async function writeSlice(slice: Slice, body: Body, responder: Responder): Promise<void> {
  if (slice instanceof Uint8Array) await responder.write(slice);
  else await writeSpan(slice.start, slice.end, body.stream(), responder);
}

/** Write the octets from `start` to `end` of a stream; reads no further than that. */
async function writeSpan(
  start: Bytes,
  end: Bytes,
  stream: AsyncIterable<Uint8Array>,
  responder: Responder,
): Promise<void> {
  let at = 0;
  for await (const chunk of stream) {
    const from = Math.max(0, start - at);
    const to = Math.min(chunk.length, end - at);
    at += chunk.length;
    if (from < to) {
      const wait = responder.write(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
      if (wait !== undefined) await wait;
    }
    if (at >= end) return;
  }
}
