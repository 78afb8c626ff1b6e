/** What workers leave to the primary: through JSON, as between processes, over real stores on one file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventHub } from '../src/api/events.ts';
import type { Ports, Verdict } from '../src/domain/index.ts';
import { answerCalls, leaveToPrimary } from '../src/fleet-calls.ts';
import type { Store } from '../src/store/engine.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { lie, verdict } from './store/verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretaste-calls-'));
const told: Verdict[] = [];
let primary: Store;
let worker: Store;
let left: Ports;

beforeAll(async () => {
  const clock = Date.now;
  primary = await openSqlite(join(folder, 'a.db'), { clock });
  worker = await openSqlite(join(folder, 'a.db'), { clock });
  const events = createEventHub();
  events.subscribe((event) => told.push(event.verdict));
  const portsOf = ({ verdicts, sources }: Store): Ports => ({ verdicts, sources }) as unknown as Ports;
  const wire = <T>(message: T): T => JSON.parse(JSON.stringify(message)) as T;
  const answer = answerCalls({ ports: portsOf(primary), events }, (answers) => made.heard(wire(answers)));
  const made = leaveToPrimary(portsOf(worker), (calls) => answer(wire(calls)));
  left = made.ports;
});
afterAll(async () => {
  await worker.close();
  await primary.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a worker', () => {
  it('appends through the primary, which tells of it; what comes back is what is in the store', async () => {
    const given = await left.verdicts.append(verdict(), []);
    expect(given).toEqual(await primary.verdicts.get(given.id));
    expect(told).toEqual([given]);
  });

  it('has many appends under way, each with a place of its own', async () => {
    const given = await Promise.all(Array.from({ length: 40 }, () => left.verdicts.append(verdict(), [])));
    expect(new Set(given.map(({ log }) => log)).size).toBe(40);
    expect((await primary.verifyLog()).broken).toBeUndefined();
  });

  it('hears of what could not be kept', async () => {
    const given = await left.verdicts.append(verdict(), []);
    await expect(left.verdicts.append(verdict({ id: given.id }), [])).rejects.toMatchObject({
      code: 'store',
    });
  });

  it('looks again at a source that lied, as soon as it is told', async () => {
    const source = 'liar.example.org';
    expect((await worker.sources.standing(source)).confirmed).toBe(false);
    await left.verdicts.append(lie({ source }), []);
    worker.moved(source);
    expect((await worker.sources.standing(source)).confirmed).toBe(true);
  });
});
