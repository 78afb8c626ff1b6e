/** The media type of a response, as far as everything after asks for it. */
import { type Fields, field } from '../domain/index.ts';

/** `type/subtype` in lower case; what is missing or no media type is `application/octet-stream`. */
export function mediaTypeOf(fields: Fields): string {
  const value = field(fields, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/.test(value)
    ? value
    : 'application/octet-stream';
}
