/** Parquet, one row group after another, so that a long list never stands in memory. */
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import { COLUMNS, type Row } from './rows.ts';

/** Rows of a group: enough for dictionaries to pay, few enough for a Worker's 128 MB. */
const GROUP_ROWS = 20_000;

const TYPES = { string: 'STRING', integer: 'INT64', number: 'DOUBLE' } as const;

/** Times are strings, as in the other formats; `bytes` is int64 and `score` double. */
export async function* encodeParquet(rows: AsyncIterable<Row>): AsyncIterable<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sink = writable.getWriter();
  const writer = drainingWriter((octets) => sink.write(octets));
  const writing = Promise.resolve(
    parquetWriteRows({
      writer,
      rows: widened(rows),
      columns: COLUMNS.map(({ name, type }) => ({ name, type: TYPES[type], nullable: true })),
      rowGroupSize: GROUP_ROWS,
      createdBy: 'foretaste',
    }),
  ).then(
    () => sink.close(),
    (error: unknown) => sink.abort(error),
  );
  const reader = readable.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
    await writing;
  } finally {
    await reader.cancel();
  }
}

/** int64 columns take bigint. */
async function* widened(rows: AsyncIterable<Row>): AsyncIterable<Record<string, unknown>> {
  for await (const row of rows) yield { ...row, bytes: BigInt(row.bytes ?? 0) };
}

/** Hands on what was written at the end of each row group, and the rest at the end of the file. */
function drainingWriter(drain: (octets: Uint8Array) => Promise<void>) {
  const writer = new ByteWriter();
  const flush = () => {
    const octets = new Uint8Array(writer.buffer.slice(0, writer.index));
    writer.index = 0;
    return drain(octets);
  };
  return Object.assign(writer, { flush, finish: flush });
}
