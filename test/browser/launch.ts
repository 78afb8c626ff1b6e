/** A Chromium that comes from npm, unpacked once and run headless: needs nothing of the machine but its C library. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const PACKAGE = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/chromium');

/** Fonts of the package first, so that pages look alike everywhere; those of the machine for what they lack. */
const FONTS = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Noto Sans Mono</family><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

const present = (folder: string): Promise<boolean> =>
  readdir(folder).then(
    (names) => names.includes('chromium') && names.includes('al2023'),
    () => false,
  );

/** Unpack beside the final place and rename into it: two test processes may do so at once. */
async function unpack(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(CACHE, version);
  if (await present(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const part = await mkdtemp(join(CACHE, 'part-'));
  const before = process.env['TMPDIR'];
  // The package unpacks into the folder for temporary files and can be told of no other.
  process.env['TMPDIR'] = part;
  try {
    for (const name of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'])
      await inflate(join(PACKAGE, 'bin', name));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  await writeFile(join(part, 'fonts/fonts.conf'), FONTS(folder));
  await rename(part, folder).catch(async (error: unknown) => {
    await rm(part, { recursive: true, force: true });
    if (!(await present(folder))) throw error;
  });
  return folder;
}

/** Launch it, with `more` arguments. The caller closes it. Its profile lies in a temporary folder, gone with it. */
export async function launch(more: readonly string[] = []): Promise<Browser> {
  const folder = await unpack();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    env: {
      HOME: folder,
      FONTCONFIG_FILE: join(folder, 'fonts/fonts.conf'),
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
    },
    // As root in a container there is no user namespace to build a sandbox from; only our own pages are opened.
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none', ...more],
  });
}
