/** Screens: what a view says about itself, and a picture beside other copies of it. */
import type { Finding, ImageView, View } from '../domain/index.ts';
import type { TextRule } from '../rules/text.ts';
import { malformedImage, pairResidual } from './image/index.ts';
import { screenText } from './text/index.ts';

export interface ScreenContext {
  readonly url: string;
  /** The caption that the dataset will pair with this URL. */
  readonly label?: string;
  /** What references got at the same URL, as far as it is evidence; empty where nobody was asked. */
  readonly references: readonly View[];
  readonly rules: { readonly text: readonly TextRule[] };
}

/** Which screens run; `screen` of the configuration. */
export interface Screens {
  readonly image: boolean;
  readonly text: boolean;
  readonly code: boolean;
}

/** All findings of the screens that run, about the crawler's own view. */
export function screen(view: View, context: ScreenContext, screens: Screens): Finding[] {
  return [
    ...(screens.text ? screenText(view, context.rules.text) : []),
    ...(screens.image && view.kind === 'image' ? screenImage(view, context.references) : []),
  ];
}

/** Of the pairs with references only the worst is told: they all hold the same picture beside the crawler's. */
function screenImage(view: ImageView, references: readonly View[]): Finding[] {
  const pairs = references
    .filter((reference) => reference.kind === 'image')
    .flatMap((reference) => pairResidual(view, reference))
    .sort((a, b) => b.score - a.score);
  return [...malformedImage(view), ...pairs.slice(0, 1)];
}
