/** From a request to what the life of a page depends on. */
import { type Asked, asks } from '../../origin/asked.ts';
import type { Moment } from '../../origin/life.ts';
import { robots } from '../../origin/selectors.ts';
import { drawsOf, seedOf } from './chance.ts';

/** `world` names the site and the trial; all draws follow from it. */
export function momentOf(world: string, asked: Asked, prose: readonly string[]): Moment {
  const visitor = `${asked.remoteAddress} ${asks(asked, 'user-agent')}`;
  // Which prose a site has is its own: pools of 40 to 160 texts, a third for each kind of life.
  const start = seedOf(world, 'prose') % Math.max(1, prose.length);
  const size = 40 + (seedOf(world, 'pool') % 121);
  const own = [...prose.slice(start), ...prose.slice(0, start)].slice(0, size);
  return {
    draw: drawsOf(world, 'draw', asked.asks),
    site: drawsOf(world, 'site'),
    visitor: drawsOf(world, 'visitor', visitor),
    asks: asked.asks,
    isRobot: robots(asked),
    prose: own,
    list: [...new Set([...prose.slice(start), ...prose.slice(0, start)])].slice(size, size + 60),
  };
}
