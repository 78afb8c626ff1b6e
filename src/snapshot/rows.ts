/** Fixed-width rows, moved in any order. Four octets at a time: a call for each row would cost more than the copying. */

/**
 * Copy the rows of `source` that `order` names, without their first `skip` octets, to `target` from its start on.
 * `target` has at least `order.length * (width - skip)` octets.
 */
export function gather(
  source: Uint8Array,
  width: number,
  skip: number,
  order: Uint32Array,
  target: Uint8Array,
): void {
  const from = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const to = new DataView(target.buffer, target.byteOffset, target.byteLength);
  const length = width - skip;
  const words = length - (length % 4);
  let at = 0;
  for (let place = 0; place < order.length; place++) {
    const row = (order[place] ?? 0) * width + skip;
    for (let octet = 0; octet < words; octet += 4) to.setInt32(at + octet, from.getInt32(row + octet));
    for (let octet = words; octet < length; octet++) target[at + octet] = source[row + octet] ?? 0;
    at += length;
  }
}

/** Whether two rows are equal in their first `length` octets. */
export function sameStart(rows: Uint8Array, a: number, b: number, length: number): boolean {
  for (let octet = 0; octet < length; octet++) if (rows[a + octet] !== rows[b + octet]) return false;
  return true;
}
