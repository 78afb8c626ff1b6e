/** One writer at a time, between processes of one machine: a file that holds the writer's process id. */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ForetasteError, type Milliseconds } from '../domain/index.ts';

const POLL: Milliseconds = 20;
/** Locks of this process. In a container a restarted process often gets the id of the one that died. */
const held = new Set<string>();

/**
 * Run `work` while no other process on this machine holds `path`. A lock whose process is gone is taken over.
 * Throws ForetasteError `busy` when it is still held after `patience`.
 */
export async function withLock<T>(path: string, patience: Milliseconds, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const deadline = Date.now() + patience;
  while (!(await acquire(path))) {
    if (Date.now() >= deadline)
      throw new ForetasteError(
        'busy',
        `Expected ${path} to be free but process ${await holder(path)} holds it.`,
      );
    await pause(POLL);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
    held.delete(path);
  }
}

async function acquire(path: string): Promise<boolean> {
  if (held.has(path)) return false;
  // Before anything is waited for: a lock file with our own process id that is not in here is that of a dead process.
  held.add(path);
  const got = await linkLock(path);
  if (!got) held.delete(path);
  return got;
}

async function linkLock(path: string): Promise<boolean> {
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    // Unlike creating it, linking it makes the lock appear with its content.
    await link(mine, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(mine, { force: true });
  }
  const pid = await holder(path);
  if (pid === undefined || alive(pid)) return false;
  await takeAway(path, pid);
  return linkLock(path);
}

/** Remove the lock of a dead process, and not the one that another waiter has put in its place meanwhile. */
async function takeAway(path: string, dead: number): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  await rename(path, aside).catch(() => undefined);
  if ((await holder(aside)) !== dead) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function holder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function alive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
