/** The origin of the proxy benchmark: fixed answers over plain sockets and TLS, as cheap as an origin can be. Its own process. */
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createTestAuthority } from '../../origin/authority.ts';

/** How long `/wait` keeps the load waiting, and how long everybody else: a reference is the slower of the two fetches. */
const WAITS = { load: 20, other: 50 } as const;

const answerOf = (size: number): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nETag: "${size}"\r\nContent-Length: ${size}\r\n\r\n`,
    ),
    Buffer.alloc(size, 'x'),
  ]);
const ANSWERS: Readonly<Record<string, Buffer>> = {
  '/10k': answerOf(10_240),
  '/100k': answerOf(102_400),
  '/wait': answerOf(10_240),
};
const OTHER = answerOf(2);

/** What a snapshot would have recorded of the fixed answers: CSV of URL and SHA-256. */
const recordsOf = (ports: { http: number; https: number }): string => {
  const rows = Object.entries(ANSWERS).flatMap(([path, answer]) => {
    const sha256 = hash('sha256', answer.subarray(answer.indexOf('\r\n\r\n') + 4));
    return (['http', 'https'] as const).map(
      (scheme) => `${scheme}://127.0.0.1:${ports[scheme]}${path},${sha256}`,
    );
  });
  return ['url,sha256', ...rows, ''].join('\n');
};

const serve = (socket: Socket): void => {
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
      const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/'));
      const answer = ANSWERS[path] ?? OTHER;
      if (path === '/wait')
        setTimeout(
          () => socket.write(answer),
          text.includes('\r\nUser-Agent: load\r\n') ? WAITS.load : WAITS.other,
        );
      else socket.write(answer);
      text = text.slice(end + 4);
    }
  });
};

const [caPath = '', recordsPath = ''] = process.argv.slice(2);
const authority = await createTestAuthority();
writeFileSync(caPath, authority.ca);
const plain = createServer(serve).listen(0, '127.0.0.1', () => {
  const secure = createTlsServer({ ...authority.byAddress }, serve).listen(0, '127.0.0.1', () => {
    const port = (server: typeof plain): number => (server.address() as AddressInfo).port;
    const ports = { http: port(plain), https: port(secure) };
    writeFileSync(recordsPath, recordsOf(ports));
    process.stdout.write(`${JSON.stringify(ports)}\n`);
  });
});
