/** The ladder for pictures: benign edits and substitutions, by relation, PDQ distance and pHash distance. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareImages } from '../../../src/compare/image.ts';
import type { ImageView } from '../../../src/domain/index.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { hammingDistance } from '../../../src/view/pdq.ts';
import { BENIGN } from '../../origin/edits.ts';
import { perturb, picture } from '../../origin/pictures.ts';
import { rate } from './rates.ts';

interface Row {
  n: number;
  same: number;
  similar: number;
  different: number;
  pdq: number[];
  phash: number[];
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};
const typeOf = (file: string): string => TYPES[file.split('.').at(-1) ?? ''] ?? '';
const quantile = (list: number[], share: number): number =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;

/** Pictures of a folder, every so manieth, or scenes made here. */
async function sources(
  folder: string | undefined,
  every: number,
): Promise<Array<{ name: string; bytes: Buffer }>> {
  if (!folder) {
    return Promise.all(
      [...Array(12).keys()].map(async (seed) => ({ name: `scene ${seed}`, bytes: await picture(seed, 320) })),
    );
  }
  const files = readdirSync(folder).filter((file) => typeOf(file) !== '');
  return files
    .filter((_, i) => i % every === 0)
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

export async function runForms(folder: string | undefined, every: number): Promise<void> {
  const decoder = createDecoder({ pixels: 100_000_000 });
  if (folder) {
    const files = readdirSync(folder).filter((file) => typeOf(file) !== '');
    let irregular = 0;
    for (const file of files) {
      const { irregularities } = await decoder.decode(readFileSync(join(folder, file)), typeOf(file));
      if (irregularities.length > 0) {
        irregular += 1;
        console.log(`  ${file}: ${irregularities.join('; ')}`);
      }
    }
    console.log(`irregular among clean pictures: ${rate(irregular, files.length)}`);
  }
  const table = new Map<string, Row>();
  const view = async (bytes: Buffer): Promise<ImageView> => ({
    kind: 'image',
    identity: 'crawler@direct',
    status: 200,
    mediaType: '',
    sha256: '',
    evidence: 'usable',
    evidenceReason: '',
    ...(await decoder.decode(bytes, '')),
  });
  const note = (name: string, one: ImageView, other: ImageView): void => {
    const row = table.get(name) ?? { n: 0, same: 0, similar: 0, different: 0, pdq: [], phash: [] };
    const { relation, pdqDistance } = compareImages(one, other);
    row.n += 1;
    row[relation === 'same-pixels' ? 'same' : relation] += 1;
    if (Math.min(one.pdqQuality, other.pdqQuality) >= 50) row.pdq.push(pdqDistance);
    row.phash.push(hammingDistance(one.phash, other.phash));
    table.set(name, row);
  };
  const list = await sources(folder, every);
  const views = [];
  for (const { bytes } of list) views.push(await view(bytes));
  for (const [k, { bytes }] of list.entries()) {
    const own = views[k]!;
    for (const [name, edit] of Object.entries(BENIGN)) note(name, await view(await edit(bytes)), own);
    note('perturbed 8/255', await view(await perturb(bytes, 8 / 255, k)), own);
    for (let step = 1; step < Math.min(8, views.length); step += 1)
      note('another picture', views[(k + step) % views.length]!, own);
  }
  console.log(
    '\nform                  n     same  similar  different  PDQ median 95% most   pHash median 95% most',
  );
  for (const [name, row] of table) {
    const spread = (values: number[]): string =>
      [0.5, 0.95, 1].map((share) => String(quantile(values, share)).padStart(5)).join('');
    const counts = [row.n, row.same, row.similar, row.different]
      .map((count) => String(count).padStart(7))
      .join('');
    console.log(`${name.padEnd(20)}${counts}   ${spread(row.pdq)}   ${spread(row.phash)}`);
  }
  const benign = [...table].filter(([name]) => name in BENIGN).map(([, row]) => row);
  const total = benign.reduce((sum, row) => sum + row.n, 0);
  console.log(
    `benign edits that are same-pixels or similar: ${rate(total - benign.reduce((sum, row) => sum + row.different, 0), total)}`,
  );
  const other = table.get('another picture');
  if (other) console.log(`other pictures taken for the same: ${rate(other.n - other.different, other.n)}`);
}
