/** The guard as users start it, in the ways it is measured in: passing through, judging by a record, judging by one reference. */
import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Contender, contenderOf, portOf } from './process.ts';

const LISTENING = /proxy listening on http:\/\/127\.0\.0\.1:(\d+)/;
const ROOT = resolve(import.meta.dirname, '../../..');
const execute = promisify(execFile);

export interface Place {
  /** Folder for everything that is written. */
  readonly dir: string;
  /** PEM file of the origin's root. */
  readonly ca: string;
  /** CSV of what the origin answers, as a snapshot would record it. */
  readonly records: string;
  readonly workers: number;
}

/** As `npm start` and the installed command give it to Node. */
const ROOM = '--initial-old-space-size=96';

/** No refetches and no screens: digests are taken, verdicts recorded. */
const PASS_THROUGH = 'audit: { rate: 0, floor: 0 }\nscreen: { image: false, text: false, code: false }';
/** As it comes: screens on, sources audited by their standing; a record settles an exchange. */
const JUDGING = '';
/** Every exchange is asked for once more, by another identity from another address. */
const ONE_REFERENCE =
  'audit: { rate: 1 }\nperspectives: [{ name: second, localAddress: 127.0.0.2 }]\nlimits: { perHost: 64 }';

export const startPassThrough = (place: Place): Promise<Contender> =>
  startGuard(place, 'foretaste', PASS_THROUGH);

export const startWithReference = (place: Place): Promise<Contender> =>
  startGuard(place, 'one-reference', ONE_REFERENCE);

export const startWithRecords = (place: Place): Promise<Contender> =>
  startGuard(place, 'snapshot-hit', JUDGING, async (config) => {
    const args = [
      join(ROOT, 'src/cli.ts'),
      'snapshot',
      'import',
      place.records,
      '--dataset',
      'bench',
      '--config',
      config,
    ];
    await execute(process.execPath, args);
  });

/** A guard of its own, called `name`, with `more` in its configuration. */
export async function startGuard(
  { dir, ca, workers }: Pick<Place, 'dir' | 'workers'> & { readonly ca?: string },
  name: string,
  more: string,
  prepare: (config: string) => Promise<void> = async () => {},
): Promise<Contender> {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(
    file,
    `proxy: { listen: "127.0.0.1:0" }
api: { listen: "127.0.0.1:0" }
data: ${join(dir, `${name}-data`)}
${ca === undefined ? '' : `upstream: { ca: ["${ca}"] }`}
destinations: { allow: [127.0.0.0/8] }
${more}
`,
  );
  await prepare(file);
  const args = [ROOM, join(ROOT, 'src/cli.ts'), 'serve', '--config', file, '--workers', String(workers)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return contenderOf(name, await portOf(child, LISTENING), child);
}

/** The listener and the fetcher alone, without a pipeline. */
export async function startForward({ dir, ca }: Place): Promise<Contender> {
  const child = spawn(process.execPath, [ROOM, join(import.meta.dirname, 'forward.ts'), dir, ca], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return contenderOf('foretaste, not judging', await portOf(child, LISTENING), child);
}
