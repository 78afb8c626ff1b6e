/** A store on any engine: the journal in front, verdicts and sources on the same tables. */
import type { Clock } from '../domain/units.ts';
import { type SourceCount, sumOf } from './counts.ts';
import type { Engine, Store } from './engine.ts';
import { createEpochStore } from './epochs.ts';
import { openJournal } from './journal.ts';
import { recalling } from './recall.ts';
import { createRecheckStore } from './rechecks.ts';
import { createSourceStore, keysOf, type SourceRow } from './sources.ts';
import { createVerdictStore } from './verdicts.ts';
import { verifyLog } from './verify.ts';

export function createStore(engine: Engine, clock: Clock): Store {
  const rows = recalling<SourceRow | undefined>(clock);
  const moved = (source: string): void => {
    for (const key of keysOf(source)) rows.forget(key);
  };
  const counted = (count: SourceCount): void =>
    rows.change(`${count.scope} ${count.name}`, (row) => sumOf(row, count));
  const journal = openJournal(engine, { moved, counted });
  return {
    engine: engine.name,
    verdicts: createVerdictStore(engine, journal, clock),
    sources: createSourceStore(engine, journal, { rows, bands: recalling(clock) }),
    epochs: createEpochStore(engine),
    rechecks: createRecheckStore(engine),
    moved,
    verifyLog: () => verifyLog(engine),
    healthy: async () => {
      try {
        await engine.db.selectFrom('log').select('seq').limit(1).execute();
        await engine.commit([]);
        return true;
      } catch {
        return false;
      }
    },
    close: async () => {
      await journal.settled();
      await engine.close();
    },
  };
}
