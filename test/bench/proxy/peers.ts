/** The proxies it is measured beside, each as its own manual sets it up; they live outside the project, and one that is missing is not measured. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Place } from './foretaste.ts';
import { accepting, type Contender, contenderOf, freePort, portOf } from './process.ts';

export interface PeerPlace extends Place {
  /** Folder of Python environments (`NAME/bin/PROGRAM`) and of `npm/node_modules`; the path is looked at after it. */
  readonly tools: string | undefined;
}

/** Starts a peer; undefined where it is not installed. */
export type StartPeer = (place: PeerPlace) => Promise<Contender | undefined>;

const CERTGEN = '/usr/lib/squid/security_file_certgen';

/** squid-openssl with ssl-bump and without a cache (squid 5 takes no IP address from a SAN, so it verifies nothing). */
export const startSquid: StartPeer = async ({ dir, ca, tools }) => {
  const program = findProgram('squid', tools);
  if (program === undefined || !existsSync(CERTGEN)) return undefined;
  const own = join(dir, 'squid');
  mkdirSync(own, { recursive: true });
  // squid gives up root, and has to reach its folder all the same.
  chmodSync(dir, 0o777);
  const root = join(own, 'root.pem');
  const cert = join(own, 'cert.pem');
  const request = '-x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=squid'.split(' ');
  execFileSync('openssl', ['req', ...request, '-keyout', root, '-out', cert], { stdio: 'ignore' });
  writeFileSync(root, readFileSync(root, 'utf8') + readFileSync(cert, 'utf8'));
  const db = join(own, 'certs');
  execFileSync(CERTGEN, ['-c', '-s', db, '-M', '4MB'], { stdio: 'ignore' });
  execFileSync('chmod', ['-R', 'a+rwX', own]);
  const port = await freePort();
  writeFileSync(
    join(own, 'squid.conf'),
    `http_port 127.0.0.1:${port} ssl-bump tls-cert=${root} generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
sslcrtd_program ${CERTGEN} -s ${db} -M 4MB
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
  const child = spawn(program, ['-N', '-f', join(own, 'squid.conf')], { stdio: 'ignore' });
  await accepting(child, port);
  return contenderOf(`squid ${versionOf(program, ['-v'])}`, port, child);
};

/** mitmdump, as quiet as it can be; it keeps no flows. */
export const startMitmproxy: StartPeer = async ({ dir, ca, tools }) => {
  const program = findProgram('mitmdump', tools);
  if (program === undefined) return undefined;
  const port = await freePort();
  const settings = [`confdir=${join(dir, 'mitmproxy')}`, `ssl_verify_upstream_trusted_ca=${ca}`];
  const args = ['--listen-host', '127.0.0.1', '--listen-port', String(port), '--quiet'];
  const child = start(program, [...args, ...settings.flatMap((setting) => ['--set', setting])]);
  await accepting(child, port);
  return contenderOf(`mitmproxy ${versionOf(program, ['--version'])}`, port, child);
};

/** warcprox refuses origins on loopback, and has no option for it. */
const WARCPROX_ON_LOOPBACK =
  'import warcprox.main, warcprox.warcproxy as w; w.WarcProxyHandler.allow_localhost = True; warcprox.main.main()';

/** warcprox, which writes a WARC of all it sees: without deduplication and statistics, the least that it does. */
export const startWarcprox: StartPeer = async ({ dir, tools }) => {
  const program = findProgram('warcprox', tools);
  if (program === undefined) return undefined;
  const own = join(dir, 'warcprox');
  const port = await freePort();
  const nowhere = ['--stats-db-file', '/dev/null', '--dedup-db-file', '/dev/null'];
  const files = [
    '--cacert',
    join(own, 'ca.pem'),
    '--certs-dir',
    join(own, 'certs'),
    '--dir',
    join(own, 'warcs'),
  ];
  mkdirSync(own, { recursive: true });
  const args = ['-b', '127.0.0.1', '-p', String(port), '--gzip', '--quiet', ...files, ...nowhere];
  const child = start(join(dirname(program), 'python'), ['-c', WARCPROX_ON_LOOPBACK, ...args]);
  await accepting(child, port);
  return contenderOf(`warcprox ${versionOf(program, ['--version'])}`, port, child);
};

export const startHttpMitmProxy: StartPeer = (place) => startNodePeer('http-mitm-proxy', place);
export const startMockttp: StartPeer = (place) => startNodePeer('mockttp', place);

const startNodePeer = async (name: string, { dir, ca, tools }: PeerPlace): Promise<Contender | undefined> => {
  const folder = join(tools ?? '', 'npm');
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (tools === undefined || !existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const script = join(import.meta.dirname, 'node-peer.ts');
  const child = spawn(process.execPath, [script, name, folder, dir, ca], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return contenderOf(
    `${name} ${version}`,
    await portOf(child, /listening on http:\/\/127\.0\.0\.1:(\d+)/),
    child,
  );
};

const start = (program: string, args: readonly string[]): ChildProcess =>
  spawn(program, args, { stdio: 'ignore', env: { ...process.env, PYTHONWARNINGS: 'ignore' } });

/** `TOOLS/bin/NAME`, `TOOLS/*` + `/bin/NAME`, then the path and the folders of daemons. */
function findProgram(name: string, tools: string | undefined): string | undefined {
  const own = tools === undefined ? [] : [tools, ...readdirSync(tools).map((folder) => join(tools, folder))];
  const folders = [
    ...own.map((folder) => join(folder, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
  ];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** The first thing in what a program says of itself that looks like a version. */
const versionOf = (program: string, args: readonly string[]): string =>
  /\d+\.\d+(\.\d+)?/.exec(execFileSync(program, args, { encoding: 'utf8' }))?.[0] ?? '';
