/** The dashboard over a seeded store, with views made as the guard makes them. */
import { readAll } from '../../src/collect.ts';
import type { DashboardDeps } from '../../src/dashboard/index.ts';
import { createDashboard } from '../../src/dashboard/index.ts';
import { type CaptureRecord, type Clock, field } from '../../src/domain/index.ts';
import { bodyOf } from '../../src/fetch/body.ts';
import { loadRules } from '../../src/rules/load.ts';
import { createDecoder } from '../../src/view/decoder.ts';
import { viewOf } from '../../src/view/index.ts';
import type { Seeded } from './tell.ts';

const rules = loadRules(`${import.meta.dirname}/../../rules`);
/** 10 megapixels: more than any picture of the tests. */
const decoder = createDecoder({ pixels: 1e7 });

/** Ports over `seeded`; `own` replaces some. */
export const depsOver = (
  { store, bodies }: Seeded,
  clock: Clock,
  own: Partial<DashboardDeps> = {},
): DashboardDeps => ({
  verdicts: store.verdicts,
  sources: store.sources,
  bodies,
  clock,
  view: async (record: CaptureRecord) => {
    const kept = await bodies.get(record.sha256);
    if (kept === undefined) return undefined;
    const bytes = await readAll(kept.stream);
    return viewOf(
      {
        ...record,
        kind: 'capture',
        trailers: [],
        body: bodyOf(bytes, field(record.fields, 'content-encoding')),
        digests: { entity: { sha256: record.sha256 }, decoded: {} },
        truncated: false,
        duration: 0,
      },
      { decoder, rules },
    );
  },
  ...own,
});

export const dashboardOver = (seeded: Seeded, clock: Clock, own: Partial<DashboardDeps> = {}) =>
  createDashboard(depsOver(seeded, clock, own));
