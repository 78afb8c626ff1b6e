/** What the hostile web knows of whoever asks: everything that a liar can choose by. */
import type { Milliseconds } from '../../src/domain/index.ts';
import type { ClientHello } from './client-hello.ts';

export interface Asked {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** As asked, without port, lower case. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  /** Field lines in the order and case in which they came; HTTP/2 pseudo fields left out. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly remoteAddress: string;
  /** Present on TLS. */
  readonly hello?: ClientHello;
  readonly at: Milliseconds;
  /** How often this path was asked before by this address and user agent; 0 at the first visit. */
  readonly visits: number;
  /** How often this path was asked before by anybody. */
  readonly asks: number;
}

/** Picks those who are lied to. */
export type Selector = (asked: Asked) => boolean;

/** First value of a request field, without case; empty when absent. */
export const asks = (asked: Asked, name: string): string =>
  asked.fields.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? '';
