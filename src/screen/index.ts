/** Screens: what a view says about itself, without anything to compare it with. */
import type { Finding, View } from '../domain/index.ts';
import type { TextRule } from '../rules/text.ts';
import { malformedImage } from './image/malformed.ts';
import { screenText } from './text/index.ts';

export interface ScreenContext {
  readonly url: string;
  /** The caption that the dataset will pair with this URL. */
  readonly label?: string;
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
    ...(screens.image && view.kind === 'image' ? malformedImage(view) : []),
  ];
}
