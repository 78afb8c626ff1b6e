/** The local certificate authority: a root made on first start, and a TLS context for every host that is intercepted. */
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { ForetasteError } from '../domain/error.ts';
import type { Clock, Milliseconds } from '../domain/units.ts';
import { LEAF_LIFETIME, prepareLeaves } from './leaf.ts';

export interface Authority {
  readonly rootPem: string;
  readonly rootDer: Uint8Array;
  /** Where the root stands, as PEM. */
  readonly rootPath: string;
  /** TLS with a leaf for exactly this host, the root in its chain. IPv6 without brackets. */
  contextFor(host: string): SecureContext;
  /** DER of a new leaf for exactly this host. */
  leafFor(host: string): Uint8Array;
  /** Path of a PEM file with the system's roots, those of Node, and ours: for SSL_CERT_FILE and its kin, which replace all others. */
  bundle(): Promise<string>;
}

/** A context takes about 17 KB: 4,096 of them 70 MB. */
const MOST_CONTEXTS = 4096;
/** A leaf is replaced long before it ends. */
const CONTEXT_LIFETIME: Milliseconds = LEAF_LIFETIME / 4;

/**
 * Load the authority of `dir`, or make it there. The key file is for its owner alone.
 * @throws ForetasteError `config` where others may read the key, or where key and root do not belong together
 */
export async function openAuthority(dir: string, clock: Clock = Date.now): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const keyPath = join(dir, 'foretaste-root-key.pem');
  const rootPath = join(dir, 'foretaste-root.pem');
  const both = await readKeyFile(keyPath, clock());
  const { key, root } = partsOf(both, keyPath);
  const rootPem = root.toString();
  await replace(rootPath, rootPem);

  // One key for all leaves: it never leaves this process, and making one costs more than a signature.
  const leafKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leafKeyPem = leafKey.privateKey.export({ type: 'sec1', format: 'pem' });
  const mint = prepareLeaves(root, key, leafKey.publicKey.export({ type: 'spki', format: 'der' }));
  const contexts = new LRUCache<string, SecureContext>({ max: MOST_CONTEXTS, ttl: CONTEXT_LIFETIME });

  return {
    rootPem,
    rootDer: root.raw,
    rootPath,
    leafFor: (host) => mint(host, clock()),
    contextFor: (host) => {
      const name = host.toLowerCase();
      const known = contexts.get(name);
      if (known !== undefined) return known;
      const context = createSecureContext({ key: leafKeyPem, cert: pem(mint(name, clock())) + rootPem });
      contexts.set(name, context);
      return context;
    },
    bundle: async () => {
      const path = join(dir, 'bundle.pem');
      const roots = new Set(
        [...getCACertificates('system'), ...getCACertificates('default'), rootPem].map((text) => text.trim()),
      );
      await replace(path, `${[...roots].join('\n')}\n`);
      return path;
    },
  };
}

/** The key file holds key and root, so that both appear at once: guards that start together agree on the first. */
async function readKeyFile(path: string, now: Milliseconds): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    const made = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(made, await (await import('./root.ts')).createRoot(now), { mode: 0o600, flag: 'wx' });
    try {
      await link(made, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(made);
    }
    return readFile(path, 'utf8');
  }
  if ((found.mode & 0o077) !== 0) {
    throw new ForetasteError(
      'config',
      `Expected a key file that only its owner may read but its mode is ${(found.mode & 0o777).toString(8)}; make it so with chmod 600 ${path}.`,
      { where: path },
    );
  }
  return readFile(path, 'utf8');
}

function partsOf(text: string, path: string): { key: KeyObject; root: X509Certificate } {
  try {
    const key = createPrivateKey(text);
    const root = new X509Certificate(text);
    if (root.checkPrivateKey(key)) return { key, root };
  } catch (error) {
    throw new ForetasteError('config', 'Expected a private key and a certificate in PEM.', {
      where: path,
      cause: error,
    });
  }
  throw new ForetasteError('config', 'Expected a certificate of the private key beside it.', { where: path });
}

/** Written whole or not at all; untouched where it is right already. */
async function replace(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  const made = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(made, text, { mode: 0o644 });
  await rename(made, path);
}

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END CERTIFICATE-----\n`;
