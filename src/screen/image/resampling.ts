/** Whether a picture was enlarged, and by how much: interpolation makes its second differences periodic. */
import type { Resampling } from '../../domain/index.ts';
import type { Pixels } from '../../view/pixels.ts';

/** Samples of the strip that is looked at, from the middle; a power of two for the transform. */
const SAMPLES = 512;
const SMALLEST_SAMPLES = 128;
/** Lines whose second differences are averaged. */
const LINES = 96;
/** A peak has to stand out of its surroundings by this many deviations. */
const STANDS_OUT = 9;
/** Frequencies, in cycles a pixel, at which something else is periodic: blocks of 8 pixels and their harmonics. */
const BLOCK = 1 / 8;
/** Slower than this is the picture itself. */
const SLOWEST = 0.08;

/**
 * Enlargement by `factor` leaves a period of `factor` pixels in the mean absolute second difference along lines. Reduction
 * leaves one that cannot be told from an enlargement's alias, so factors from 1 to 2 may stand for either.
 * @see Gallagher 2005, "Detection of linear and cubic interpolation in JPEG compressed images"
 */
export function resamplingOf(picture: Pixels): Resampling {
  const none: Resampling = { factor: 1, strength: 0 };
  const samples =
    picture.width - 2 >= SAMPLES ? SAMPLES : picture.width - 2 >= SMALLEST_SAMPLES ? SMALLEST_SAMPLES : 0;
  if (samples === 0 || picture.height < 16) return none;
  const spectrum = amplitudes(secondDifferences(picture, samples));
  let best: Resampling = none;
  for (let k = Math.ceil(SLOWEST * samples); k < samples / 2; k += 1) {
    const frequency = k / samples;
    const block = Math.abs(frequency / BLOCK - Math.round(frequency / BLOCK)) * BLOCK;
    if (block < 1.5 / samples) continue;
    const strength = prominence(spectrum, k);
    if (strength > best.strength) best = { factor: Number((1 / frequency).toFixed(3)), strength };
  }
  return best.strength >= STANDS_OUT
    ? { factor: best.factor, strength: Number(best.strength.toFixed(1)) }
    : none;
}

/** Mean over lines of |p(x - 1) - 2 p(x) + p(x + 1)| of green, along the middle of the picture. */
function secondDifferences({ width, height, pixels }: Pixels, samples: number): Float64Array {
  const left = 1 + Math.floor((width - 2 - samples) / 2);
  const lines = Math.min(LINES, height);
  const top = Math.floor((height - lines) / 2);
  const sums = new Float64Array(samples);
  for (let y = top; y < top + lines; y += 1) {
    for (let i = 0, at = 3 * (y * width + left) + 1; i < samples; i += 1, at += 3)
      sums[i]! += Math.abs(pixels[at - 3]! - 2 * pixels[at]! + pixels[at + 3]!);
  }
  // What the picture shows moves slowly: a moving mean takes it out.
  return sums.map((sum, i) => {
    let [around, n] = [0, 0];
    for (let j = Math.max(0, i - 8); j <= Math.min(samples - 1, i + 8); j += 1) {
      around += sums[j]!;
      n += 1;
    }
    return (sum - around / n) / lines;
  });
}

/** Amplitudes of the frequencies 0 to n/2, by a fast transform of a power of two. */
function amplitudes(signal: Float64Array): Float64Array {
  const n = signal.length;
  const real = Float64Array.from(signal, (_, i) => signal[reversed(i, n)]!);
  const imaginary = new Float64Array(n);
  for (let size = 2; size <= n; size *= 2) {
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < size / 2; k += 1) {
        const angle = (-2 * Math.PI * k) / size;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const [i, j] = [start + k, start + k + size / 2];
        const [r, m] = [real[j]! * c - imaginary[j]! * s, real[j]! * s + imaginary[j]! * c];
        [real[j], imaginary[j]] = [real[i]! - r, imaginary[i]! - m];
        [real[i], imaginary[i]] = [real[i]! + r, imaginary[i]! + m];
      }
    }
  }
  return Float64Array.from({ length: n / 2 }, (_, k) => Math.hypot(real[k]!, imaginary[k]!));
}

function reversed(index: number, n: number): number {
  let out = 0;
  for (let bit = 1; bit < n; bit *= 2) out = out * 2 + (Math.floor(index / bit) % 2);
  return out;
}

/** Deviations by which a frequency stands over those around it, its nearest neighbours left out. */
function prominence(spectrum: Float64Array, at: number): number {
  let [n, sum, squares] = [0, 0, 0];
  for (let k = Math.max(1, at - 16); k <= Math.min(spectrum.length - 1, at + 16); k += 1) {
    if (Math.abs(k - at) <= 2) continue;
    n += 1;
    sum += spectrum[k]!;
    squares += spectrum[k]! ** 2;
  }
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(1e-9, squares / n - mean * mean));
  return (spectrum[at]! - mean) / deviation;
}
