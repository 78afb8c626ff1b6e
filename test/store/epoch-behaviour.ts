/** What a store promises of epochs, whatever engine it stands on. */
import { expect, it } from 'vitest';
import type { Store } from '../../src/store/engine.ts';

export function keepsEpochs(open: (now: () => number) => Promise<Store>): void {
  it('remembers what registries said of domains', async () => {
    const { epochs, close } = await open(() => 0);
    expect(await epochs.get('site.org')).toBeUndefined();
    const unknown = { domain: 'site.org', registered: null, until: 1_795_315_672_303 };
    await epochs.put(unknown);
    expect(await epochs.get('site.org')).toEqual(unknown);
    const known = { domain: 'site.org', registered: '2024-05-01T00:00:00.000Z', until: 1_795_315_672_304 };
    await epochs.put(known);
    expect(await epochs.get('site.org')).toEqual(known);
    await close();
  });
}
