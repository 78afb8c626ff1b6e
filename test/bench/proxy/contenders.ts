/** Who is measured: nothing between, Foretaste in pass-through, squid; each its own process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';

export interface Contender {
  readonly name: string;
  /** Absent for a direct load. */
  readonly port?: number;
  /** CPU milliseconds of all its processes so far. */
  cpu(): number;
  /** Peak of resident memory of all its processes, MiB. */
  peak(): number;
  stop(): void;
}

const LISTENING = /proxy listening on http:\/\/127\.0\.0\.1:(\d+)/;
const ROOT = resolve(import.meta.dirname, '../../..');

export const direct: Contender = { name: 'direct', cpu: () => 0, peak: () => 0, stop: () => undefined };

/** The guard as users start it, without refetches and screens: digests are taken, verdicts recorded. */
export async function startForetaste(
  dir: string,
  ca: string,
  name: string,
  config: string,
): Promise<Contender> {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(
    file,
    `proxy: { listen: "127.0.0.1:0" }\napi: { listen: "127.0.0.1:0" }\ndata: ${join(dir, `${name}-data`)}\nupstream: { ca: ["${ca}"] }\ndestinations: { allow: [127.0.0.0/8] }\nlimits: { perHost: 64 }\n${config}\n`,
  );
  const child = spawn(process.execPath, [join(ROOT, 'src/cli.ts'), 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await portOf(child, LISTENING);
  return contender(name, port, child);
}

/** The listener and the fetcher alone, without a pipeline. */
export async function startForward(dir: string, ca: string): Promise<Contender> {
  const child = spawn(process.execPath, [join(ROOT, 'test/bench/proxy/forward.ts'), dir, ca], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return contender('foretaste, not judging', await portOf(child, LISTENING), child);
}

/** squid-openssl with ssl-bump and without a cache (squid 5 takes no IP address from a SAN, so it verifies nothing); undefined where it is not installed. */
export async function startSquid(dir: string, ca: string, port: number): Promise<Contender | undefined> {
  const certgen = '/usr/lib/squid/security_file_certgen';
  if (!existsSync('/usr/sbin/squid') || !existsSync(certgen)) return undefined;
  const own = join(dir, 'squid');
  mkdirSync(own, { recursive: true });
  chmodSync(dir, 0o777);
  chmodSync(own, 0o777);
  const root = join(own, 'root.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=squid',
      '-keyout',
      root,
      '-out',
      join(own, 'cert.pem'),
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(root, readFileSync(root, 'utf8') + readFileSync(join(own, 'cert.pem'), 'utf8'));
  chmodSync(root, 0o644);
  const db = join(own, 'certs');
  execFileSync(certgen, ['-c', '-s', db, '-M', '4MB'], { stdio: 'ignore' });
  execFileSync('chmod', ['-R', 'a+rwX', own]);
  writeFileSync(
    join(own, 'squid.conf'),
    `http_port 127.0.0.1:${port} ssl-bump tls-cert=${root} generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
sslcrtd_program ${certgen} -s ${db} -M 4MB
sslcrtd_children 2
acl step1 at_step SslBump1
ssl_bump peek step1
ssl_bump bump all
tls_outgoing_options cafile=${ca} flags=DONT_VERIFY_PEER
sslproxy_cert_error allow all
http_access allow all
cache deny all
access_log none
cache_log ${join(own, 'cache.log')}
cache_store_log none
pid_filename none
coredump_dir ${own}
shutdown_lifetime 1 seconds
`,
  );
  const child = spawn('/usr/sbin/squid', ['-N', '-f', join(own, 'squid.conf')], { stdio: 'ignore' });
  await accepting(port);
  return contender('squid', port, child);
}

function contender(name: string, port: number, child: ChildProcess): Contender {
  const processes = (): number[] => descendants(child.pid ?? 0);
  return {
    name,
    port,
    cpu: () => processes().reduce((sum, pid) => sum + cpuOf(pid), 0),
    peak: () => processes().reduce((sum, pid) => sum + peakOf(pid), 0),
    stop: () => child.kill('SIGTERM'),
  };
}

/** The port that a child announces; its standard error goes to ours where it dies instead. */
function portOf(child: ChildProcess, announced: RegExp): Promise<number> {
  const { promise, resolve: give, reject } = Promise.withResolvers<number>();
  let said = '';
  const onData = (data: Buffer): void => {
    said += data.toString();
    const port = announced.exec(said)?.[1];
    if (port !== undefined) give(Number(port));
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  child.once('exit', () => reject(new Error(`Expected ${announced} but received: ${said}`)));
  return promise;
}

async function accepting(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const open = await new Promise<boolean>((give) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        give(true);
      });
      socket.once('error', () => give(false));
    });
    if (open) return;
    await new Promise((give) => setTimeout(give, 100));
  }
  throw new Error(`Expected squid to accept on port ${port} within 10 s.`);
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
