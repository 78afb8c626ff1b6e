/** The nouns, and the ports through which the middle reaches the world. Imports nothing outside this folder. */
export * from './archive.ts';
export * from './epoch.ts';
export * from './error.ts';
export * from './exchange.ts';
export * from './finding.ts';
export * from './identity.ts';
export * from './picture.ts';
export * from './policy.ts';
export * from './ports.ts';
export * from './recheck.ts';
export * from './snapshot.ts';
export * from './source.ts';
export * from './units.ts';
export * from './verdict.ts';
export * from './view.ts';
