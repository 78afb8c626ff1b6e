/** The shape of the project: which folder may import which, and how long a file may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** A file imports only from its own folder and from folders before it. `roots` are the files directly in src. */
const ORDER = [
  'domain',
  'rules',
  'fetch',
  'view',
  'compare',
  'snapshot',
  'screen',
  'decide',
  'guard',
  'store',
  'dashboard',
  'api',
  'proxy',
  'roots',
];
const LONGEST = 300;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** The layer of a file in src: its folder, `guard` for src/guard.ts, `roots` for commands and the other files of src. */
const layerOf = (file: string): string => {
  const [head = '', ...rest] = relative(SRC, file).split('/');
  if (rest.length > 0) return head === 'commands' ? 'roots' : head;
  return head === 'guard.ts' ? 'guard' : 'roots';
};

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    resolve(dirname(file), path),
  );

describe('layout', () => {
  const sources = filesBelow(SRC);

  it('every folder of src has its place in the order', () => {
    expect(sources.map(layerOf).filter((layer) => !ORDER.includes(layer))).toEqual([]);
  });

  it('a file imports only from folders before its own', () => {
    const backwards = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith(SRC))
        .filter((target) => ORDER.indexOf(layerOf(target)) > ORDER.indexOf(layerOf(file)))
        .map((target) => `${relative(ROOT, file)} -> ${relative(ROOT, target)}`),
    );
    expect(backwards).toEqual([]);
  });

  it(`no file is longer than ${LONGEST} lines`, () => {
    const all = [...sources, ...filesBelow(join(ROOT, 'test')), ...filesBelow(join(ROOT, 'crawler'))];
    const long = all
      .map((file) => ({
        file: relative(ROOT, file),
        lines: readFileSync(file, 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > LONGEST);
    expect(long).toEqual([]);
  });

  it('every file of src says on its first line what it is', () => {
    const silent = sources.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(file, 'utf8')));
    expect(silent.map((file) => relative(ROOT, file))).toEqual([]);
  });
});
