/** Which fields travel: end-to-end ones do; hop-by-hop ones, those that Connection names, and our own do not. */
import { type Fields, fieldValues } from '../domain/exchange.ts';
import { lowerName } from '../fetch/field-name.ts';

/** RFC 9110, section 7.6.1, and the ones that older software still sends. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
/** Connection cannot take these away: the message would change its meaning. */
const NEVER_NAMED = new Set(['host', 'content-length', 'content-type', 'content-encoding', 'content-range']);
const OURS = 'foretaste-';

/** Of a request: without the fields that are for this proxy. `Expect` goes on where the client waits for its answer (RFC 9110, section 10.1.1). */
export const requestFields = (fields: Fields, waits: boolean): Fields => {
  const named = namedByConnection(fields);
  return fields.filter((pair) => {
    const key = lowerName(pair[0]);
    return travels(key, named) && (waits || key !== 'expect');
  });
};

/** Of a response, or of its trailers: an origin cannot speak in our name. */
export const responseFields = (fields: Fields): Fields => {
  const named = namedByConnection(fields);
  return fields.filter((pair) => travels(lowerName(pair[0]), named));
};

const travels = (key: string, named: ReadonlySet<string>): boolean =>
  !HOP_BY_HOP.has(key) && !named.has(key) && !key.startsWith(OURS);

const NONE: ReadonlySet<string> = new Set();

function namedByConnection(fields: Fields): ReadonlySet<string> {
  const values = fieldValues(fields, 'connection');
  if (values.length === 0) return NONE;
  return new Set(connectionOptions(values).filter((option) => !NEVER_NAMED.has(option)));
}

/** Members of Connection, lower case. */
export const connectionOptions = (values: readonly string[]): string[] =>
  values.length === 0
    ? []
    : values.flatMap((value) => value.split(',')).map((option) => option.trim().toLowerCase());
