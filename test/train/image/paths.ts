/** Benign paths drawn at random: what lies between two copies of a picture on the web. */
import sharp from 'sharp';

type Chance = () => number;
type Step = { readonly name: string; readonly apply: (source: Buffer) => Promise<Buffer> };

export interface Path {
  readonly name: string;
  readonly apply: (source: Buffer) => Promise<Buffer>;
}

const between = (draw: Chance, low: number, high: number): number => low + (high - low) * draw();
const pick = <T>(draw: Chance, list: readonly [T, ...T[]]): T =>
  list[Math.floor(draw() * list.length)] ?? list[0];

function resizing(draw: Chance): Step {
  const factor = pick(draw, [0.5, 0.6, 0.75, 0.9, 1.25]);
  const kernel = pick(draw, ['lanczos3', 'cubic', 'mitchell', 'linear'] as const);
  return {
    name: `resize ${factor}`,
    apply: async (source) => {
      const { width, height } = await sharp(source).metadata();
      return sharp(source)
        .resize(Math.round(width * factor), Math.round(height * factor), { fit: 'fill', kernel })
        .png({ compressionLevel: 1 })
        .toBuffer();
    },
  };
}

function cropping(draw: Chance): Step {
  const [left, top, right, bottom] = [draw(), draw(), draw(), draw()].map((share) => share * 0.04);
  return {
    name: 'crop',
    apply: async (source) => {
      const { width, height } = await sharp(source).metadata();
      const [x, y] = [Math.floor(width * (left ?? 0)), Math.floor(height * (top ?? 0))];
      return sharp(source)
        .extract({
          left: x,
          top: y,
          width: Math.floor(width * (1 - (right ?? 0))) - x,
          height: Math.floor(height * (1 - (bottom ?? 0))) - y,
        })
        .png({ compressionLevel: 1 })
        .toBuffer();
    },
  };
}

function editing(draw: Chance): Step {
  const edits: readonly [Step, ...Step[]] = [
    {
      name: 'sharpen',
      apply: (
        (sigma) => (s: Buffer) =>
          sharp(s).sharpen({ sigma }).png().toBuffer()
      )(between(draw, 0.5, 1.2)),
    },
    {
      name: 'blur',
      apply: (
        (sigma) => (s: Buffer) =>
          sharp(s).blur(sigma).png().toBuffer()
      )(between(draw, 0.4, 0.9)),
    },
    {
      name: 'gamma',
      apply: (
        (gamma) => (s: Buffer) =>
          sharp(s).gamma(gamma, 1).png().toBuffer()
      )(between(draw, 1, 1.15)),
    },
    {
      name: 'brightness',
      apply: (
        (b) => (s: Buffer) =>
          sharp(s)
            .linear(b, between(draw, -4, 4))
            .png()
            .toBuffer()
      )(between(draw, 0.95, 1.06)),
    },
    {
      name: 'saturation',
      apply: (
        (saturation) => (s: Buffer) =>
          sharp(s).modulate({ saturation }).png().toBuffer()
      )(between(draw, 0.85, 1.2)),
    },
    { name: 'median', apply: (s) => sharp(s).median(3).png().toBuffer() },
    { name: 'palette', apply: (s) => sharp(s).png({ palette: true, colours: 256 }).toBuffer() },
  ];
  return pick(draw, edits);
}

export function encoding(draw: Chance): Step {
  const u = draw();
  const quality = Math.round(between(draw, 60, 98));
  const chromaSubsampling = draw() < 0.7 ? '4:2:0' : '4:4:4';
  if (u < 0.2) return { name: 'png', apply: async (source) => source };
  if (u < 0.7) {
    const name = `jpeg ${quality} ${chromaSubsampling}`;
    return { name, apply: (source) => sharp(source).jpeg({ quality, chromaSubsampling }).toBuffer() };
  }
  if (u < 0.9)
    return {
      name: `webp ${quality - 5}`,
      apply: (source) =>
        sharp(source)
          .webp({ quality: quality - 5 })
          .toBuffer(),
    };
  return {
    name: 'avif',
    apply: (source) =>
      sharp(source)
        .avif({ quality: quality - 20, effort: 1 })
        .toBuffer(),
  };
}

export const untouched: Path = { name: 'png', apply: async (source) => source };

/** A path of one to four steps that ends in an encoding; one in five leaves the picture as it is. */
export function drawPath(draw: Chance): Path {
  const steps: Step[] = [];
  if (draw() < 0.2) return untouched;
  if (draw() < 0.15) steps.push(encoding(draw));
  if (draw() < 0.15) steps.push(cropping(draw));
  if (draw() < 0.35) steps.push(resizing(draw));
  if (draw() < 0.3) steps.push(editing(draw));
  steps.push(encoding(draw));
  return {
    name: steps.map((step) => step.name).join(' > '),
    apply: async (source) => {
      let bytes = source;
      for (const step of steps) bytes = await step.apply(bytes);
      return bytes;
    },
  };
}

/** JPEG of one quality, as the targets name it. */
export const jpegPath = (quality: number, chromaSubsampling = '4:2:0'): Path => ({
  name: `jpeg ${quality} ${chromaSubsampling}`,
  apply: (source) => sharp(source).jpeg({ quality, chromaSubsampling }).toBuffer(),
});

/** Resized by `factor`, then JPEG of one quality. */
export const resizePath = (factor: number, quality: number): Path => ({
  name: `resize ${factor} > jpeg ${quality}`,
  apply: async (source) => {
    const { width, height } = await sharp(source).metadata();
    return sharp(source)
      .resize(Math.round(width * factor), Math.round(height * factor), { fit: 'fill' })
      .jpeg({ quality })
      .toBuffer();
  },
});
