/** Starts the Chromium of this machine, so that nothing it does goes past the proxy it is given. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { ForetasteError } from '../domain/index.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** Whatever could reach the network beside the proxy: QUIC, WebRTC, DNS, and Chromium's own services. */
const ARGUMENTS = [
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-blink-features=AutomationControlled',
];

/**
 * Launch `executable`, or the first Chromium on the path. As root it runs without its sandbox, since there is none to be had.
 * @throws ForetasteError `config` where playwright-core or a Chromium is missing
 */
export async function launchChromium(executable?: string): Promise<Browser> {
  const found = executable ?? onPath();
  const playwright = await import('playwright-core').catch(() => undefined);
  if (found === undefined || playwright === undefined) {
    throw new ForetasteError(
      'config',
      `Expected ${found === undefined ? `one of ${NAMES.join(', ')} on the path` : 'the package playwright-core'} for a browser profile but there is none.`,
    );
  }
  const root = process.getuid?.() === 0;
  return playwright.chromium.launch({
    executablePath: found,
    args: [...ARGUMENTS, ...(root ? ['--no-sandbox'] : [])],
  });
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
