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

const NO_SCREENS = 'screen: { image: false, text: false, code: false }';
/** No refetches and no screens: digests are taken, verdicts recorded. */
const PASS_THROUGH = `audit: { rate: 0, floor: 0 }\n${NO_SCREENS}`;
/** As it comes: screens on, sources audited by their standing; a record settles an exchange. */
const JUDGING = '';
/** Every exchange is asked for once more, by another identity from another address. */
const ONE_REFERENCE =
  'audit: { rate: 1 }\nperspectives: [{ name: second, localAddress: 127.0.0.2 }]\nlimits: { perHost: 64 }';

export const startPassThrough = (place: Place): Promise<Contender> =>
  startGuard(place, 'foretaste', PASS_THROUGH);

export const startWithReference = (place: Place): Promise<Contender> =>
  startGuard(place, 'one-reference', ONE_REFERENCE);

/** What the reference alone costs; pass-through has no screens either. */
export const startWithReferenceOnly = (place: Place): Promise<Contender> =>
  startGuard(place, 'one-reference, no screens', `${ONE_REFERENCE}\n${NO_SCREENS}`);

export const startWithRecords = (place: Place): Promise<Contender> =>
  startRecorded(place, 'snapshot-hit', JUDGING);

/** What the record alone costs. */
export const startWithRecordsOnly = (place: Place): Promise<Contender> =>
  startRecorded(place, 'snapshot-hit, no screens', NO_SCREENS);

const startRecorded = (place: Place, name: string, more: string): Promise<Contender> =>
  startGuard(place, name, more, async (config) => {
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
  const stem = join(dir, name.replace(/\W+/g, '-'));
  const file = `${stem}.yaml`;
  writeFileSync(
    file,
    `proxy: { listen: "127.0.0.1:0" }
api: { listen: "127.0.0.1:0" }
data: ${stem}-data
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
