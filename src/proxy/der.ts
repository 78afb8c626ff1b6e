/** Just enough DER (ITU-T X.690) to write leaf certificates and to find names in a root. */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific tags: `[0] EXPLICIT` and so on, or primitive `[2] IMPLICIT`. */
export const explicit = (number: number): number => 0xa0 | number;
export const implicit = (number: number): number => 0x80 | number;

/** One element of any tag, around octets that are encoded already. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from(head), ...content]);
}

export const sequence = (...content: readonly Uint8Array[]): Buffer => element(TAG.sequence, ...content);
/** All octets in use: no unused bits at the end. */
export const bitString = (content: Uint8Array, unused = 0): Buffer =>
  element(TAG.bitString, Uint8Array.of(unused), content);
export const octetString = (content: Uint8Array): Buffer => element(TAG.octetString, content);

/** `2.5.29.17` */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    octets.push(...groups);
  }
  return element(TAG.objectId, Uint8Array.from(octets));
}

/** `YYMMDDHHMMSSZ`; good until 2049. */
export const utcTime = (at: number): Buffer =>
  element(TAG.utcTime, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));

export interface Element {
  readonly tag: number;
  /** With its tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** The elements that stand one after the other in `octets`. */
export function elementsOf(octets: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < octets.length; ) {
    const start = at;
    const tag = octets.readUInt8(at);
    let length = octets.readUInt8(at + 1);
    at += 2;
    if (length >= 0x80) {
      const size = length & 0x7f;
      length = octets.readUIntBE(at, size);
      at += size;
    }
    found.push({
      tag,
      whole: octets.subarray(start, at + length),
      content: octets.subarray(at, at + length),
    });
    at += length;
  }
  return found;
}
