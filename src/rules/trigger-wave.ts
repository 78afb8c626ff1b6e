/** Waves: a sine laid over a whole picture, told by one frequency of one phase in the means of columns or rows. */
import type { WaveShape } from './trigger.ts';
import { lumaAt, type RgbPicture, type TriggerMark } from './trigger-find.ts';

/** Strips of the picture in which the sine must have the same phase. */
const STRIPS = 4;
/** Every so manieth line enters the means: enough for amplitudes of several grey levels. */
const LINES = 32;
/** Samples along the wave: cells of the picture's columns or rows. */
const CELLS = 128;
/** Largest difference of phase between strips, and of amplitude from their mean. */
const SAME_PHASE = 0.5;
const SAME_AMPLITUDE = 0.5;
/** Fewer pixels are no cells. */
const SMALLEST = CELLS;

interface Tone {
  readonly amplitude: number;
  readonly phase: number;
}

export function findWave(shape: WaveShape, picture: RgbPicture): TriggerMark | undefined {
  if (Math.min(picture.width, picture.height) < SMALLEST) return undefined;
  for (const along of ['columns', 'rows'] as const) {
    const strips = stripsOf(picture, along);
    for (let cycles = shape.cycles[0]; cycles <= shape.cycles[1]; cycles += 1) {
      const [one, ...others] = strips as [Float64Array, ...Float64Array[]];
      const first = toneOf(one, cycles);
      if (first.amplitude < shape.least / 2 || first.amplitude > 2 * shape.most) continue;
      const tones = [first, ...others.map((strip) => toneOf(strip, cycles))];
      const amplitude = tones.reduce((sum, tone) => sum + tone.amplitude, 0) / STRIPS;
      if (amplitude < shape.least || amplitude > shape.most || !agree(tones, amplitude)) continue;
      const around = [-2, -1.5, 1.5, 2].map(
        (off) => strips.reduce((sum, strip) => sum + toneOf(strip, cycles + off).amplitude, 0) / STRIPS,
      );
      if (amplitude ** 2 < shape.prominence * Math.max(...around) ** 2) continue;
      const { width, height } = picture;
      const detail = `${cycles} cycles of ${amplitude.toFixed(1)} grey levels over the ${along}`;
      return { left: 0, top: 0, width, height, detail };
    }
  }
  return undefined;
}

/** Means of columns (or rows) over each strip, without their straight-line trend. */
function stripsOf(picture: RgbPicture, along: 'columns' | 'rows'): Float64Array[] {
  const { width, height } = picture;
  const [samples, lines] = along === 'columns' ? [width, height] : [height, width];
  const [sampleStep, lineStep] = along === 'columns' ? [1, width] : [width, 1];
  const every = Math.max(1, Math.floor(lines / LINES));
  return Array.from({ length: STRIPS }, (_, strip) => {
    const means = new Float64Array(samples);
    let n = 0;
    for (
      let at = Math.floor((strip * lines) / STRIPS);
      at < Math.floor(((strip + 1) * lines) / STRIPS);
      at += every
    ) {
      n += 1;
      for (let i = 0; i < samples; i += 1) means[i]! += lumaAt(picture, i * sampleStep + at * lineStep);
    }
    return detrended(cellsOf(means, Math.max(1, n)));
  });
}

/** Means of the samples in each cell. */
function cellsOf(sums: Float64Array, lines: number): Float64Array {
  const cells = new Float64Array(CELLS);
  const counts = new Float64Array(CELLS);
  for (let i = 0; i < sums.length; i += 1) {
    const cell = Math.floor((i * CELLS) / sums.length);
    cells[cell]! += sums[i]! / lines;
    counts[cell]! += 1;
  }
  return cells.map((sum, cell) => sum / counts[cell]!);
}

function detrended(values: Float64Array): Float64Array {
  const n = values.length;
  const centre = (n - 1) / 2;
  let [mean, slope, spread] = [0, 0, 0];
  for (const value of values) mean += value / n;
  for (let i = 0; i < n; i += 1) {
    slope += (i - centre) * (values[i]! - mean);
    spread += (i - centre) ** 2;
  }
  slope /= spread;
  return values.map((value, i) => value - mean - slope * (i - centre));
}

function toneOf(values: Float64Array, cycles: number): Tone {
  const n = values.length;
  let [cosine, sine] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const angle = (2 * Math.PI * cycles * i) / n;
    cosine += values[i]! * Math.cos(angle);
    sine += values[i]! * Math.sin(angle);
  }
  return { amplitude: (2 * Math.hypot(cosine, sine)) / n, phase: Math.atan2(sine, cosine) };
}

function agree(tones: readonly Tone[], amplitude: number): boolean {
  const [first] = tones;
  return tones.every((tone) => {
    const turn = Math.abs(tone.phase - (first?.phase ?? 0));
    const apart = Math.min(turn, 2 * Math.PI - turn);
    return apart <= SAME_PHASE && Math.abs(tone.amplitude - amplitude) <= SAME_AMPLITUDE * amplitude;
  });
}
