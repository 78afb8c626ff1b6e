/** 100,000 generated inputs at the request boundary and at the start of tunnels. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../src/proxy/authority.ts';
import { fuzzRequests, fuzzTunnels } from '../fuzz/proxy.ts';

export const about = 'fuzz the request boundary and the CONNECT sniffing: [INPUTS=100000] [SEED=1]';

export async function run([inputs = '100000', seed = '1']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-fuzz-'));
  try {
    const authority = await openAuthority(folder);
    const boundary = await fuzzRequests(Number(inputs), Number(seed));
    process.stdout.write(
      `requests: ${boundary.inputs} inputs, ${boundary.refused} refused, ${boundary.compared} compared with llhttp, no difference\n`,
    );
    const tunnels = await fuzzTunnels(Number(inputs), Number(seed), authority);
    process.stdout.write(`tunnels: ${tunnels.inputs} inputs, ${tunnels.served} requests served, no hang\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
