/** Whether large pictures delay other clients: small responses through the proxy, and the event loop, with and without. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { startGuarded } from '../../guarded.ts';
import { always, bytes, jpeg, text } from '../../origin/answer.ts';
import { chance } from '../../origin/pictures.ts';

/** 30 megapixels, as cameras take them. */
const WIDTH = 6720;
const HEIGHT = 4480;
const SMALL_CLIENTS = 4;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** A smooth picture with grain: what matters here is its size. */
async function largePicture(seed: number): Promise<Buffer> {
  const draw = chance(seed);
  const small = Buffer.from(Uint8Array.from({ length: 240 * 160 * 3 }, () => 255 * draw()));
  return sharp(small, { raw: { width: 240, height: 160, channels: 3 } })
    .resize(WIDTH, HEIGHT, { kernel: 'cubic' })
    .jpeg({ quality: 85 })
    .toBuffer();
}

interface Phase {
  readonly small: number[];
  readonly pictures: number;
  readonly loop: { readonly p99: number; readonly most: number };
}

/** Two rounds of each, one after the other: without pictures, with them, with an equal load of bytes that are none. */
export async function runDelay(seconds: number): Promise<void> {
  const picture = await largePicture(5);
  const guarded = await startGuarded({
    '*': {
      '/small*': always(text('a small answer that many clients wait for. '.repeat(20))),
      '/picture*': always(jpeg(picture)),
      '/bytes*': always(bytes(picture)),
    },
  });
  let serial = 0;
  const measure = async (path: string | undefined): Promise<Phase> => {
    const small: number[] = [];
    let pictures = 0;
    const until = performance.now() + seconds * 1000;
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const clients = Array.from({ length: SMALL_CLIENTS }, async () => {
      while (performance.now() < until) {
        const began = performance.now();
        serial += 1;
        await guarded.ask(`/small${serial}`);
        small.push(performance.now() - began);
      }
    });
    const heavy = async (): Promise<void> => {
      while (path !== undefined && performance.now() < until) {
        serial += 1;
        await guarded.ask(`/${path}${serial}`);
        pictures += 1;
      }
    };
    await Promise.all([...clients, heavy()]);
    loop.disable();
    return { small, pictures, loop: { p99: loop.percentile(99) / 1e6, most: loop.max / 1e6 } };
  };
  await measure(undefined);
  await guarded.ask('/picture0');
  console.log(
    `\nsmall responses through the proxy while 30-megapixel pictures (${(picture.length / 2 ** 20).toFixed(1)} MiB) are judged; ${SMALL_CLIENTS} clients, every exchange audited, guard, origin and clients in one process`,
  );
  console.log(
    'beside                     responses   p50 ms   p99 ms   loop p99 ms   most ms   heavy ones done',
  );
  for (const round of [1, 2]) {
    for (const [name, path] of [
      ['nothing', undefined],
      ['bytes of that size', 'bytes'],
      ['pictures', 'picture'],
    ] as const) {
      const { small, pictures, loop } = await measure(path);
      const numbers = [quantile(small, 0.5), quantile(small, 0.99), loop.p99, loop.most].map((ms) =>
        ms.toFixed(1).padStart(9),
      );
      console.log(
        `${`${name} (${round})`.padEnd(26)} ${String(small.length).padStart(9)}${numbers.join('')}   ${String(pictures).padStart(10)}`,
      );
    }
  }
  await guarded.close();
}
