/** Rechecks of pictures: what is found of other pictures that stood there for a while, and of the same one in another form. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CRAWLER, type ImageView } from '../../src/domain/index.ts';
import { revertedFinding } from '../../src/guard/reverted.ts';
import { RULES } from '../../src/paths.ts';
import { loadRules } from '../../src/rules/load.ts';
import { createDecoder } from '../../src/view/decoder.ts';
import { BENIGN } from '../origin/edits.ts';
import { picture } from '../origin/pictures.ts';

export const about =
  'pictures that were other ones for a while, and benign forms of the same; --images DIR, --pictures N';

/** Larger ones tell nothing else and take long. */
const MOST_PIXELS = 2_000_000;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { images: { type: 'string' }, pictures: { type: 'string', default: '40' } },
  });
  const rules = loadRules(RULES);
  const decoder = createDecoder({ pixels: 100_000_000 });
  let made = 0;
  const shown = async (bytes: Buffer): Promise<ImageView> => ({
    kind: 'image',
    identity: CRAWLER,
    status: 200,
    mediaType: 'image/*',
    // A name for each: pictures are to be told by what they show.
    sha256: `${made++}`,
    evidence: 'usable',
    evidenceReason: '',
    ...(await decoder.decode(bytes, 'image/*')),
  });
  const isFound = (seen: ImageView, stands: ImageView): boolean =>
    revertedFinding({
      seen,
      at: '2026-11-22T09:30:00.000Z',
      now: [stands, stands],
      before: [stands],
      asRecorded: false,
      rules,
    }) !== undefined;

  const counts = new Map<string, { found: number; of: number }>();
  const count = (kind: string, found: boolean): void => {
    const row = counts.get(kind) ?? { found: 0, of: 0 };
    counts.set(kind, { found: row.found + Number(found), of: row.of + 1 });
  };
  let last: ImageView | undefined;
  for await (const bytes of picturesOf(values.images, Number(values.pictures))) {
    const view = await shown(bytes);
    if (view.width * view.height > MOST_PIXELS) continue;
    if (last !== undefined) count('another picture', isFound(last, view));
    last = view;
    for (const [kind, edit] of Object.entries(BENIGN))
      count(kind, isFound(await shown(await edit(bytes)), view));
  }
  for (const [kind, { found, of }] of counts) process.stdout.write(`${kind.padEnd(24)} ${found} of ${of}\n`);
}

/** Evenly from the files of a folder and of those in it; without one, pictures of our own. */
async function* picturesOf(folder: string | undefined, most: number): AsyncGenerator<Buffer> {
  if (folder === undefined) {
    for (let seed = 0; seed < most; seed += 1) yield picture(seed, 320, 240);
    return;
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:jpe?g|png|webp)$/i.test(file))
    .sort();
  const step = Math.max(1, Math.floor(files.length / most));
  for (const file of files.filter((_, at) => at % step === 0).slice(0, most))
    yield readFileSync(join(folder, file));
}
