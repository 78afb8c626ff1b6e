import { PerformanceObserver } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { tellOver } from '../../src/fetch/young.ts';

it('contents that are over are collected while they are young, once there is enough of them', async () => {
  const kinds: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const observer = new PerformanceObserver((list) => {
    kinds.push(...list.getEntries().map(({ detail }) => (detail as { kind: number }).kind));
    resolve();
  });
  observer.observe({ entryTypes: ['gc'] });
  tellOver(7 << 20);
  tellOver(1 << 20);
  await promise;
  observer.disconnect();
  // 1: a young collection (perf_hooks.constants.NODE_PERFORMANCE_GC_MINOR).
  expect(kinds).toContain(1);
});
