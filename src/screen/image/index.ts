/** Screens of pictures. */
export { examineImage, type ImageTools } from './examine.ts';
export { heatmapOf } from './heatmap.ts';
export { malformedImage } from './malformed.ts';
