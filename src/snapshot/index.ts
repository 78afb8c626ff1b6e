/** What compositions on Node use of this folder; the portable ladder stands in ladder.ts. */
export { type ImportFormat, type ImportOptions, type ImportSummary, importFiles } from './import.ts';
export { type OpenIndex, openIndex } from './store.ts';
