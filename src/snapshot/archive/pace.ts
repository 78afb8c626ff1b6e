/** When an archive may be asked next: evenly spaced, and not before it said it wants to be asked again. */
import type { Milliseconds } from '../../domain/index.ts';

const MINUTE: Milliseconds = 60_000;
/** After 429 or 503 without a Retry-After. */
const BUSY_FOR: Milliseconds = MINUTE;
/** A field that asks for more is taken for a mistake, and for this. */
const LONGEST_PAUSE: Milliseconds = 24 * 60 * MINUTE;

export class Pace {
  readonly #spacing: Milliseconds;
  #next: Milliseconds = 0;

  constructor(perMinute: number) {
    this.#spacing = MINUTE / perMinute;
  }

  /** Reserves the next turn and says when it is; undefined, and nothing is reserved, where it would be after `latest`. */
  take(now: Milliseconds, latest: Milliseconds): Milliseconds | undefined {
    const at = Math.max(now, this.#next);
    if (at >= latest) return undefined;
    this.#next = at + this.#spacing;
    return at;
  }

  /** Nobody asks before `until`; turns already reserved are not called off. */
  hold(until: Milliseconds): void {
    this.#next = Math.max(this.#next, until);
  }
}

/** How long to wait after a refusal: Retry-After in seconds or as a date, a minute without. @see RFC 9110, section 10.2.3 */
export function pauseAfter(retryAfter: string | undefined, now: Milliseconds): Milliseconds {
  const given = retryAfter?.trim() ?? '';
  const pause = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now;
  return Number.isNaN(pause) ? BUSY_FOR : Math.min(LONGEST_PAUSE, Math.max(0, pause));
}
