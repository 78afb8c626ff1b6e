/** The commands as a user runs them: processes, arguments, standard streams, exit status. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html, lie } from '../origin/answer.ts';
import { article, render } from '../origin/pages.ts';
import { extraParagraph } from '../origin/payloads.ts';
import { fromAddress } from '../origin/selectors.ts';
import { type Origin, startOrigin } from '../origin/server.ts';
import { runCommand, scratch } from '../process.ts';

const CONFIG = `
destinations: { allow: [127.0.0.0/8] }
perspectives: [{ name: second, localAddress: 127.0.0.2, group: lab }]
audit: { rate: 1 }
`;
const place = scratch(CONFIG);
const truth = render(article(1));
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin({
    '*': {
      '/still': () => html(truth),
      '/lie': lie(fromAddress('127.0.0.1'), html(extraParagraph(truth)), html(truth)),
    },
  });
});
afterAll(async () => {
  await origin.close();
  place.remove();
});

const foretaste = (...args: string[]) => runCommand(args, { cwd: place.folder });
const on = ['--config', place.config, '--data', place.data];

describe('check', () => {
  it('exits 0 for a page that everybody gets, and says who saw it', async () => {
    const { status, stdout } = await foretaste('check', ...on, `${origin.urls.http()}/still`);
    expect(stdout).toMatch(/^clean +pass +http:.*\n {2}score 0\.00, quorum [1-9]/);
    expect(status).toBe(0);
  });

  it('exits 4 for a lie, with the verdict as JSON where asked', async () => {
    const { status, stdout } = await foretaste('check', '--json', ...on, `${origin.urls.http()}/lie`);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'poisoned',
      findings: [{ kind: 'split-view.text' }],
    });
    expect(status).toBe(4);
  });

  it('exits 1 where nothing answered, and 2 for what is no URL', async () => {
    const nobody = await foretaste('check', ...on, 'http://127.0.0.1:1/');
    expect(nobody.stdout).toContain('connection_refused');
    expect(nobody.status).toBe(1);
    const nonsense = await foretaste('check', ...on, 'ftp://example.org/');
    expect(nonsense.stderr).toBe(
      'foretaste: Expected an http or https URL but received ftp://example.org/.\n',
    );
    expect(nonsense.status).toBe(2);
  });
});

describe('run', () => {
  it('gives the command its environment and hands its exit status back', async () => {
    const script = `fetch('${origin.urls.http()}/lie').then((r) => { console.log(r.status, r.headers.get('foretaste-verdict')); process.exit(7) })`;
    const { status, stdout, stderr } = await foretaste('run', ...on, '--', process.execPath, '-e', script);
    expect(stdout).toMatch(/^410 poisoned;action=block;id="/);
    expect(stderr).toContain('foretaste: 0 clean, 0 unverified, 0 suspect, 1 poisoned');
    expect(status).toBe(7);
  });

  it('passes on the status of a command that a signal ended', async () => {
    const { status } = await foretaste(
      'run',
      ...on,
      '--',
      process.execPath,
      '-e',
      'process.kill(process.pid, "SIGKILL")',
    );
    expect(status).toBe(137);
  });

  it('says which command could not be run', async () => {
    const { status, stderr } = await foretaste('run', ...on, '--', 'no-such-program');
    expect(stderr).toMatch(/Expected a command that can be run but no-such-program could not/);
    expect(status).toBe(2);
  });
});

describe('ca and env', () => {
  it('name a root that exists, its key readable by its owner alone', async () => {
    const { stdout } = await foretaste('ca', 'path', ...on);
    expect(readFileSync(stdout.trim(), 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(statSync(join(place.data, 'ca', 'foretaste-root-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('print variables that lead to the guard, for a shell or as JSON', async () => {
    const shell = await foretaste('env', ...on, '--proxy', '127.0.0.1:9');
    expect(shell.stdout).toContain('export https_proxy=http://127.0.0.1:9');
    const json = await foretaste('env', ...on, '--shell', 'json');
    const { variables } = JSON.parse(json.stdout) as { variables: Record<string, string> };
    expect(variables).toMatchObject({ http_proxy: 'http://127.0.0.1:8080', NODE_USE_ENV_PROXY: '1' });
    expect(existsSync(variables['SSL_CERT_FILE'] ?? '')).toBe(true);
  });
});

describe('snapshot, export and log', () => {
  it('import records, and say what was skipped and why', async () => {
    const file = join(place.folder, 'records.jsonl');
    const good = { url: 'https://example.org/a.png', sha256: 'a'.repeat(64) };
    writeFileSync(file, `${JSON.stringify(good)}\n{"url": 7}\n`);
    const { stdout, stderr, status } = await foretaste(
      'snapshot',
      'import',
      ...on,
      '--dataset',
      'test',
      file,
    );
    expect(stdout).toBe('imported 1 records, skipped 1, files 1\n');
    expect(stderr).toMatch(/skipped .*records\.jsonl:2/);
    expect(status).toBe(0);
    const found = await foretaste('snapshot', 'lookup', ...on, good.url);
    expect(JSON.parse(found.stdout)).toMatchObject([
      { url: good.url, dataset: 'test', digests: [{ alg: 'sha256', value: good.sha256 }] },
    ]);
  });

  it('export what was judged, and find its log unbroken', async () => {
    const out = join(place.folder, 'list.csv');
    await foretaste('export', ...on, '--format', 'csv', '--verdict', 'poisoned', '--out', out);
    const [head, ...rows] = readFileSync(out, 'utf8').trim().split(/\r?\n/);
    expect(head).toBe(
      'url,source,sha256,md5,media_type,bytes,verdict,action,score,findings,quorum,snapshot_status,dataset,fetched_at,decided_at,reviewed,id',
    );
    expect(rows.length).toBeGreaterThan(0);
    const { stdout, status } = await foretaste('log', 'verify', ...on);
    expect(stdout).toMatch(/^\d+ entries, the chain holds\n$/);
    expect(status).toBe(0);
  });
});

describe('usage', () => {
  it('exits 2 for what it does not know, and 0 for help', async () => {
    expect((await foretaste('serv')).status).toBe(2);
    expect((await foretaste('serve', '--mode', 'strict')).stderr).toBe(
      'foretaste: Expected one of enforce, observe but received strict in --mode.\n',
    );
    expect((await foretaste('--help')).status).toBe(0);
  });

  it('ends quietly where the reader of its output has left', () => {
    const cli = join(import.meta.dirname, '../../src/cli.ts');
    const piped = '{ "$0" "$1" env --data "$2"; echo "status $?" >&2; } | true';
    const { stderr } = spawnSync('sh', ['-c', piped, process.execPath, cli, place.data], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('status 0\n');
  });
});
