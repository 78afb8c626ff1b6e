/** Holds pictures against each other before views are compared, so that the comparing costs the event loop nothing. */
import { rememberComparison } from '../compare/image.ts';
import type { Examiner, ImageView, View } from '../domain/index.ts';

const isUsablePicture = (view: View): view is ImageView =>
  view.kind === 'image' && view.evidence === 'usable';

/**
 * The crawler's picture with each of `others`, and those that differ from it with each other, as `compareViews` will ask.
 * Where it fails, comparing does it again in place.
 */
export async function relatePictures(
  crawler: View,
  others: readonly View[],
  examiner: Examiner,
): Promise<void> {
  if (!isUsablePicture(crawler)) return;
  const different = await relate(
    crawler,
    others.filter((view) => isUsablePicture(view) && view.sha256 !== crawler.sha256) as ImageView[],
    examiner,
  );
  await Promise.all(different.map((view, at) => relate(view, different.slice(at + 1), examiner)));
}

/** Those of `others` that differ from `picture`. */
async function relate(
  picture: ImageView,
  others: readonly ImageView[],
  examiner: Examiner,
): Promise<ImageView[]> {
  if (others.length === 0) return [];
  try {
    const comparisons = await examiner.compare(picture, others);
    return others.filter((other, at) => {
      const comparison = comparisons[at];
      if (comparison === undefined) return false;
      rememberComparison(picture, other, comparison);
      rememberComparison(other, picture, comparison);
      return comparison.relation === 'different';
    });
  } catch {
    return [];
  }
}
