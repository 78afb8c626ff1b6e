import { constants, PerformanceObserver } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { tellOver } from '../../src/fetch/young.ts';

it('contents that are over are collected while they are young, once there is enough of them', async () => {
  const kinds: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if ('detail' in entry) kinds.push(entry.detail);
    resolve();
  });
  observer.observe({ entryTypes: ['gc'] });
  tellOver(15 << 20);
  tellOver(1 << 20);
  await promise;
  observer.disconnect();
  expect(kinds).toContainEqual(expect.objectContaining({ kind: constants.NODE_PERFORMANCE_GC_MINOR }));
});
