/** Max-Forwards of OPTIONS and TRACE (RFC 9110, section 7.6.2): counted down, and answered here at nought. */
import type { Fields } from '../domain/exchange.ts';
import { headFields } from './http1-writer.ts';
import type { RequestHead, Responder } from './message.ts';

const COUNT = /^\d{1,9}$/;
/** What a trace must not show (RFC 9110, section 9.3.8). */
const SECRET = /^(?:proxy-)?authorization$|^cookie$/i;

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
  const trace = head.method === 'TRACE';
  const content = Buffer.from(
    trace
      ? `TRACE ${head.target} HTTP/1.1\r\n${headFields(head.fields.filter(([key]) => !SECRET.test(key)))}\r\n`
      : '',
    'latin1',
  );
  responder.whole(
    {
      status: 200,
      reason: 'OK',
      fields: [
        trace
          ? ['Content-Type', 'message/http']
          : ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT'],
        ['Content-Length', String(content.length)],
      ],
      content: 'length',
    },
    content,
  );
  return { fields, answered: true };
}
