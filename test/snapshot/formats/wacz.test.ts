import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { workplace } from '../temporary.ts';
import { fixture, reading } from './reading.ts';

const sha256 = (content: Buffer | string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A ZIP file whose entries are stored as they are. @see APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16 */
function zip(entries: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), content);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, Buffer.from(name));
    offset += 30 + name.length + content.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(entries).length, 4);
  end.writeUInt16LE(Object.keys(entries).length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\u0005\u0006'), end]);
}

/** A signed WACZ over a real WARC; `change` spoils it. */
async function wacz(
  change: { archive?: Buffer; description?: string; signature?: string } = {},
): Promise<Buffer> {
  const archive = await readFile(fixture('warciojs_example.warc.gz'));
  const description = JSON.stringify({
    profile: 'wacz',
    resources: [
      { name: 'data.warc.gz', path: 'archive/data.warc.gz', hash: sha256(archive), bytes: archive.length },
    ],
  });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const hash = sha256(description);
  const signature = sign('sha256', Buffer.from(hash), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  }).toString('base64');
  const digest = {
    path: 'datapackage.json',
    hash,
    signedData: {
      hash,
      signature: change.signature ?? signature,
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    },
  };
  return zip({
    'archive/data.warc.gz': change.archive ?? archive,
    'datapackage.json': Buffer.from(change.description ?? description),
    'datapackage-digest.json': Buffer.from(JSON.stringify(digest)),
  });
}

async function readingOf(content: Buffer) {
  await using place = await workplace();
  return await reading(await place.write('a.wacz', content));
}

describe('WACZ', () => {
  it('real: version 1.0, hashes in stats', async () => {
    const { format, records, refused } = await reading(fixture('pywacz_valid_example_1.wacz'));
    expect([format, records.map(({ url }) => url), refused]).toEqual([
      'wacz',
      ['http://www.example.com/'],
      [],
    ]);
  });

  it('reads the archives that a signed description confirms', async () => {
    const { records, refused } = await readingOf(await wacz());
    expect([records.map(({ url }) => url), refused]).toEqual([
      ['http://example.com/', 'http://example.com/'],
      [],
    ]);
  });

  it('refuses an archive that was changed', async () => {
    const { records, refused } = await readingOf(await wacz({ archive: Buffer.from('WARC/1.0\r\n') }));
    expect([records, refused]).toMatchObject([
      [],
      [{ column: 'archive/data.warc.gz', expected: expect.stringMatching(/^sha256:/) }],
    ]);
  });

  it('refuses a description that was changed', async () => {
    await expect(readingOf(await wacz({ description: '{"resources":[]}' }))).rejects.toThrow(
      /Expected datapackage.json with hash sha256:/,
    );
  });

  it('refuses a signature that is not of its key', async () => {
    await expect(
      readingOf(await wacz({ signature: Buffer.alloc(96, 1).toString('base64') })),
    ).rejects.toThrow(/Expected a signature of the key/);
  });

  it('says that a ZIP file is broken', async () => {
    await expect(readingOf((await wacz()).subarray(0, 2000))).rejects.toMatchObject({ code: 'import' });
  });
});
