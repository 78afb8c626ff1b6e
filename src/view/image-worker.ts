/** Worker thread of the decoder: measures pixels that it shares with the main thread. */
import { type Measures, measure } from './image-measure.ts';
import type { Pixels } from './pixels.ts';

export default function work(picture: Pixels): Measures {
  return measure(picture);
}
