/** What the demonstration shows: 200 URLs of many hosts, each with what the guard has to do about it. */
import sharp from 'sharp';
import { challenge, type Handler, html, jpeg, json, lie, png, redirect } from '../origin/answer.ts';
import { living } from '../origin/benign.ts';
import { article, render } from '../origin/pages.ts';
import { PAYLOADS, type Payload } from '../origin/payloads.ts';
import { chance, perturb, picture } from '../origin/pictures.ts';
import { browsersAndTools, robots } from '../origin/selectors.ts';
import type { Sites } from '../origin/server.ts';

export interface Exhibit {
  readonly kind: string;
  readonly host: string;
  readonly path: string;
  readonly handler: Handler;
  readonly expected: 'pass' | 'withheld';
}

const draw = chance(20_261_122);

const many = (count: number, make: (at: number) => Omit<Exhibit, 'host' | 'path'>, host: string): Exhibit[] =>
  Array.from({ length: count }, (_, at) => ({ host: `${host}.localhost`, path: `/${at}`, ...make(at) }));

const honest = (kind: string, handler: Handler) => ({ kind, handler, expected: 'pass' as const });
const lying = (kind: string, handler: Handler) => ({
  kind: `LIE ${kind}`,
  handler,
  expected: 'withheld' as const,
});

const still = (seed: number): string => render(article(seed));

/** The lie on a page; where it finds no hold in the text, an extra paragraph. */
export function applied(payload: Payload, markup: string): string {
  const changed = payload(markup);
  const fallback = PAYLOADS['extra paragraph'];
  return changed === markup && fallback ? fallback(markup) : changed;
}

export async function exhibits(): Promise<Exhibit[]> {
  const pictures = await Promise.all(Array.from({ length: 10 }, (_, at) => picture(100 + at, 192)));
  const shown = (at: number): Buffer => pictures[at % pictures.length] ?? Buffer.alloc(0);
  const recoded = await Promise.all(pictures.map((truth) => sharp(truth).jpeg({ quality: 82 }).toBuffer()));
  const perturbed = await Promise.all(pictures.map((truth, at) => perturb(truth, 12 / 255, at)));

  return [
    ...many(40, (at) => honest('still page', () => html(still(at))), 'gazette'),
    ...many(30, (at) => honest('living page', () => html(living(still(200 + at), draw))), 'herald'),
    ...many(
      10,
      (at) => honest('references challenged', lie(browsersAndTools, challenge(), html(still(300 + at)))),
      'walled',
    ),
    ...many(10, (at) => honest('JSON', () => json({ name: `station ${at}`, depth: at * 3 })), 'data'),
    ...many(10, (at) => honest('picture', () => png(shown(at))), 'gallery'),
    ...many(
      10,
      (at) => honest('picture, other format', lie(robots, jpeg(recoded[at] ?? shown(at)), png(shown(at)))),
      'cdn',
    ),
    ...Object.entries(PAYLOADS).flatMap(([name, payload], host) =>
      many(
        10,
        (at) => {
          const truth = still(400 + host * 10 + at);
          return lying(name, lie(robots, html(applied(payload, truth)), html(truth)));
        },
        `liar-${host + 1}`,
      ),
    ),
    ...many(10, (at) => lying('other picture', lie(robots, png(shown(at + 1)), png(shown(at)))), 'swap'),
    ...many(
      10,
      (at) => lying('perturbed picture', lie(robots, png(perturbed[at] ?? shown(at)), png(shown(at)))),
      'glaze',
    ),
    ...many(
      5,
      (at) =>
        lying(
          'JSON value',
          lie(
            robots,
            json({ name: `station ${at}`, depth: at * 3 + 1000 }),
            json({ name: `station ${at}`, depth: at * 3 }),
          ),
        ),
      'table',
    ),
    ...many(
      5,
      (at) =>
        lying('redirect', lie(robots, redirect('http://elsewhere.example.net/'), html(still(600 + at)))),
      'away',
    ),
  ];
}

/** Handlers by host and path. */
export function sitesOf(list: readonly Exhibit[]): Sites {
  const sites: Record<string, Record<string, Handler>> = {};
  for (const { host, path, handler } of list) sites[host] = { ...sites[host], [path]: handler };
  return sites;
}
