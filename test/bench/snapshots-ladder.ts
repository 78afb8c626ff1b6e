/** The hash ladder on pictures: what benign drift, other pictures and perturbed ones come out as. */
import { createHash, hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import type { Capture, Digests, ImageView, SnapshotRecord, SnapshotStatus } from '../../src/domain/index.ts';
import { matchRecords } from '../../src/snapshot/ladder.ts';
import { createDecoder } from '../../src/view/decoder.ts';

export const about = 'the hash ladder on pictures: status by kind of drift; --pictures DIR --count N';

type Change = (
  picture: Sharp,
  size: { width: number; height: number },
  bytes: Buffer,
) => Promise<Buffer> | Buffer;

const jpeg =
  (quality: number): Change =>
  (picture) =>
    picture.jpeg({ quality }).toBuffer();
const scaled =
  (factor: number): Change =>
  (picture, { width }) =>
    picture
      .resize(Math.round(width * factor))
      .jpeg({ quality: 90 })
      .toBuffer();

/** What honest servers do to a picture over the years, transparency laid over white. */
const BENIGN: Readonly<Record<string, Change>> = {
  'exact re-serve': (_, __, bytes) => bytes,
  'metadata stripped': (picture) => picture.png().toBuffer(),
  'JPEG q95': jpeg(95),
  'JPEG q85': jpeg(85),
  'JPEG q75': jpeg(75),
  'WebP q80': (picture) => picture.webp({ quality: 80 }).toBuffer(),
  'AVIF q60': (picture) => picture.avif({ quality: 60, effort: 2 }).toBuffer(),
  'resized to 0.75': scaled(0.75),
  'resized to 0.5': scaled(0.5),
  'cropped by 2 %': (picture, { width, height }) => {
    const [left, top] = [Math.round(width * 0.01), Math.round(height * 0.01)];
    return picture
      .extract({ left, top, width: width - 2 * left, height: height - 2 * top })
      .jpeg({ quality: 90 })
      .toBuffer();
  },
  'colours shifted': (picture) =>
    picture.modulate({ brightness: 1.08, saturation: 0.9, hue: 8 }).jpeg({ quality: 90 }).toBuffer(),
};

/** Uniform noise of at most 8 of 255 levels, the budget of many published perturbations. */
const perturbed: Change = async (picture) => {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const noise = createHash('shake256', { outputLength: data.length }).update('noise').digest();
  for (let at = 0; at < data.length; at++)
    data[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + ((noise[at] ?? 0) % 17) - 8));
  return sharp(data, { raw: info }).png().toBuffer();
};

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { pictures: { type: 'string' }, count: { type: 'string', default: '50' } },
  });
  if (values.pictures === undefined) throw new Error('Expected --pictures DIR, a folder of pictures.');
  const folder = values.pictures;
  const files = readdirSync(folder).filter((name) => /\.(png|jpe?g|webp)$/i.test(name));
  const step = Math.max(1, Math.floor(files.length / Number(values.count)));
  const chosen = files.filter((_, at) => at % step === 0).slice(0, Number(values.count));
  const decoder = createDecoder({ pixels: 100_000_000 });
  const table = new Map<string, Map<SnapshotStatus, number>>();
  const count = (name: string, status: SnapshotStatus): void => {
    const row = table.get(name) ?? new Map();
    row.set(status, (row.get(status) ?? 0) + 1);
    table.set(name, row);
  };
  const records: SnapshotRecord[] = [];
  const captures: Array<readonly [Capture, ImageView]> = [];
  for (const name of chosen) {
    const bytes = readFileSync(join(folder, name));
    const { width = 1, height = 1 } = await sharp(bytes).metadata();
    const [own, view] = await seen(bytes, decoder);
    const record = recordOf(own, view);
    records.push(record);
    captures.push([own, view]);
    for (const [change, apply] of Object.entries({ ...BENIGN, 'perturbed by 8 of 255': perturbed })) {
      const [capture, changed] = await seen(
        await apply(sharp(bytes).flatten({ background: 'white' }), { width, height }, bytes),
        decoder,
      );
      const { status } = matchRecords([record], capture, changed).match;
      count(change, status);
      if (status === 'changed') process.stderr.write(`${change}: ${name}\n`);
    }
  }
  for (const [at, record] of records.entries())
    for (const [other, [capture, view]] of captures.entries())
      if (other !== at) count('another picture', matchRecords([record], capture, view).match.status);
  for (const [name, row] of table) {
    const cells = [...row].map(([status, number]) => `${status} ${number}`).join(', ');
    process.stdout.write(`${name.padEnd(24)} ${cells}\n`);
  }
}

async function seen(
  bytes: Buffer,
  decoder: ReturnType<typeof createDecoder>,
): Promise<readonly [Capture, ImageView]> {
  const mediaType = `image/${(await sharp(bytes).metadata()).format}`;
  const sha256 = hash('sha256', bytes);
  const digests: Digests = {
    md5: hash('md5', bytes),
    sha1: hash('sha1', bytes),
    sha256,
    sha512: hash('sha512', bytes),
  };
  const view: ImageView = {
    kind: 'image',
    identity: 'plain@direct',
    status: 200,
    mediaType,
    sha256,
    evidence: 'usable',
    evidenceReason: '',
    ...(await decoder.decode(bytes, mediaType)),
  };
  const capture: Capture = {
    kind: 'capture',
    identity: 'plain@direct',
    url: 'https://example.org/',
    status: 200,
    reason: 'OK',
    httpVersion: '1.1',
    fields: [],
    trailers: [],
    body: {
      size: bytes.length,
      bytes: async () => bytes,
      stream: async function* () {
        yield bytes;
      },
      decoded: async () => bytes,
      release: async () => undefined,
    },
    digests: { entity: digests, decoded: digests },
    mediaType,
    truncated: false,
    startedAt: 0,
    duration: 0,
  };
  return [capture, view];
}

const recordOf = ({ digests }: Capture, { pdq, phash, pixelSha256 }: ImageView): SnapshotRecord => ({
  url: 'https://example.org/',
  date: '2022-05-01T00:00:00.000Z',
  dataset: 'bench',
  httpStatus: null,
  digests: [
    { alg: 'sha256', value: digests.entity.sha256 ?? '', scope: 'entity' },
    { alg: 'sha256', value: pixelSha256, scope: 'image' },
  ],
  perceptual: [
    { alg: 'pdq', value: pdq },
    { alg: 'phash', value: phash },
  ],
  label: null,
  note: null,
});
