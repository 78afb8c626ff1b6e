/** Planes of a picture: luma, area-averaged reduction. Plain typed arrays, portable. */

/** One channel, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** RGB of a picture, row by row, 8 bit. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Luma of ITU-R BT.601, 0 to 255, unrounded. */
export function lumaOf({ width, height, pixels }: Pixels): Plane {
  const data = new Float32Array(width * height);
  for (let i = 0, at = 0; i < data.length; i += 1, at += 3) {
    data[i] = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
  }
  return { width, height, data };
}

/** Where each target cell of a reduction begins and how much of its first and last source cell it covers. */
function spans(
  from: number,
  to: number,
): { first: Int32Array; last: Int32Array; head: Float32Array; tail: Float32Array } {
  const first = new Int32Array(to);
  const last = new Int32Array(to);
  const head = new Float32Array(to);
  const tail = new Float32Array(to);
  for (let i = 0; i < to; i += 1) {
    const begin = (i * from) / to;
    const end = ((i + 1) * from) / to;
    first[i] = Math.floor(begin);
    last[i] = Math.min(from - 1, Math.ceil(end) - 1);
    head[i] = Math.min(1, Math.floor(begin) + 1 - begin);
    tail[i] = end - last[i]!;
    if (first[i] === last[i]) head[i] = end - begin;
  }
  return { first, last, head, tail };
}

/** Area average of RGB down to `width` x `height`, at most the size of the picture: one plane for each of R, G, B. */
export function reduceRgb(source: Pixels, width: number, height: number): [Plane, Plane, Plane] {
  const planes = [0, 1, 2].map(() => new Float32Array(width * height));
  const across = spans(source.width, width);
  const down = spans(source.height, height);
  const row = new Float32Array(source.width * 3);
  const cell = (source.width / width) * (source.height / height);
  for (let y = 0; y < height; y += 1) {
    row.fill(0);
    for (let from = down.first[y]!; from <= down.last[y]!; from += 1) {
      const share = from === down.first[y] ? down.head[y]! : from === down.last[y] ? down.tail[y]! : 1;
      const start = from * source.width * 3;
      for (let i = 0; i < row.length; i += 1) row[i]! += share * source.pixels[start + i]!;
    }
    for (let x = 0; x < width; x += 1) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let from = across.first[x]!; from <= across.last[x]!; from += 1) {
        const share =
          from === across.first[x] ? across.head[x]! : from === across.last[x] ? across.tail[x]! : 1;
        r += share * row[from * 3]!;
        g += share * row[from * 3 + 1]!;
        b += share * row[from * 3 + 2]!;
      }
      planes[0]![y * width + x] = r / cell;
      planes[1]![y * width + x] = g / cell;
      planes[2]![y * width + x] = b / cell;
    }
  }
  const [r, g, b] = planes.map((data) => ({ width, height, data }));
  return [r!, g!, b!];
}

/** Luma of three planes, as `lumaOf`. */
export function lumaOfPlanes([r, g, b]: readonly [Plane, Plane, Plane]): Plane {
  const data = new Float32Array(r.data.length);
  for (let i = 0; i < data.length; i += 1) {
    data[i] = 0.299 * r.data[i]! + 0.587 * g.data[i]! + 0.114 * b.data[i]!;
  }
  return { width: r.width, height: r.height, data };
}
