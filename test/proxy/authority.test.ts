/** The local authority: made once, kept for its owner, and leaves that are exactly for one host. */
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAuthority } from '../../src/proxy/authority.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'foretaste-ca-'));
const DAY = 86_400_000;

describe('the root', () => {
  it('is made once, and found again', async () => {
    const dir = folder();
    const [first, second] = await Promise.all([openAuthority(dir), openAuthority(dir)]);
    const third = await openAuthority(dir);
    expect(second.rootPem).toBe(first.rootPem);
    expect(third.rootPem).toBe(first.rootPem);
    expect(readFileSync(first.rootPath, 'utf8')).toBe(first.rootPem);
    expect(new X509Certificate(first.rootDer).ca).toBe(true);
  });

  it('differs from that of another installation', async () => {
    const [one, other] = await Promise.all([openAuthority(folder()), openAuthority(folder())]);
    expect(new X509Certificate(one.rootPem).subject).not.toBe(new X509Certificate(other.rootPem).subject);
  });

  it('has a key that its owner alone may read, or there is no start', async () => {
    const dir = folder();
    await openAuthority(dir);
    const path = join(dir, 'foretaste-root-key.pem');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    await expect(openAuthority(dir)).rejects.toMatchObject({ code: 'config', where: path });
  });

  it('is refused where the file is not its', async () => {
    const dir = folder();
    await openAuthority(dir);
    const path = join(dir, 'foretaste-root-key.pem');
    writeFileSync(path, 'nothing');
    await expect(openAuthority(dir)).rejects.toMatchObject({ code: 'config', where: path });
  });
});

describe('leaves', () => {
  it.each([
    ['example.org', 'DNS:example.org'],
    ['xn--bcher-kva.example', 'DNS:xn--bcher-kva.example'],
    ['with_underscore.example.org', 'DNS:with_underscore.example.org'],
    [`${'a'.repeat(63)}.example.org`, `DNS:${'a'.repeat(63)}.example.org`],
    ['192.0.2.1', 'IP Address:192.0.2.1'],
    ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
  ])('%s is named %s, and nothing else', async (host, names) => {
    const authority = await openAuthority(folder());
    const root = new X509Certificate(authority.rootPem);
    const leaf = new X509Certificate(authority.leafFor(host));
    expect(leaf.subjectAltName).toBe(names);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
  });

  it('live 45 days, the first of them past', async () => {
    const now = Date.UTC(2026, 10, 22, 12);
    const authority = await openAuthority(folder(), () => now);
    const leaf = new X509Certificate(authority.leafFor('example.org'));
    expect(Date.parse(leaf.validFrom)).toBe(now - DAY);
    expect(Date.parse(leaf.validTo)).toBe(now + 44 * DAY);
  });

  it('never share a serial number', async () => {
    const authority = await openAuthority(folder());
    const serials = Array.from(
      { length: 100 },
      () => new X509Certificate(authority.leafFor('example.org')).serialNumber,
    );
    expect(new Set(serials).size).toBe(100);
    expect(serials.every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial))).toBe(true);
  });

  it('come in one context for each host, whatever the case', async () => {
    const authority = await openAuthority(folder());
    expect(authority.contextFor('Example.org')).toBe(authority.contextFor('example.org'));
    expect(authority.contextFor('example.org')).not.toBe(authority.contextFor('www.example.org'));
  });
});

describe('the bundle', () => {
  it('has the roots of the system and ours, so that hosts beside the guard still verify', async () => {
    const authority = await openAuthority(folder());
    const bundle = readFileSync(await authority.bundle(), 'utf8');
    expect(bundle).toContain(authority.rootPem.trim());
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100);
  });
});
