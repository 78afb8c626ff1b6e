/** HTTP/2 in frames, as they stand on the wire: what node's own client would smooth over. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialRaw, openStage, type Stage } from './stage.ts';

const SIZE = 1_000_000;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage((request, response) => {
    if (request.url === '/length') response.setHeader('Content-Length', SIZE);
    response.end(Buffer.alloc(SIZE, 'x'));
  });
});
afterAll(() => stage.close());

const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const WINDOW_UPDATE = 8;
const END_STREAM = 1;

const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};
const window = (stream: number): Buffer => frame(WINDOW_UPDATE, 0, stream, Buffer.from([0x3f, 0, 0, 0]));
/** Literal fields without indexing (RFC 7541, section 6.2.2). */
const fields = (pairs: ReadonlyArray<readonly [string, string]>): Buffer =>
  Buffer.concat(
    pairs.map(([name, value]) =>
      Buffer.from(
        `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
        'latin1',
      ),
    ),
  );

/** Ask for a path by prior knowledge; the frames of the answer until its stream ends. */
function ask(
  path: string,
  extra: ReadonlyArray<readonly [string, string]> = [],
): Promise<Array<{ type: number; flags: number; length: number }>> {
  const socket = dialRaw(stage.proxy.port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
  socket.write(window(0));
  const head = fields([
    [':method', 'GET'],
    [':scheme', 'http'],
    [':authority', `127.0.0.1:${stage.port}`],
    [':path', path],
    ...extra,
  ]);
  socket.write(frame(HEADERS, END_STREAM | 4, 1, head));
  socket.write(window(1));
  const { promise, resolve } =
    Promise.withResolvers<Array<{ type: number; flags: number; length: number }>>();
  const frames: Array<{ type: number; flags: number; length: number }> = [];
  let octets = Buffer.alloc(0);
  socket.on('close', () => resolve(frames));
  socket.on('data', (data: Buffer) => {
    octets = Buffer.concat([octets, data]);
    while (octets.length >= 9 && octets.length >= 9 + octets.readUIntBE(0, 3)) {
      const length = octets.readUIntBE(0, 3);
      const [type = 0, flags = 0] = octets.subarray(3, 5);
      if (octets.readUInt32BE(5) === 1) frames.push({ type, flags, length });
      octets = octets.subarray(9 + length);
      if (type === RST_STREAM || (type <= HEADERS && (flags & END_STREAM) !== 0)) {
        resolve(frames);
        socket.destroy();
      }
    }
  });
  return promise;
}

describe('HTTP/2 on the wire', () => {
  it.each(['/length', '/chunked'])(
    'large content ends its stream with a DATA frame, not with a reset: %s',
    async (path) => {
      const frames = await ask(path);
      expect(frames.filter(({ type }) => type === DATA).reduce((sum, { length }) => sum + length, 0)).toBe(
        SIZE,
      );
      expect(frames.at(-1)).toMatchObject({ type: DATA, flags: END_STREAM });
    },
  );

  it.each([
    ['a field of the connection', [['connection', 'close']]],
    ['a transfer coding', [['transfer-encoding', 'chunked']]],
    ['a name in upper case', [['X-A', '1']]],
    ['a length that is not the content', [['content-length', '5']]],
  ] as const)('a request with %s is reset', async (_, extra) => {
    const before = stage.exchanges.length;
    const frames = await ask('/length', extra);
    expect(frames.map(({ type }) => type)).toEqual([RST_STREAM]);
    expect(stage.exchanges.length).toBe(before);
  });

  it('a line break in a value makes no second field', async () => {
    await ask('/length', [['x-a', '1\r\nx-b: 2']]);
    expect(stage.exchanges.at(-1)?.fields.map(([name]) => name)).toEqual(['host']);
  });
});
