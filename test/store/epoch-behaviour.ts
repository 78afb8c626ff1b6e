/** What a store promises of epochs, whatever engine it stands on. */
import { expect, it } from 'vitest';
import type { Mark } from '../../src/domain/index.ts';
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

  it('remembers marks by host and by domain', async () => {
    const { epochs, close } = await open(() => 0);
    expect(await epochs.marks('site.org')).toEqual([]);
    const network: Mark = {
      kind: 'network',
      values: ['192.0.0.0/16'],
      turned: null,
      checked: 1_795_315_672_303,
    };
    const servers: Mark = { kind: 'name-servers', values: [], turned: null, checked: 1 };
    await epochs.putMarks('site.org', [network, servers]);
    const turned: Mark = {
      ...network,
      values: ['192.0.0.0/16', '198.51.0.0/16'],
      turned: { at: 7, corroborated: 70 },
    };
    await epochs.putMarks('site.org', [turned]);
    expect(await epochs.marks('site.org')).toEqual(expect.arrayContaining([turned, servers]));
    expect(await epochs.marks('www.site.org')).toEqual([]);
    await close();
  });
}
