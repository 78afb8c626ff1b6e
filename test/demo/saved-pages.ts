/** Real saved pages as exhibits: each once with noise as on a living page, and once with a lie told only to robots. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytes, lie } from '../origin/answer.ts';
import { living } from '../origin/benign.ts';
import { PAYLOADS } from '../origin/payloads.ts';
import { chance } from '../origin/pictures.ts';
import { robots } from '../origin/selectors.ts';
import { applied, type Exhibit } from './exhibits.ts';

/** Pages to a host, so that a source has a history and the demonstration few robots.txt. */
const PER_HOST = 10;

/** Pages are saved as UTF-8; octets that are none would be replaced, and the lie would be told by that already. */
const served = (markup: string) => bytes(Buffer.from(markup), 'text/html; charset=utf-8');

/** `folder` holds NAME.html or NAME.html.gz. */
export async function savedPages(folder: string): Promise<Exhibit[]> {
  const names = (await readdir(folder)).filter((name) => /\.html(?:\.gz)?$/.test(name)).sort();
  const payloads = Object.entries(PAYLOADS);
  const draw = chance(42);
  return (
    await Promise.all(
      names.map(async (name, at): Promise<Exhibit[]> => {
        const raw = await readFile(join(folder, name));
        const markup = (name.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
        const [kind = '', payload = (same: string) => same] = payloads[at % payloads.length] ?? [];
        const path = `/${name.replace(/\.html(?:\.gz)?$/, '')}`;
        const host = Math.floor(at / PER_HOST);
        const truth = (): string => living(markup, draw);
        return [
          {
            kind: 'living page',
            host: `paper-${host}.localhost`,
            path,
            handler: () => served(truth()),
            expected: 'pass',
          },
          {
            kind: `LIE ${kind}`,
            host: `liar-${host}.localhost`,
            path,
            handler: (asked) => lie(robots, served(applied(payload, truth())), served(truth()))(asked),
            expected: 'withheld',
          },
        ];
      }),
    )
  ).flat();
}
