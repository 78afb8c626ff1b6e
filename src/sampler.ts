/** Draw audits by a secret key, so that nobody can predict which exchange is looked at twice. */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AuditSampler } from './domain/index.ts';

/** 48 bits of the HMAC are drawn from: exact in a double. */
const RANGE = 2 ** 48;

/** A sampler keyed with `key`: uniform over exchanges, the same for the same exchange. */
export function keyedSampler(key: Uint8Array): AuditSampler {
  // Made once: an HMAC that has to make a key of octets first takes four times as long.
  const secret = createSecretKey(key);
  return {
    draw: ({ id, url }) =>
      createHmac('sha256', secret).update(`${id} ${url}`).digest().readUIntBE(0, 6) / RANGE,
  };
}

/** The key in `file`; made on first use, readable by its owner alone. */
export function auditKey(file: string): Uint8Array {
  try {
    // `wx` fails where the file exists: of two guards that start at once, one writes and both read.
    writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}
