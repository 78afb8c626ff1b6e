/** A graph model in a folder: the model of this test takes the mean of a picture for the probability. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ImageView } from '../../../src/domain/index.ts';
import { askGraph } from '../../../src/screen/plugin/graph.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** `Mean` over rows, columns and channels, times a weight from a file. */
async function folderWith(side: number, weight: number, file = 'weights.bin'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-graph-'));
  folders.push(folder);
  const shape = [1, side, side, 3].map((size) => ({ size: String(size) }));
  const float = { type: 'DT_FLOAT' };
  const constant = (name: string, dtype: string, dims: number[]) => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type: dtype },
      value: { tensor: { dtype, tensorShape: { dim: dims.map((size) => ({ size: String(size) })) } } },
    },
  });
  const model = {
    format: 'graph-model',
    generatedBy: 'a test',
    userDefinedMetadata: { version: 7 },
    modelTopology: {
      node: [
        { name: 'picture', op: 'Placeholder', attr: { dtype: float, shape: { shape: { dim: shape } } } },
        constant('axes', 'DT_INT32', [3]),
        constant('weight', 'DT_FLOAT', []),
        {
          name: 'mean',
          op: 'Mean',
          input: ['picture', 'axes'],
          attr: { T: float, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } },
        },
        { name: 'p', op: 'Mul', input: ['mean', 'weight'], attr: { T: float } },
      ],
      versions: { producer: 1 },
    },
    weightsManifest: [
      {
        paths: [file],
        weights: [
          { name: 'axes', shape: [3], dtype: 'int32' },
          { name: 'weight', shape: [], dtype: 'float32' },
        ],
      },
    ],
  };
  const weights = Buffer.alloc(16);
  [1, 2, 3].forEach((axis, i) => {
    weights.writeInt32LE(axis, 4 * i);
  });
  weights.writeFloatLE(weight, 12);
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  await writeFile(join(folder, 'weights.bin'), weights);
  return folder;
}

const grey = (side: number, level: number) =>
  ({ width: side, height: side, pixels: new Uint8Array(side * side * 3).fill(level) }) as ImageView;

describe('a graph model', () => {
  it('is given the picture and answers with a probability', async () => {
    expect(await askGraph(await folderWith(-1, 1), grey(10, 51))).toMatchObject({
      p: expect.closeTo(0.2, 5),
      version: '7',
    });
  });

  it('of a fixed size is given the middle of the picture', async () => {
    const framed = grey(16, 255);
    for (let y = 4; y < 12; y += 1) framed.pixels.fill(102, 3 * (16 * y + 4), 3 * (16 * y + 12));
    const folder = await folderWith(8, 1);
    expect((await askGraph(folder, framed)).p).toBeCloseTo(0.4, 5);
    await expect(askGraph(folder, grey(7, 0))).rejects.toThrow(/at least 8 x 8 pixels/);
  });

  it('that answers no probability, or is none, is refused', async () => {
    await expect(askGraph(await folderWith(-1, 9), grey(4, 255))).rejects.toThrow(/p is wrong/);
    await expect(askGraph('/nowhere', grey(4, 0))).rejects.toThrow(
      /Expected a tfjs graph model in \/nowhere/,
    );
    await expect(askGraph(await folderWith(-1, 1, '../../etc/passwd'), grey(4, 0))).rejects.toThrow(
      /inside the folder/,
    );
  });
});
