/** Plug-ins over HTTP: asked of a real server, in time and within size, and believed only where the answer has its form. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageView } from '../../../src/domain/index.ts';
import { loadRules } from '../../../src/rules/load.ts';
import type { PluginSettings } from '../../../src/screen/plugin/index.ts';
import { createPool, type Pool } from '../../../src/screen/pool.ts';
import { picture, scene } from '../../origin/pictures.ts';

const rules = loadRules(resolve(import.meta.dirname, '../../../rules'));
const SOUND = { score: 2.5, p: 0.93, model: 'example', version: 4 };
const received: Array<{ type: string | undefined; pixels: Buffer }> = [];

async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of asked) parts.push(part as Uint8Array);
  switch (asked.url) {
    case '/sound': {
      const pixels = await sharp(Buffer.concat(parts)).raw().toBuffer();
      received.push({ type: asked.headers['content-type'], pixels });
      response.end(JSON.stringify(SOUND));
      return;
    }
    case '/form':
      response.end(JSON.stringify({ ...SOUND, p: 1.5 }));
      return;
    case '/text':
      response.end('<html>');
      return;
    case '/error':
      response.writeHead(500).end('{}');
      return;
    case '/long':
      response.end(JSON.stringify({ ...SOUND, more: 'x'.repeat(100_000) }));
      return;
    default:
      // Says nothing, until the client gives up.
      return;
  }
}

let server: Server;
let base: string;
const pools: Pool[] = [];
beforeAll(async () => {
  server = createServer((asked, response) => void answer(asked, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  for (const pool of pools) await pool.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const bytes = await picture(5, 160, 144);

async function examine(settings: Partial<PluginSettings>) {
  const complaints: string[] = [];
  const plugins = [
    { name: 'own', model: base, mode: 'shadow', timeout: 2_000, maxBytes: 1 << 24, ...settings },
  ] as const;
  const pool = createPool({
    limits: { pixels: 1e6 },
    rules,
    processes: 1,
    plugins,
    complain: (message) => complaints.push(message),
  });
  pools.push(pool);
  const view: ImageView = {
    kind: 'image',
    identity: 'crawler@direct',
    status: 200,
    mediaType: 'image/png',
    sha256: '',
    evidence: 'usable',
    evidenceReason: '',
    ...(await pool.decoder.decode(bytes, 'image/png')),
  };
  const { findings, picture: report } = await pool.examiner.examine(view, [], {
    image: true,
    text: true,
    code: true,
  });
  return { findings, plugin: report?.plugins?.[0], complaints };
}

describe('a plug-in over HTTP', () => {
  it('gets the pixels as PNG; in shadow its answer is recorded and nothing more', async () => {
    const { findings, plugin, complaints } = await examine({ model: `${base}/sound` });
    expect(plugin).toEqual({
      name: 'own',
      mode: 'shadow',
      score: 2.5,
      probability: 0.93,
      model: 'example',
      version: '4',
    });
    expect([findings, complaints]).toEqual([[], []]);
    expect(received[0]?.type).toBe('image/png');
    expect([...(received[0]?.pixels ?? [])]).toEqual([...scene(5, 160, 144)]);
  });

  it('with a vote makes a finding of its own', async () => {
    const { findings } = await examine({ model: `${base}/sound`, mode: 'vote' });
    expect(findings).toMatchObject([{ kind: 'image.perturbed', score: 0.93, rule: 'plugin/own@4' }]);
  });

  it.each([
    ['/form', {}, /p is wrong/],
    ['/text', {}, /Expected JSON/],
    ['/error', {}, /Expected status 200 but received 500/],
    ['/long', {}, /at most 65536 bytes/],
    ['/silent', { timeout: 150 }, /within 150 ms/],
    ['/sound', { maxBytes: 1000 }, /at most 1000 bytes as PNG/],
  ] as const)(
    'that answers %s %o is one clear line, with a vote or without',
    async (path, settings, expected) => {
      const { findings, plugin, complaints } = await examine({
        model: base + path,
        mode: 'vote',
        ...settings,
      });
      expect(findings).toEqual([]);
      expect(plugin?.error).toMatch(expected);
      expect(complaints).toEqual([`The plug-in own gave no answer: ${plugin?.error}`]);
    },
  );
});
