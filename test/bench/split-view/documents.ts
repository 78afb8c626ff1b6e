/** Documents that are no pages: data and pictures, with their lies and their life. */
import type { ImageDecoder } from '../../../src/domain/index.ts';
import { ForetasteError } from '../../../src/domain/index.ts';
import { createDecoder } from '../../../src/view/decoder.ts';
import { type Answer, bytes, json } from '../../origin/answer.ts';
import type { Asked } from '../../origin/asked.ts';
import { BENIGN, type Edit } from '../../origin/edits.ts';
import { token } from '../../origin/life.ts';
import { perturb, picture } from '../../origin/pictures.ts';
import { robots } from '../../origin/selectors.ts';
import { drawsOf } from './chance.ts';
import type { Trial } from './examine.ts';
import type { Site } from './world.ts';

export const decoder = createDecoder({ pixels: 10_000_000 });
/** Pages hold no pictures of their own here. */
export const noDecoder: ImageDecoder = {
  decode: async () => {
    throw new ForetasteError('bad-request', 'Expected a page but received a picture.');
  },
};

export interface Document {
  readonly url: string;
  readonly pictures: ImageDecoder;
  /** The document `seed`, as truth or as lie, still or alive. */
  answer(seed: number, lied: boolean, live: boolean, asked: Asked): Answer;
}

const SUBJECTS = ['harbour', 'bridge', 'mill', 'library', 'garden', 'station', 'museum', 'tower'];

function records(seed: number): Array<Record<string, unknown>> {
  const draw = drawsOf('records', seed);
  return Array.from({ length: 20 }, (_, id) => ({
    id,
    name: `The ${SUBJECTS[Math.floor(draw() * SUBJECTS.length)]} of ${Math.floor(draw() * 900)} steps`,
    visitors: Math.floor(draw() * 100_000),
    open: draw() < 0.5,
    answer: `It was built in ${1500 + Math.floor(draw() * 500)} and is ${Math.floor(draw() * 90)} metres long.`,
    tags: SUBJECTS.filter(() => draw() < 0.3),
  }));
}

const wrapped = (items: unknown, { asks }: Asked, seed: number, live: boolean): Answer => {
  const draw = drawsOf('data', seed, asks);
  const meta = {
    request_id: token(draw),
    generated_at: new Date(1.8e12 + asks * 1000).toISOString(),
    took_ms: Math.floor(draw() * 90),
  };
  return json({
    meta,
    ...(live ? { viewCount: Math.floor(draw() * 1e6), online: Math.floor(draw() * 1e4) } : {}),
    items,
  });
};

const DATA_URL = 'https://site.example/api/records';
const PICTURE_URL = 'https://site.example/picture.png';

const dataValue: Document = {
  url: DATA_URL,
  pictures: noDecoder,
  answer(seed, lied, live, asked) {
    const items = records(seed);
    const draw = drawsOf('value', seed);
    const item = items[Math.floor(draw() * items.length)];
    if (lied && item)
      item['answer'] =
        `It was built in ${1000 + Math.floor(draw() * 400)} and is ${100 + Math.floor(draw() * 90)} metres long.`;
    return wrapped(items, asked, seed, live);
  },
};

/** Pictures are made once; a cell uses a few of them. */
const PICTURES = 6;
const SIZE = 256;

async function pictures(): Promise<Record<string, Document>> {
  const truths: Buffer[] = [];
  const swapped: Buffer[] = [];
  const perturbed: Buffer[] = [];
  const delivered: Buffer[] = [];
  for (let seed = 0; seed < PICTURES; seed++) {
    const truth = await picture(seed + 1, SIZE);
    truths.push(truth);
    swapped.push(await picture(seed + 1001, SIZE));
    perturbed.push(await perturb(truth, 0.05, seed));
    delivered.push(await (BENIGN['jpeg 85'] as Edit)(truth));
  }
  const document = (lies: readonly Buffer[]): Document => ({
    url: PICTURE_URL,
    pictures: decoder,
    answer(seed, lied, live, asked) {
      const at = seed % PICTURES;
      // A living picture server recompresses for some of those who ask.
      const truth = live && drawsOf('picture', seed, asked.asks)() < 0.5 ? delivered[at] : truths[at];
      return bytes((lied ? lies[at] : truth) ?? Buffer.alloc(0), 'image/png');
    },
  });
  return { 'picture swapped': document(swapped), 'picture perturbed': document(perturbed) };
}

export const documentLies = async (): Promise<Record<string, Document>> => ({
  'JSON value': dataValue,
  ...(await pictures()),
});

const EDITS = [
  'same',
  'jpeg 85',
  'jpeg 75',
  'jpeg 85 twice',
  'webp 80',
  'avif 60',
  'resize 0.75',
  'resize 0.5',
  'resize 0.75 jpeg 85',
  'exif stripped',
];
const TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
};
/** Pictures a trial and kind, and data records. */
const PER_TRIAL = { pictures: 4, data: 8 };

export interface BenignDocuments {
  readonly kind: string;
  readonly group: 'still' | 'live';
  readonly trials: readonly Trial[];
}

/** Benign kinds of data and pictures: a delivery network treats robots and browsers differently. */
export async function benignDocuments(trials: number): Promise<BenignDocuments[]> {
  const data = (kind: string, live: boolean): BenignDocuments => ({
    kind,
    group: live ? 'live' : 'still',
    trials: Array.from({ length: PER_TRIAL.data * trials }, (_, seed): Trial => {
      const site: Site = (asked) => wrapped(records(seed), asked, seed, live);
      return { world: `${kind} ${seed}`, url: DATA_URL, site };
    }),
  });
  const rows = [data('data, request ids', false), data('data, living counts', true)];
  for (const name of EDITS) {
    const kind = `picture, ${name} for browsers`;
    const found: Trial[] = [];
    for (let seed = 0; seed < PER_TRIAL.pictures * trials; seed++) {
      const truth = await picture(seed + 50, SIZE);
      const edited = await (BENIGN[name] as Edit)(truth);
      const type = TYPES[name.split(' ').at(name.includes('resize') ? 2 : 0) ?? ''] ?? 'image/png';
      const site: Site = (asked) => (robots(asked) ? bytes(truth, 'image/png') : bytes(edited, type));
      found.push({ world: `${kind} ${seed}`, url: PICTURE_URL, pictures: decoder, site });
    }
    rows.push({ kind, group: 'still', trials: found });
  }
  return rows;
}
