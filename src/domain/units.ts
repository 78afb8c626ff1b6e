/** Units and plain value types shared by everything. */

/** Milliseconds, as a duration or since the Unix epoch. */
export type Milliseconds = number;
/** A count of octets. */
export type Bytes = number;
/** A share between 0 and 1, both included. */
export type Ratio = number;
/** An RFC 3339 date and time in UTC, `2026-11-22T09:30:00.000Z`. */
export type Timestamp = string;
/** Lower-case hexadecimal. */
export type Hex = string;

/** Now, as milliseconds since the Unix epoch. Passed in, so that the middle stays pure. */
export type Clock = () => Milliseconds;
/** A uniform draw from [0, 1). Passed in, so that the middle stays pure. */
export type Chance = () => Ratio;

/** Render epoch milliseconds as RFC 3339 in UTC. */
export function timestamp(at: Milliseconds): Timestamp {
  // Several are rendered for each exchange, most of them of the same millisecond.
  if (at !== rendered.at) rendered = { at, text: new Date(at).toISOString() };
  return rendered.text;
}

let rendered: { readonly at: Milliseconds; readonly text: Timestamp } = { at: Number.NaN, text: '' };
