/** Kill the guard under load, again and again: no verdict that a client has seen may be missing afterwards. */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scratch, serveProcess } from '../process.ts';

export const about =
  'SIGKILL under load: every verdict that a client completed is in the store after restart';

const CONFIG =
  'destinations: { allow: [127.0.0.0/8] }\nperspectives: [{ name: second, localAddress: 127.0.0.2 }]\n';
const CLIENTS = 16;

/** `npm run bench -- durability [KILLS]`, 20 unless said otherwise. */
export async function run([kills = '20']: readonly string[]): Promise<void> {
  const origin = createServer((request, response) =>
    response.end(`<p>Page ${request.url} is still.</p>`),
  ).listen(0, '127.0.0.1');
  const place = scratch(CONFIG);
  let seen = 0;
  let missing = 0;
  try {
    for (let round = 1; round <= Number(kills); round++) {
      const served = await serveProcess(place);
      const load = startLoad(served.proxy, (origin.address() as AddressInfo).port, round);
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 700));
      await served.end('SIGKILL');
      const ids = await load.stop();
      const lost = await absent(place, ids);
      seen += ids.length;
      missing += lost.length;
      process.stdout.write(
        `kill ${round}: ${ids.length} verdicts seen, ${lost.length} missing ${lost.slice(0, 3).join(' ')}\n`,
      );
    }
  } finally {
    origin.close();
    place.remove();
  }
  process.stdout.write(`${kills} kills, ${seen} verdicts seen by clients, ${missing} missing\n`);
  if (missing > 0 || seen === 0) process.exitCode = 1;
}

/** Clients that fetch one page after the other; `stop` gives the ids of the verdicts on completed responses. */
function startLoad(proxy: string, port: number, round: number): { stop(): Promise<string[]> } {
  const { hostname, port: proxyPort } = new URL(proxy);
  const ids: string[] = [];
  let running = true;
  let page = 0;
  const fetchOne = () =>
    new Promise<void>((resolve) => {
      const path = `http://127.0.0.1:${port}/${round}/${page++}`;
      const request = get({ hostname, port: proxyPort, path }, (response) => {
        response.resume();
        response.once('close', () => {
          const id = /id="([^"]+)"/.exec(String(response.headers['foretaste-verdict']))?.[1];
          if (response.complete && id !== undefined) ids.push(id);
          resolve();
        });
      });
      request.once('error', () => {
        running = false;
        resolve();
      });
    });
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (running) await fetchOne();
  });
  return {
    stop: async () => {
      running = false;
      await Promise.all(clients);
      return ids;
    },
  };
}

/** Those of `ids` that a guard started anew on the same data does not know. */
async function absent(place: { data: string; config: string }, ids: readonly string[]): Promise<string[]> {
  const served = await serveProcess(place);
  try {
    const lost: string[] = [];
    for (const id of ids) {
      const response = await fetch(`${served.api}/v1/verdicts/${id}`);
      await response.arrayBuffer();
      if (response.status !== 200) lost.push(id);
    }
    return lost;
  } finally {
    await served.end();
  }
}
