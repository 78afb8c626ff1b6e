/** A budget of pixels that decodes share: who would exceed it waits, first come, first served. */

export interface PixelBudget {
  /** Resolves with the function that gives the pixels back, once they are free. A share above the whole counts as the whole. */
  take(pixels: number): Promise<() => void>;
}

export function createPixelBudget(whole: number): PixelBudget {
  let free = whole;
  const waiting: Array<{ share: number; start: () => void }> = [];
  const serve = (): void => {
    for (let next = waiting[0]; next && next.share <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.share;
      next.start();
    }
  };
  return {
    take(pixels) {
      const share = Math.min(pixels, whole);
      return new Promise((resolve) => {
        let given = false;
        const giveBack = (): void => {
          if (given) return;
          given = true;
          free += share;
          serve();
        };
        waiting.push({ share, start: () => resolve(giveBack) });
        serve();
      });
    },
  };
}
