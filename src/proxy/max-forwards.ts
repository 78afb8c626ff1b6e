/** Max-Forwards of OPTIONS and TRACE (RFC 9110, section 7.6.2): counted down, and answered here at nought. */
import type { Fields } from '../domain/exchange.ts';
import { headFields } from './http1-writer.ts';
import type { RequestHead, Responder } from './message.ts';

const COUNT = /^\d{1,9}$/;
/** What a trace must not show (RFC 9110, section 9.3.8). */
const SECRET = /^(?:proxy-)?authorization$|^cookie$/i;

/** What the proxy itself is asked for, by `OPTIONS *` on its own port or by what may go no further. */
export function answerOptions(responder: Responder): void {
  answer(responder, ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT'], '');
}

/** The fields with one forward less; `answered` where there was none left. Requests by other methods go on as they are. */
export function countForward(
  head: RequestHead,
  fields: Fields,
  responder: Responder,
): { readonly fields: Fields; readonly answered: boolean } {
  if (head.method !== 'OPTIONS' && head.method !== 'TRACE') return { fields, answered: false };
  const at = fields.findIndex(([name]) => name.toLowerCase() === 'max-forwards');
  const [name = '', value = ''] = fields[at] ?? [];
  if (!COUNT.test(value)) return { fields, answered: false };
  if (Number(value) > 0)
    return { fields: fields.with(at, [name, String(Number(value) - 1)]), answered: false };
  if (head.method === 'OPTIONS') answerOptions(responder);
  else {
    const shown = headFields(head.fields.filter(([key]) => !SECRET.test(key)));
    answer(responder, ['Content-Type', 'message/http'], `TRACE ${head.target} HTTP/1.1\r\n${shown}\r\n`);
  }
  return { fields, answered: true };
}

function answer(responder: Responder, says: Fields[number], text: string): void {
  const content = Buffer.from(text, 'latin1');
  const fields = [says, ['Content-Length', String(content.length)]] as const;
  responder.whole({ status: 200, reason: 'OK', fields, content: 'length' }, content);
}
