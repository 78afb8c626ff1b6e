/** Which side of training a picture stands on: the draw that test/train/image/attacks.py makes from its name. */
import { createHash } from 'node:crypto';

const N = 624;

/** The first `random()` of Python's `random.Random(text)`. @see CPython Lib/random.py, seed version 2; Matsumoto, Nishimura 1998 */
export function pythonDraw(text: string): number {
  const bytes = Buffer.concat([Buffer.from(text), createHash('sha512').update(text).digest()]);
  // The seed is a big integer; its 32-bit digits come lowest first.
  const key: number[] = [];
  for (let end = bytes.length; end > 0; end -= 4) {
    let digit = 0;
    for (let at = Math.max(0, end - 4); at < end; at += 1) digit = digit * 256 + bytes[at]!;
    key.push(digit >>> 0);
  }
  while (key.length > 1 && key.at(-1) === 0) key.pop();
  const state = seeded(key);
  const words = [0, 1].map((at) => tempered(twisted(state, at)));
  return ((words[0]! >>> 5) * 2 ** 26 + (words[1]! >>> 6)) / 2 ** 53;
}

function seeded(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(N);
  state[0] = 19_650_218;
  for (let i = 1; i < N; i += 1)
    state[i] = Math.imul(1_812_433_253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  let [i, j] = [1, 0];
  const step = (factor: number, added: (before: number) => number): void => {
    const before = state[i - 1]!;
    state[i] = (state[i]! ^ Math.imul(before ^ (before >>> 30), factor)) + added(before);
    i += 1;
    if (i >= N) {
      state[0] = state[N - 1]!;
      i = 1;
    }
  };
  for (let k = Math.max(N, key.length); k > 0; k -= 1) {
    step(1_664_525, () => key[j]! + j);
    j = (j + 1) % key.length;
  }
  for (let k = N - 1; k > 0; k -= 1) step(1_566_083_941, () => -i);
  state[0] = 0x80000000;
  return state;
}

function twisted(state: Uint32Array, at: number): number {
  const mixed = (state[at]! & 0x80000000) | (state[at + 1]! & 0x7fffffff);
  return (state[at + 397]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0)) >>> 0;
}

function tempered(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}

/** As `split_of`: parts of one picture, `NAME~1`, `NAME~2`, stand on one side. */
export function splitOf(file: string): 'test' | 'validation' | 'train' {
  const draw = pythonDraw(`split:${file.split('~')[0]}`);
  return draw < 0.3 ? 'test' : draw < 0.45 ? 'validation' : 'train';
}
