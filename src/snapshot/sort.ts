/** Sort fixed-width rows by their octets, using that keys are hashes: nearly all differ in their first 32 bits. */

/**
 * The order of `rows` by key, then payload: row numbers, equal keys and payloads kept once.
 * All rows share their first octet. The last `ignored` octets (the number of a text) make no difference.
 */
export function sortedOrder(rows: Buffer, width: number, ignored: number): Uint32Array {
  const count = rows.length / width;
  const indexBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, count))));
  // One float holds the leading key bits and the row number exactly (53 bits), so that the native numeric sort does the work.
  const keyBits = Math.min(32, 53 - indexBits);
  const scale = 2 ** indexBits;
  const packed = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const at = row * width + 1;
    const lead =
      ((((rows[at] ?? 0) << 24) |
        ((rows[at + 1] ?? 0) << 16) |
        ((rows[at + 2] ?? 0) << 8) |
        (rows[at + 3] ?? 0)) >>>
        0) >>>
      (32 - keyBits);
    packed[row] = lead * scale + row;
  }
  packed.sort();
  const order = new Uint32Array(count);
  let kept = 0;
  for (let from = 0; from < count; ) {
    const lead = Math.floor((packed[from] ?? 0) / scale);
    let to = from + 1;
    while (to < count && Math.floor((packed[to] ?? 0) / scale) === lead) to++;
    const ties: number[] = [];
    for (let at = from; at < to; at++) ties.push((packed[at] ?? 0) - lead * scale);
    if (ties.length > 1) ties.sort((a, b) => compareRows(rows, a, b, width, width) || a - b);
    let last = -1;
    for (const row of ties) {
      if (last >= 0 && compareRows(rows, last, row, width, width - ignored) === 0) continue;
      order[kept++] = row;
      last = row;
    }
    from = to;
  }
  return order.subarray(0, kept);
}

/** Over the first `length` octets of both rows. */
const compareRows = (rows: Buffer, a: number, b: number, width: number, length: number): number =>
  rows.compare(rows, b * width, b * width + length, a * width, a * width + length);
