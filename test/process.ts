/** Run the real program as a process of its own: start, learn where it listens, end it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

export interface Served {
  readonly process: ChildProcess;
  readonly proxy: string;
  readonly api: string;
  /** Ends it with `signal` and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** A folder for one test's data and configuration; `remove` when done. */
export function scratch(config: string): { folder: string; data: string; config: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-test-'));
  const file = join(folder, 'foretaste.yaml');
  writeFileSync(file, config);
  return {
    folder,
    data: join(folder, 'data'),
    config: file,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `foretaste serve` on free ports, once both listeners accept. Its log goes nowhere unless `log` is set. */
export async function serveProcess(
  place: { data: string; config: string },
  { log = false, args = [] as readonly string[] } = {},
): Promise<Served> {
  const child = spawn(
    process.execPath,
    [
      CLI,
      'serve',
      '--proxy',
      '127.0.0.1:0',
      '--api',
      '127.0.0.1:0',
      '--data',
      place.data,
      '--config',
      place.config,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', log ? 'inherit' : 'ignore'] },
  );
  const ended = once(child, 'exit');
  const found: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name = '', url = ''] = /^(proxy|api) listening on (\S+)$/.exec(line) ?? [];
    found[name] = url;
    if (found['proxy'] !== undefined && found['api'] !== undefined) break;
  }
  const { proxy, api } = found;
  if (proxy === undefined || api === undefined)
    throw new Error('Expected both listeners but the process ended.');
  return {
    process: child,
    proxy,
    api,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs a command of the program to its end. */
export async function runCommand(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const read = async (stream: NodeJS.ReadableStream) => {
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return text;
  };
  const [stdout, stderr, [status]] = await Promise.all([
    read(child.stdout),
    read(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}
