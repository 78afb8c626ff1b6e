/** What a connection hands to the proxy: one request, and the way to answer it, whatever HTTP version carries them. */
import type { Duplex } from 'node:stream';
import type { Fields } from '../domain/exchange.ts';
import type { Signal } from '../domain/ports.ts';

export interface RequestHead {
  readonly method: string;
  /** As it stood on the wire; on HTTP/2 the absolute form put together from the pseudo-fields. */
  readonly target: string;
  readonly version: '1.0' | '1.1' | '2';
  /** As they stood on the wire, hop-by-hop ones included; on HTTP/2 `host` comes first, crumbs of `cookie` are joined. */
  readonly fields: Fields;
}

/** Where a CONNECT tunnel leads. Requests inside it go there, whatever their Host says. */
export interface Tunnel {
  /** Lower case, without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS was found inside, and taken off. */
  readonly secure: boolean;
}

export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** End-to-end fields. Content-Length, where it stands here, is right. */
  readonly fields: Fields;
  /** How content ends: there is none whatever the fields say, by Content-Length, or unknown when the head is sent. */
  readonly content: 'none' | 'length' | 'unknown';
  /** Nothing more is taken from this connection (HTTP/1): who sends what cannot be read is not read again. */
  readonly last?: boolean;
}

/** Answers one request. Calls after the client has gone do nothing. */
export interface Responder {
  readonly begun: boolean;
  interim(status: number, fields: Fields): void;
  /** Head and all content at once. */
  whole(head: AnswerHead, content: Uint8Array): void;
  begin(head: AnswerHead): void;
  /** Resolves when more may be written; rejects when the client has gone. Undefined: at once. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  end(trailers: Fields): void;
  /** Content is not whole: break off so that the client sees it. */
  cut(): void;
  /** Send a last head and give the connection away, for a tunnel or an upgrade; undefined where it has gone or cannot be given. */
  detach(head: AnswerHead): Duplex | undefined;
}

export interface Inbound {
  readonly head: RequestHead;
  readonly tunnel: Tunnel | undefined;
  /** Absent where the request has none. Asking for the first octets tells a client that waits to go ahead. */
  readonly content: AsyncIterable<Uint8Array> | undefined;
  /** Answers `Expect: 100-continue`, once; absent where the client does not wait. */
  readonly goAhead: (() => void) | undefined;
  /** Aborted when the client has gone before its answer was complete. */
  readonly signal: Signal;
  readonly responder: Responder;
}
