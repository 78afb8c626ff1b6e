/** A few thousand generated inputs with every run; `npm run bench -- proxy-fuzz` takes as many as one likes. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAuthority } from '../../src/proxy/authority.ts';
import { fuzzRequests, fuzzTunnels } from './proxy.ts';

describe('generated octets', () => {
  it('are read alike however they are cut, and never otherwise than llhttp reads them', async () => {
    const { refused, compared } = await fuzzRequests(4000, 1);
    expect(refused).toBeGreaterThan(500);
    expect(compared).toBeGreaterThan(200);
  });

  it('at the start of a tunnel neither hang it nor become requests', async () => {
    const authority = await openAuthority(mkdtempSync(join(tmpdir(), 'foretaste-fuzz-')));
    const { served } = await fuzzTunnels(1000, 1, authority);
    expect(served).toBeGreaterThan(100);
  });
});
