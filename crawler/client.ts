/** One request through the guard, and what came back: the bytes as sent, and the verdict beside them. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { parseItem } from 'structured-headers';
import { ProxyAgent, request } from 'undici';

export interface ClientOptions {
  /** The guard, `http://127.0.0.1:8080`. */
  readonly proxy: string;
  /** File with the guard's root, PEM; needed for https URLs. */
  readonly ca?: string;
  readonly userAgent: string;
  /** Milliseconds for the head, and between two pieces of the body. The guard holds a response until its verdict. */
  readonly timeout: number;
  /** Longest body kept, in octets. */
  readonly maxBody: number;
}

export interface Verdict {
  readonly verdict: string;
  readonly action: string;
  readonly id: string;
}

export interface Response {
  readonly url: string;
  readonly status: number;
  /** Header fields in order, as received. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
  /** Content coding as sent. */
  readonly body: Buffer;
  /** Absent where what answered was no guard. */
  readonly verdict?: Verdict;
}

export interface Client {
  get(url: string, signal: AbortSignal): Promise<Response>;
  close(): Promise<void>;
}

export function createClient(options: ClientOptions): Client {
  const agent = new ProxyAgent({
    uri: options.proxy,
    headersTimeout: options.timeout,
    bodyTimeout: options.timeout,
    ...(options.ca !== undefined && {
      requestTls: { ca: [...rootCertificates, readFileSync(options.ca, 'utf8')] },
    }),
  });
  return {
    async get(url, signal) {
      const response = await request(url, {
        dispatcher: agent,
        signal,
        headers: { 'user-agent': options.userAgent, accept: '*/*', 'accept-encoding': 'gzip, deflate, br' },
        responseHeaders: 'raw',
      });
      const fields = pairs(response.headers as unknown as readonly string[]);
      const body = await bodyOf(response.body, options.maxBody);
      const verdict = verdictOf(fieldOf(fields, 'foretaste-verdict'));
      return { url, status: response.statusCode, fields, body, ...(verdict && { verdict }) };
    },
    close: () => agent.close(),
  };
}

/** First value of a field, without case; empty when absent. */
export const fieldOf = (fields: Response['fields'], name: string): string =>
  fields.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';

async function bodyOf(stream: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > most) throw new Error(`Expected a body of at most ${most} bytes but received more.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** `poisoned;action=block;id="01J...";quorum="0/3"`. @see RFC 9651 */
export function verdictOf(value: string): Verdict | undefined {
  if (value === '') return undefined;
  const [verdict, parameters] = parseItem(value);
  return {
    verdict: String(verdict),
    action: String(parameters.get('action') ?? ''),
    id: String(parameters.get('id') ?? ''),
  };
}

const pairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, at) => [String(raw[at * 2]), String(raw[at * 2 + 1])]);
