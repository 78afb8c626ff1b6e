/** Content that is already held, in the form of an exchange that has been answered. */
import { type Capture, CRAWLER, type Exchange, type HeldContent, type Ports } from '../domain/index.ts';

/** The exchange that would have brought `held`, and its capture. */
export async function captureHeld(
  { content, mediaType, label, ...held }: HeldContent,
  { digest, newId, clock }: Pick<Ports, 'digest' | 'newId' | 'clock'>,
): Promise<{ exchange: Exchange; own: Capture }> {
  const at = clock();
  const entity = await digest(await content.bytes());
  const url = held.url ?? `urn:sha256:${entity.sha256}`;
  const exchange: Exchange = {
    id: newId(),
    method: 'GET',
    url,
    source: new URL(url).hostname || 'localhost',
    fields: [],
    receivedAt: at,
    ...(label === undefined ? {} : { label }),
  };
  const own: Capture = {
    kind: 'capture',
    identity: CRAWLER,
    url,
    status: 200,
    reason: '',
    httpVersion: '1.1',
    fields: [['Content-Type', mediaType]],
    trailers: [],
    body: content,
    digests: { entity, decoded: {} },
    mediaType,
    truncated: false,
    startedAt: at,
    duration: 0,
  };
  return { exchange, own };
}
