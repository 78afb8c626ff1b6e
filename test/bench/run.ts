/** `npm run bench -- NAME [ARGS]`: run one benchmark of this folder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** A benchmark is a file that exports `about`, one sentence, and `run`. */
interface Benchmark {
  readonly about?: string;
  run(args: readonly string[]): Promise<void>;
}

const load = async (name: string): Promise<Partial<Benchmark>> =>
  (await import(join(folder, `${name}.ts`))) as Partial<Benchmark>;

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length));

const [name, ...args] = process.argv.slice(2);
const benchmark = name !== undefined && names.includes(name) ? await load(name) : undefined;
if (benchmark?.run === undefined) {
  process.stderr.write('usage: npm run bench -- NAME [ARGS]\n');
  for (const each of names) {
    const { about, run } = await load(each);
    if (run !== undefined) process.stderr.write(`  ${each.padEnd(16)} ${about ?? ''}\n`);
  }
  process.exitCode = name === undefined ? 0 : 2;
} else {
  await benchmark.run(args);
}
