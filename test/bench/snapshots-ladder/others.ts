/** Pictures that are easily taken for one another: parts of one scene, and flat graphics drawn by one hand. */
import sharp from 'sharp';
import { chance } from '../../origin/pictures.ts';

const SIDE = 256;

/** Which of the pictures of a family are held against which: all against all, or the two of each pair. */
export interface Family {
  readonly name: string;
  readonly members: ReadonlyArray<readonly [name: string, bytes: Buffer]>;
}

/** The two halves of a picture, in one size: the same place, light and colours. */
export async function halves(bytes: Buffer): Promise<[Buffer, Buffer] | undefined> {
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  const half = Math.floor(width / 2);
  if (half < 64 || height < 64) return undefined;
  const part = (left: number): Promise<Buffer> =>
    sharp(bytes)
      .flatten({ background: 'white' })
      .extract({ left, top: 0, width: half, height })
      .png()
      .toBuffer();
  return [await part(0), await part(width - half)];
}

/** The picture seen in a mirror: all of its colours and textures, and another picture. */
export const mirrored = (bytes: Buffer): Promise<Buffer> =>
  sharp(bytes).flatten({ background: 'white' }).flop().png().toBuffer();

/** Families of flat graphics; `count` members each. Drawn from rectangles, so that no font of the machine plays a part. */
export async function graphics(count: number): Promise<Family[]> {
  const families: Family[] = [];
  for (const [name, draw] of Object.entries(DRAWN)) {
    const members: Array<[string, Buffer]> = [];
    for (let at = 0; at < count; at++) {
      const markup = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${draw(chance(at + 1), at)}</svg>`;
      members.push([`${name} ${at}`, await sharp(Buffer.from(markup)).png().toBuffer()]);
    }
    families.push({ name, members });
  }
  return families;
}

const rect = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;

type Draw = (draw: () => number, at: number) => string;

const DRAWN: Readonly<Record<string, Draw>> = {
  /** One letter-like sign, five by seven dots, on a disc; all of one house style. */
  'logos of one style': (draw) =>
    `${rect(0, 0, SIDE, SIDE, '#fff')}<circle cx="128" cy="128" r="110" fill="#1b3a6b"/>${cells(5, 7, 12, 98, 86, draw, '#fff')}`,
  /** Mirrored dots as of avatars that are made from a name. */
  'avatars made from names': (draw) =>
    `${rect(0, 0, SIDE, SIDE, '#f0f0f0')}${cells(3, 5, 40, 28, 28, draw, '#d08040', true)}`,
  /** Bars of other heights under the same axes. */
  'charts of other values': (draw) =>
    `${rect(0, 0, SIDE, SIDE, '#fff')}${rect(30, 20, 2, 206, '#000')}${rect(30, 226, 206, 2, '#000')}${Array.from(
      { length: 9 },
      (_, bar) => {
        const height = Math.round(20 + draw() * 170);
        return rect(40 + bar * 22, 226 - height, 16, height, '#3b7dd8');
      },
    ).join('')}`,
  /** Lines of words as grey boxes: scanned pages, screenshots of text. */
  'pages of other text': (draw) =>
    rect(0, 0, SIDE, SIDE, '#fff') +
    Array.from({ length: 14 }, (_, line) => {
      let row = '';
      for (let x = 20; x < 210; ) {
        const width = Math.round(8 + draw() * 34);
        row += rect(x, 22 + line * 16, Math.min(width, 236 - x), 7, '#333');
        x += width + 6;
      }
      return row;
    }).join(''),
  /** A small sign somewhere on an even ground. */
  'signs on an even ground': (draw) =>
    `${rect(0, 0, SIDE, SIDE, '#20a070')}${cells(5, 5, 8, 20 + draw() * 170, 20 + draw() * 170, draw, '#fff')}`,
};

/** A grid of cells, each filled or not. */
function cells(
  columns: number,
  rows: number,
  size: number,
  left: number,
  top: number,
  draw: () => number,
  fill: string,
  mirror = false,
): string {
  let markup = '';
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (draw() < 0.5) continue;
      markup += rect(left + column * size, top + row * size, size, size, fill);
      if (mirror && column < columns - 1)
        markup += rect(left + (2 * (columns - 1) - column) * size, top + row * size, size, size, fill);
    }
  return markup;
}
