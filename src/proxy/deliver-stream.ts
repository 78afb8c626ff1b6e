/** Give a client content while it arrives: in observe mode, and where it is larger than can be held. */
import { pendingField, VERDICT_FIELD, verdictField } from '../api/fields.ts';
import { type Arrival, type Exchange, type Fields, field } from '../domain/exchange.ts';
import type { Delivery } from '../domain/ports.ts';
import type { Bytes } from '../domain/units.ts';
import { responseFields } from './fields.ts';
import type { Responder } from './message.ts';
import type { Span } from './range.ts';
import { represent } from './represent.ts';

/**
 * Resolves when all content has arrived and its judgement has been given. The answer is cut where the origin broke off.
 */
export async function deliverStream(
  { arrival, judgement }: Extract<Delivery, { kind: 'streaming' }>,
  exchange: Exchange,
  responder: Responder,
  mode: 'enforce' | 'observe',
): Promise<void> {
  const fields = responseFields(arrival.head.fields);
  const length = field(fields, 'content-length');
  const size = length === undefined ? undefined : Number(length);
  const { head, slices } = represent(exchange, { ...arrival.head, fields }, size, 1);
  // Content over the limit passes unverified, and says so; in observe mode nothing is said yet.
  const verdict =
    mode === 'observe'
      ? pendingField(exchange.id)
      : verdictField({ verdict: 'unverified', action: 'pass', id: exchange.id, quorum: '0/0' });
  responder.begin({ ...head, fields: [...head.fields, [VERDICT_FIELD, verdict]] });
  // Handled at the end; a stream that fails first must not leave it unhandled meanwhile.
  judgement.catch(() => undefined);
  const span = slices.find((slice): slice is Span => !(slice instanceof Uint8Array)) ?? { start: 0, end: 0 };
  try {
    if (mode === 'observe') await passOn(span, head.content === 'unknown', arrival, responder);
    else await passHeld(span, head.content === 'unknown', arrival, responder, judgement);
    await judgement;
  } catch (error) {
    responder.cut();
    throw error;
  } finally {
    await judgement.then(
      ({ capture }) => capture?.body.release(),
      () => undefined,
    );
  }
}

/** At once. The answer ends when its span is complete; the rest is still read, so that all of it is judged. */
async function passOn(span: Span, endless: boolean, arrival: Arrival, responder: Responder): Promise<void> {
  let at = 0;
  const complete = (): boolean => !endless && at >= span.end;
  if (complete()) responder.end([]);
  for await (const chunk of arrival.stream()) {
    if (!complete()) {
      const piece = overlap(chunk, at, span);
      if (piece.length > 0) await responder.write(piece);
      at += chunk.length;
      if (complete()) responder.end([]);
    }
  }
  if (!complete()) responder.end(await trailersOf(arrival));
}

/** The last octets wait until the verdict is durable: its id was promised in the head. */
async function passHeld(
  span: Span,
  endless: boolean,
  arrival: Arrival,
  responder: Responder,
  judgement: Promise<unknown>,
): Promise<void> {
  let at = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of arrival.stream()) {
    const piece = overlap(chunk, at, span);
    at += chunk.length;
    if (piece.length === 0) continue;
    if (held !== undefined) await responder.write(held);
    held = endless || at >= span.end ? piece : undefined;
    if (held === undefined) await responder.write(piece);
  }
  const trailers = await trailersOf(arrival);
  await judgement;
  if (held !== undefined) await responder.write(held);
  responder.end(trailers);
}

/** What of a chunk that begins `at` octets into the content stands in the span. */
const overlap = (chunk: Uint8Array, at: Bytes, { start, end }: Span): Uint8Array =>
  chunk.subarray(Math.max(0, start - at), Math.max(0, Math.min(chunk.length, end - at)));

async function trailersOf(arrival: Arrival): Promise<Fields> {
  const attempt = await arrival.whole;
  return attempt.kind === 'capture' ? responseFields(attempt.trailers) : [];
}
