/** What workers tell the primary: through JSON, as between processes, over a real store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventHub, type EventHub } from '../src/api/events.ts';
import type { Verdict } from '../src/domain/index.ts';
import { createTeller, type Events, hearEvents } from '../src/fleet-events.ts';
import { createMetrics, type Metrics } from '../src/metrics.ts';
import type { Store } from '../src/store/engine.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { finding, verdict } from './store/verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretaste-events-'));
let store: Store;
let events: EventHub;
let metrics: Metrics;
let sent: Events[];

beforeAll(async () => {
  store = await openSqlite(join(folder, 'a.db'), { clock: Date.now });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  sent = [];
  events = createEventHub();
  metrics = createMetrics();
  events.subscribe(({ verdict: told }) => metrics.judged(told), 'own');
});

/** From a worker that has made `verdicts` durable to the listeners of the primary. */
function tell(verdicts: readonly Verdict[]): void {
  const teller = createTeller((told) => sent.push(told));
  for (const one of verdicts) teller.tell(one);
  teller.flush();
  const hear = hearEvents({ store, events, metrics, log: pino({ level: 'silent' }) });
  for (const told of sent) hear(JSON.parse(JSON.stringify(told)) as Events);
}

const counted = async (): Promise<string> => metrics.registry.metrics();
const UNVERIFIED = 'foretaste_verdicts_total{verdict="unverified",action="pass"}';

describe('verdicts of a worker', () => {
  it('are only counted where they found nothing and nobody watches', async () => {
    tell([await store.verdicts.append(verdict(), []), await store.verdicts.append(verdict(), [])]);
    expect(sent).toEqual([
      expect.objectContaining({ verdicts: [], plain: [expect.anything(), expect.anything()] }),
    ]);
    await vi.waitFor(async () => expect(await counted()).toContain(`${UNVERIFIED} 2`));
  });

  it('are told whole to who watches, and counted once', async () => {
    const heard: Verdict[] = [];
    events.subscribe(({ verdict: told }) => heard.push(told));
    const given = await store.verdicts.append(verdict(), []);
    tell([given]);
    await vi.waitFor(() => expect(heard).toEqual([given]));
    expect(await counted()).toContain(`${UNVERIFIED} 1`);
  });

  it('are sent whole where they found something', async () => {
    const given = await store.verdicts.append(verdict({ findings: [finding('text.babble')] }), []);
    tell([given]);
    expect(sent).toEqual([{ kind: 'events', verdicts: [given], plain: [] }]);
    expect(await counted()).toContain('foretaste_findings_total{kind="text.babble"} 1');
  });
});
