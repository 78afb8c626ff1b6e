/** Pictures the hostile web serves: procedural ones, benign edits of them, and a structured perturbation. */
import sharp from 'sharp';

/** A seeded uniform generator over [0, 1). @see Steele et al. 2014, SplitMix; this is its 32-bit sibling mulberry32. */
export function chance(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two uniform draws make one from the standard normal distribution (Box and Muller). */
const normal = (draw: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/** Bilinear reading of a small lattice of random values: one octave of value noise. */
function octave(cells: number, draw: () => number): (u: number, v: number) => number {
  const side = cells + 2;
  const lattice = Float32Array.from({ length: side * side }, () => draw() - 0.5);
  return (u, v) => {
    const x = u * cells;
    const y = v * cells;
    const i = Math.floor(x);
    const j = Math.floor(y);
    const s = (x - i) ** 2 * (3 - 2 * (x - i));
    const t = (y - j) ** 2 * (3 - 2 * (y - j));
    const at = (a: number, b: number) => lattice[(j + b) * side + i + a] ?? 0;
    return (at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t;
  };
}

/** Octaves from coarse to fine whose amplitude falls with frequency, as in photographs. */
function landscape(draw: () => number, size: number): (u: number, v: number) => number {
  const octaves = [2, 4, 8, 16, 32, 64, 128].filter((cells) => cells * 2 <= size);
  const fields = octaves.map((cells) => octave(cells, draw));
  return (u, v) => fields.reduce((sum, field, k) => sum + field(u, v) / (octaves[k] ?? 1) ** 0.75, 0);
}

/**
 * A photograph-like picture: sky to ground gradient, fractal texture, a few objects with hard edges, sensor noise.
 * The same seed and size give the same pixels.
 */
export function scene(seed: number, width: number, height: number): Uint8Array {
  const draw = chance(seed);
  const size = Math.max(width, height);
  const texture = landscape(draw, size);
  const tint = landscape(draw, size);
  const top = [draw(), draw(), draw()].map((c) => 60 + 180 * c);
  const bottom = [draw(), draw(), draw()].map((c) => 20 + 160 * c);
  const objects = Array.from({ length: 4 + Math.floor(draw() * 6) }, () => ({
    x: draw(),
    y: draw(),
    across: 0.05 + draw() * 0.2,
    along: 0.05 + draw() * 0.2,
    square: draw() < 0.4,
    colour: [draw() * 255, draw() * 255, draw() * 255],
  }));
  const noise = 0.8 + draw() * 2.5;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = x / size;
      const v = y / size;
      const shade = 260 * texture(u, v);
      const hue = 90 * tint(v, u);
      let colour = top.map((c, k) => c + ((bottom[k] ?? 0) - c) * (y / height));
      for (const object of objects) {
        const dx = (x / width - object.x) / object.across;
        const dy = (y / height - object.y) / object.along;
        const inside = object.square ? Math.max(Math.abs(dx), Math.abs(dy)) < 1 : dx * dx + dy * dy < 1;
        if (inside) colour = object.colour.map((c) => c * (1.1 - 0.35 * dy));
      }
      const grain = noise * normal(draw);
      for (let k = 0; k < 3; k += 1) {
        const value = (colour[k] ?? 0) + shade + (k - 1) * hue + grain + 0.5 * noise * normal(draw);
        pixels[(y * width + x) * 3 + k] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return pixels;
}

const png = (pixels: Uint8Array, width: number, height: number): Promise<Buffer> =>
  sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

/** The scene of `seed` as PNG, `size` pixels square unless a height is given. */
export const picture = (seed: number, size: number, height = size): Promise<Buffer> =>
  png(scene(seed, size, height), size, height);

/**
 * A stand-in for protection tools that needs no neural network: a perturbation of `epsilon` (0 to 1, of full scale)
 * in the maximum norm, saturated as sign-gradient attacks leave it, aligned with the picture's own edges, repeated on
 * the 8-pixel stride of latent encoders, different in each colour channel (correlation near 0.4, as measured on AdvDM).
 * For fixtures and the demo; rates are measured with real attacks.
 */
export async function perturb(source: Buffer, epsilon: number, seed: number): Promise<Buffer> {
  const { data, info } = await sharp(source)
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({
      resolveWithObject: true,
    });
  const { width, height } = info;
  const draw = chance(seed);
  // A latent of 1/8 the size chooses, per cell and channel, which of a few stride-8 filters is pushed, and which way.
  const filters = Array.from({ length: 12 }, () => Float32Array.from({ length: 192 }, () => normal(draw)));
  const across = Math.ceil(width / 8);
  const cells = Array.from({ length: across * Math.ceil(height / 8) }, () => ({
    shared: Math.floor(draw() * filters.length),
    own: [0, 1, 2].map(() => Math.floor(draw() * filters.length)),
    sign: draw() < 0.5 ? -1 : 1,
  }));
  const luma = (x: number, y: number): number => {
    const at =
      (Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))) * info.channels;
    return 0.3 * (data[at] ?? 0) + 0.59 * (data[at + 1] ?? 0) + 0.11 * (data[at + 2] ?? 0);
  };
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cell = cells[Math.floor(y / 8) * across + Math.floor(x / 8)];
      const within = (y % 8) * 8 + (x % 8);
      const edge = luma(x + 1, y) - luma(x - 1, y) + luma(x, y + 1) - luma(x, y - 1);
      for (let k = 0; k < 3; k += 1) {
        const common = (filters[cell?.shared ?? 0]?.[within] ?? 0) * (cell?.sign ?? 1);
        const own = filters[cell?.own[k] ?? 0]?.[within + 64 * k] ?? 0;
        const push = 0.8 * common + own + 0.15 * Math.max(-6, Math.min(6, edge));
        const value =
          (data[(y * width + x) * info.channels + Math.min(k, info.channels - 1)] ?? 0) +
          255 * epsilon * Math.max(-1, Math.min(1, 1.6 * push));
        out[(y * width + x) * 3 + k] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return png(out, width, height);
}
