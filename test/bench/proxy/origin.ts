/** The origin of the proxy benchmark: fixed answers over plain sockets and TLS, as cheap as an origin can be. Its own process. */
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createTestAuthority } from '../../origin/authority.ts';

const answerOf = (size: number): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nETag: "${size}"\r\nContent-Length: ${size}\r\n\r\n`,
    ),
    Buffer.alloc(size, 'x'),
  ]);
const ANSWERS: Readonly<Record<string, Buffer>> = { '/10k': answerOf(10_240), '/100k': answerOf(102_400) };
const OTHER = answerOf(2);

const serve = (socket: Socket): void => {
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
      const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/'));
      socket.write(ANSWERS[path] ?? OTHER);
      text = text.slice(end + 4);
    }
  });
};

const [caPath = ''] = process.argv.slice(2);
const authority = await createTestAuthority();
writeFileSync(caPath, authority.ca);
const plain = createServer(serve).listen(0, '127.0.0.1', () => {
  const secure = createTlsServer({ ...authority.byAddress }, serve).listen(0, '127.0.0.1', () => {
    const port = (server: typeof plain): number => (server.address() as AddressInfo).port;
    process.stdout.write(`${JSON.stringify({ http: port(plain), https: port(secure) })}\n`);
  });
});
