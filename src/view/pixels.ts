/** Planes of a picture: luma, area-averaged reduction. Plain typed arrays, portable. */

/** One channel, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** One channel of whole numbers, 0 to 255, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
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

/** Grey as Pillow computes it: BT.601 in 16-bit fixed point, rounded. */
export function greyOf({ width, height, pixels }: Pixels): Grey {
  const data = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < data.length; i += 1, at += 3) {
    data[i] = (pixels[at]! * 19595 + pixels[at + 1]! * 38470 + pixels[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, data };
}

/** A plane rounded to whole numbers. */
export function roundPlane({ width, height, data }: Plane): Grey {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < out.length; i += 1) out[i] = data[i]! + 0.5;
  return { width, height, data: out };
}

/** A part of a picture in its pixels, from corner to corner; need not end on whole pixels. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Source samples under each target cell: the first and last, and how much of them the cell covers. */
interface Spans {
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly head: Float32Array;
  readonly tail: Float32Array;
}

function spansOf(start: number, extent: number, samples: number, cells: number): Spans {
  const first = new Int32Array(cells);
  const last = new Int32Array(cells);
  const head = new Float32Array(cells);
  const tail = new Float32Array(cells);
  for (let i = 0; i < cells; i += 1) {
    const begin = Math.max(0, start + (i * extent) / cells);
    const end = Math.min(samples, start + ((i + 1) * extent) / cells);
    const from = Math.min(samples - 1, Math.floor(begin + 1e-9));
    const to = Math.max(from, Math.min(samples - 1, Math.ceil(end - 1e-9) - 1));
    first[i] = from;
    last[i] = to;
    head[i] = from === to ? end - begin : from + 1 - begin;
    tail[i] = end - to;
  }
  return { first, last, head, tail };
}

/** Area average of RGB, of the whole picture or a window inside it, to `width` x `height`: a plane each for R, G, B. */
export function reduceRgb(
  source: Pixels,
  width: number,
  height: number,
  window: Window = { left: 0, top: 0, width: source.width, height: source.height },
): [Plane, Plane, Plane] {
  const planes = [0, 1, 2].map(() => new Float32Array(width * height)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const across = spansOf(window.left, window.width, source.width, width);
  const down = spansOf(window.top, window.height, source.height, height);
  const begin = across.first[0]! * 3;
  const end = (across.last[width - 1]! + 1) * 3;
  const row = new Float32Array(source.width * 3);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [down.first[y]!, down.last[y]!];
    let tall = 0;
    for (let from = top; from <= bottom; from += 1) {
      const share = from === top ? down.head[y]! : from === bottom ? down.tail[y]! : 1;
      const start = from * source.width * 3;
      if (from === top) for (let i = begin; i < end; i += 1) row[i] = share * source.pixels[start + i]!;
      else for (let i = begin; i < end; i += 1) row[i]! += share * source.pixels[start + i]!;
      tall += share;
    }
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [across.first[x]!, across.last[x]!];
      let r = 0;
      let g = 0;
      let b = 0;
      let wide = 0;
      for (let from = left; from <= right; from += 1) {
        const share = from === left ? across.head[x]! : from === right ? across.tail[x]! : 1;
        r += share * row[from * 3]!;
        g += share * row[from * 3 + 1]!;
        b += share * row[from * 3 + 2]!;
        wide += share;
      }
      const area = wide * tall;
      planes[0][y * width + x] = r / area;
      planes[1][y * width + x] = g / area;
      planes[2][y * width + x] = b / area;
    }
  }
  const plane = (data: Float32Array): Plane => ({ width, height, data });
  return [plane(planes[0]), plane(planes[1]), plane(planes[2])];
}

/** Luma of three planes, as `lumaOf`. */
export function lumaOfPlanes([r, g, b]: readonly [Plane, Plane, Plane]): Plane {
  const data = new Float32Array(r.data.length);
  for (let i = 0; i < data.length; i += 1) {
    data[i] = 0.299 * r.data[i]! + 0.587 * g.data[i]! + 0.114 * b.data[i]!;
  }
  return { width: r.width, height: r.height, data };
}

/** Where cells meet along a line of samples: the sample a border lies in, and how much of that sample is before it. */
function bordersOf(samples: number, cells: number): { at: Int32Array; share: Float64Array } {
  const at = new Int32Array(cells + 1);
  const share = new Float64Array(cells + 1);
  for (let i = 0; i <= cells; i += 1) {
    const border = Math.min(samples, (i * samples) / cells);
    at[i] = Math.min(samples - 1, Math.floor(border + 1e-9));
    share[i] = Math.max(0, border - at[i]!);
  }
  return { at, share };
}

/** Luma of the area average of a picture, to `width` x `height`, with the weights of `greyOf` before any rounding. */
export function reduceLuma(source: Pixels, width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  const across = bordersOf(source.width, width);
  const down = bordersOf(source.height, height);
  const { pixels } = source;
  const row = new Float64Array(source.width);
  // Sums from the left make each cell a difference of two readings, whatever its width.
  const sums = new Float64Array(source.width + 1);
  const area = (source.width / width) * (source.height / height) * 0x10000;
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [down.at[y]!, down.at[y + 1]!];
    row.fill(0);
    for (let from = top; from <= bottom; from += 1) {
      const share = (from === bottom ? down.share[y + 1]! : 1) - (from === top ? down.share[y]! : 0);
      if (share === 0) continue;
      // Whole numbers up to the one multiplication: fractions for each channel would take half as long again.
      for (let x = 0, at = from * source.width * 3; x < row.length; x += 1, at += 3) {
        row[x]! += share * (pixels[at]! * 19595 + pixels[at + 1]! * 38470 + pixels[at + 2]! * 7471);
      }
    }
    let sum = 0;
    for (let x = 0; x < row.length; x += 1) {
      sum += row[x]!;
      sums[x + 1] = sum;
    }
    let before = 0;
    for (let x = 1; x <= width; x += 1) {
      const at = across.at[x]!;
      const upTo = sums[at]! + across.share[x]! * row[at]!;
      data[y * width + x - 1] = (upTo - before) / area;
      before = upTo;
    }
  }
  return { width, height, data };
}

/** Area average of a plane, to `width` x `height`. */
export function reducePlane(source: Plane, width: number, height: number): Plane {
  const out = new Float32Array(width * height);
  const across = spansOf(0, source.width, source.width, width);
  const down = spansOf(0, source.height, source.height, height);
  const area = (source.width / width) * (source.height / height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [down.first[y]!, down.last[y]!];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [across.first[x]!, across.last[x]!];
      let sum = 0;
      for (let j = top; j <= bottom; j += 1) {
        const tall = j === top ? down.head[y]! : j === bottom ? down.tail[y]! : 1;
        for (let i = left; i <= right; i += 1) {
          const wide = i === left ? across.head[x]! : i === right ? across.tail[x]! : 1;
          sum += tall * wide * source.data[j * source.width + i]!;
        }
      }
      out[y * width + x] = sum / area;
    }
  }
  return { width, height, data: out };
}
