/** Who sends a request. */
import type { Context } from 'hono';
import type { DashboardDeps, Reviewer } from './deps.ts';

const LOCAL: Reviewer = { name: 'local', decides: true };

export const reviewerOf = (c: Context, deps: DashboardDeps): Reviewer => deps.reviewer?.(c) ?? LOCAL;
