/** A proxy under measure: one or more processes, their processor time and their memory, read from /proc. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface Contender {
  readonly name: string;
  /** Absent for a direct load. */
  readonly port?: number;
  /** CPU milliseconds of all its processes so far. */
  cpu(): number;
  /** Peak of resident memory of all its processes, MiB. */
  peak(): number;
  stop(): void;
  /** Resolves when it is gone. */
  readonly ended: Promise<unknown>;
}

export function contenderOf(name: string, port: number, child: ChildProcess): Contender {
  const processes = (): number[] => descendants(child.pid ?? 0);
  return {
    name,
    port,
    cpu: () => processes().reduce((sum, pid) => sum + cpuOf(pid), 0),
    peak: () => processes().reduce((sum, pid) => sum + peakOf(pid), 0),
    stop: () => child.kill('SIGTERM'),
    ended: child.exitCode === null ? once(child, 'exit') : Promise.resolve(),
  };
}

/** The port that a child announces; throws with what it said where it ends instead. */
export function portOf(child: ChildProcess, announced: RegExp): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let said = '';
  const onData = (data: Buffer): void => {
    if (said.length < 10_000) said += data.toString();
    const port = announced.exec(said)?.[1];
    if (port !== undefined) resolve(Number(port));
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  child.once('exit', () => reject(new Error(`Expected ${announced} but received: ${said}`)));
  return promise;
}

/** A port that was free a moment ago, for programs that cannot say which they took. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `child` accepts on `port`; throws where it ends, or after 30 s. */
export async function accepting(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Expected ${child.spawnfile} to accept on port ${port} within 30 s.`);
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (fields !== undefined) parents.set(Number(name), Number(fields[1]));
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** Fields of /proc/PID/stat after the name: state first, then the parent. */
const statOf = (pid: number): string[] | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
  } catch {
    return undefined;
  }
};

/** utime and stime, in ticks of 10 ms. */
const cpuOf = (pid: number): number => {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * 10;
};

const peakOf = (pid: number): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};
