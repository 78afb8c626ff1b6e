/** `npm run train:image`: makes its own Python environment and trains both picture models, step by step, from a seed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `usage: npm run train:image -- --pictures DIR --encoders DIR [--out DIR] [--seed N] [--quick] [--ship]

  --pictures DIR  pictures and provenance.csv (columns file, category, licence); only permissive or public domain ones
  --encoders DIR  taef2_encoder.pth, taef2_decoder.pth, taesana_encoder.pth of github.com/madebyollin/taesd (MIT)
  --out DIR       attacks, samples, checkpoint and figures (default node_modules/.cache/train-image)
  --quick         a few pictures and a minute of training: shows that every step runs, trains nothing worth having
  --ship          writes the models into src/screen/image and the parity vectors into test/screen/image
`;

const { values } = parseArgs({
  options: {
    pictures: { type: 'string' },
    encoders: { type: 'string' },
    out: { type: 'string' },
    seed: { type: 'string', default: '11' },
    quick: { type: 'boolean', default: false },
    ship: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '../../..');
const cache = join(root, 'node_modules/.cache/train-image');
const python = join(cache, 'venv/bin/python');

function run(command: string, args: readonly (string | number)[]): void {
  process.stderr.write(`${[command, ...args].join(' ')}\n`);
  const environment = {
    ...process.env,
    OMP_NUM_THREADS: '1',
    PYTHONWARNINGS: 'ignore',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const { status } = spawnSync(command, args.map(String), { stdio: 'inherit', env: environment, cwd: here });
  if (status !== 0) process.exit(status ?? 1);
}

if (values.help || values.pictures === undefined || values.encoders === undefined) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const pictures = resolve(values.pictures);
const out = resolve(values.out ?? join(cache, values.quick ? 'quick' : 'full'));
const [encoders, attacks, samples] = ['encoders', 'attacks', 'samples'].map((name) => join(out, name)) as [
  string,
  string,
  string,
];
const checkpoint = join(out, 'cnn.pth');
const seed = Number(values.seed);
/** The full numbers; the shipped weights had fewer of most (docs/model-card-image.md). The quick ones only exercise every step. */
const size = <T>(full: T, quick: T): T => (values.quick ? quick : full);
const py = (script: string, ...args: (string | number)[]): void => run(python, [join(here, script), ...args]);

if (!existsSync(python)) {
  run('python3', ['-m', 'venv', join(cache, 'venv')]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(here, 'requirements.txt')]);
}
for (const folder of [encoders, attacks, samples]) mkdirSync(folder, { recursive: true });
run('cp', ['-r', `${resolve(values.encoders)}/.`, encoders]);

py('train_encoders.py', pictures, encoders, '--steps', size(350, 4), '--seed', seed);
const attack = (encoder: string, split: string, count: number, steps: number): void =>
  py('attacks.py', pictures, encoders, attacks, '--encoder', encoder, '--split', split, '--count', count, '--steps', steps, '--seed', seed); // biome-ignore format: one call
attack('taesana', 'train', size(1100, 12), size(16, 2));
attack('taesana', 'validation', size(150, 8), size(16, 2));
attack('taesana', 'test', size(150, 4), size(20, 2));
for (const relatives of ['taesana~', 'drawn']) {
  attack(relatives, 'train', size(900, 4), size(9, 2));
  attack(relatives, 'validation', size(110, 4), size(9, 2));
}
for (const own of ['own-smooth', 'own-wide', 'own-patch', 'own-deep'])
  attack(own, 'train', size(120, 2), size(14, 2));
// Never trained on: the encoder that the figures are about.
attack('taef2', 'test', size(150, 4), size(20, 2));
for (const [split, count] of [['train', 120], ['validation', 50], ['test', 80]] as const) // biome-ignore format: a table
  py('look.py', pictures, encoders, attacks, '--split', split, '--count', size(count, 2));

const unseen = ['--not-encoder', 'taef2', '--seed', seed];
py('dataset.py', pictures, attacks, samples, '--split', 'train', '--count', size(18000, 60), ...unseen);
py('dataset.py', pictures, attacks, samples, '--split', 'validation', '--count', size(8000, 60), ...unseen);
py('cnn.py', samples, checkpoint, '--minutes', size(40, 0.5), '--seed', seed);
const vectors = values.ship ? ['--vectors', join(root, 'test/screen/image')] : [];
const models = values.ship ? join(root, 'src/screen/image') : out;
py('fuse.py', samples, checkpoint, models, '--seed', seed, ...vectors);

for (const post of ['lossless', 'resize 0.75', 'jpeg 95', 'jpeg 85', 'jpeg 75', 'webp 80']) {
  py('dataset.py', pictures, attacks, samples, '--split', 'test', '--post', post, '--grid', '--count', size(1e9, 30), '--seed', seed); // biome-ignore format: one call
}
py('evaluate.py', samples, join(models, 'single-model.json'), checkpoint, join(out, 'figures'));

py('plots.py', join(out, 'cnn.csv'), join(out, 'figures/figures.json'), join(out, 'figures/curves.svg'));

const features = join(out, 'pairs.jsonl');
run(process.execPath, [join(here, 'pairs.ts'), attacks, features, '--every', size('1', '2'), '--draws', '1']);
py('fit.py', features, values.ship ? join(models, 'pair-model.json') : join(out, 'pair-model.json'));
