/** Screens of pictures. */
export { malformedImage } from './malformed.ts';
export { pairResidual } from './pair.ts';
