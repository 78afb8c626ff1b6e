/** Server-sent events: one per verdict and review, as soon as it is durable. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Verdict } from '../../domain/verdict.ts';
import type { ApiDeps } from '../deps.ts';
import type { GuardEvent } from '../events.ts';
import { createRoutes, PROBLEMS } from '../route.ts';

/** Proxies between cut silent connections after a minute at the earliest. */
const HEARTBEAT_MS = 15_000;
/** Octets a slow reader may be behind before it is let go; it comes back with Last-Event-ID. */
const FURTHEST_BEHIND = 4 * 2 ** 20;
/** Verdicts that are told again after a break. */
const MOST_REPEATED = 1000;

const events = createRoute({
  method: 'get',
  path: '/v1/events',
  tags: ['Events'],
  summary: 'Server-sent events: `verdict` and `review`, each with the verdict as data.',
  description:
    'The id of a `verdict` event is its place in the log; Last-Event-ID repeats up to 1000 that came after it.',
  request: { headers: z.object({ 'last-event-id': z.string().optional() }) },
  responses: {
    200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
    ...PROBLEMS,
  },
});

export function eventRoutes(deps: ApiDeps) {
  const routes = createRoutes();
  routes.openAPIRegistry.registerPath(events);
  routes.get('/v1/events', async (c) => {
    const missed = await verdictsAfter(deps, c.req.header('Last-Event-ID'));
    return new Response(eventStream(deps, missed, c.req.raw.signal), {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      },
    });
  });
  return routes;
}

function eventStream(
  deps: ApiDeps,
  missed: readonly Verdict[],
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const send = (text: string) => {
          const octets = encoder.encode(text);
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(octets);
          else end();
        };
        const unsubscribe = deps.events.subscribe((event) => send(rendered(event)));
        const heartbeat = setInterval(() => send(':\n\n'), HEARTBEAT_MS);
        stop = () => {
          unsubscribe();
          clearInterval(heartbeat);
        };
        const end = () => {
          stop();
          controller.close();
        };
        signal.addEventListener('abort', stop, { once: true });
        // The first octets tell the client that it listens now.
        send(':\n\n');
        for (const verdict of missed) send(rendered({ kind: 'verdict', verdict }));
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: FURTHEST_BEHIND }),
  );
}

/** JSON has no line breaks of its own, so one data line holds it. */
const rendered = ({ kind, verdict }: GuardEvent): string =>
  `event: ${kind}\n${kind === 'verdict' ? `id: ${verdict.log}\n` : ''}data: ${JSON.stringify(verdict)}\n\n`;

/** Verdicts after a place in the log, oldest first. */
async function verdictsAfter({ verdicts }: ApiDeps, lastEventId: string | undefined): Promise<Verdict[]> {
  if (lastEventId === undefined || !/^\d{1,15}$/.test(lastEventId)) return [];
  const { items } = await verdicts.list({ limit: MOST_REPEATED });
  return items.filter(({ log }) => log > Number(lastEventId)).toReversed();
}
