/** `foretaste run -- COMMAND`: start a guard, give COMMAND its environment, hand its exit status back. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ForetasteError, VERDICTS, type Verdict } from '../domain/index.ts';
import { startNode } from '../node.ts';
import { REMOVED, type Reach, variables, wgetrc } from './environment.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Runs `command` behind a guard of its own. Resolves to the status to exit with: its own, or 128 and its signal. */
export async function run(config: Config, command: readonly string[]): Promise<number> {
  const tally = new Tally();
  const node = await startNode(config, { onVerdict: (verdict) => tally.add(verdict) });
  const folder = mkdtempSync(join(tmpdir(), 'foretaste-run-'));
  try {
    const reach = await node.reach();
    return await supervise(command, environment(reach, folder));
  } finally {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(tally.summary(config.data));
  }
}

/** The environment COMMAND runs in: ours, the guard's variables, and a wgetrc that keeps what the user's own said. */
function environment(reach: Reach, folder: string): NodeJS.ProcessEnv {
  const own = process.env['WGETRC'] ?? join(homedir(), '.wgetrc');
  const file = join(folder, 'wgetrc');
  writeFileSync(file, (existsSync(own) ? `${readFileSync(own, 'utf8')}\n` : '') + wgetrc(reach));
  const inherited = Object.entries(process.env).filter(
    ([key]) => !(REMOVED as readonly string[]).includes(key),
  );
  return { ...Object.fromEntries(inherited), ...variables(reach), WGETRC: file };
}

/** Runs the command with our standard streams, passes signals on, and waits for its end. */
function supervise([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: 'inherit' });
    // Ctrl-C reaches the whole foreground group; the command decides when to end, and we after it.
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const settle = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (cause) => {
      settle();
      reject(
        new ForetasteError(
          'usage',
          `Expected a command that can be run but ${file} could not: ${cause.message}`,
          { cause },
        ),
      );
    });
    child.once('exit', (code, signal) => {
      settle();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Counts verdicts for the closing summary, and keeps the worst to name. */
class Tally {
  readonly #counts = new Map<string, number>();
  readonly #withheld: Verdict[] = [];

  add(verdict: Verdict): void {
    this.#counts.set(verdict.verdict, (this.#counts.get(verdict.verdict) ?? 0) + 1);
    if (verdict.action !== 'pass' && this.#withheld.length < 20) this.#withheld.push(verdict);
  }

  summary(data: string): string {
    const counts = VERDICTS.map((name) => `${this.#counts.get(name) ?? 0} ${name}`).join(', ');
    const lines = this.#withheld.map(
      ({ verdict, action, url, findings }) => `  ${verdict} ${action} ${url}: ${findings[0]?.summary ?? ''}`,
    );
    return `${[`foretaste: ${counts}`, ...lines, `foretaste: review with npm start -- --data ${data}`].join('\n')}\n`;
  }
}
