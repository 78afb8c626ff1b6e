/** Answers `/release`: the preview of a release by rule, and the release. */
import type { Context } from 'hono';
import { ForetasteError } from '../domain/index.ts';
import type { Candidate, ReleaseDesk } from '../guard/release.ts';
import type { DashboardDeps } from './deps.ts';
import { releasePage } from './release-page.ts';
import { reviewerOf } from './reviewer.ts';
import { wantedBy } from './wanted.ts';

/** Quarantined verdicts that one page looks at: their content is read and decoded while the reader waits. */
const MOST = 200;

function deskOf({ releases }: DashboardDeps): ReleaseDesk {
  if (releases !== undefined) return releases;
  throw new ForetasteError(
    'not-found',
    'Expected records to hold content against, but this guard runs without.',
  );
}

export async function showRelease(c: Context, deps: DashboardDeps): Promise<Response> {
  const desk = deskOf(deps);
  const rule = desk.rules.find(({ id }) => id === c.req.query('rule'))?.id;
  const filter = c.req.query('q') ?? '';
  const done = Number(c.req.query('done'));
  const { found, more, problem } = rule === undefined ? NOTHING : await preview(desk, deps, rule, filter);
  return c.html(
    releasePage({
      rules: desk.rules,
      rule,
      filter,
      problem,
      candidates: found,
      more,
      decides: reviewerOf(c, deps).decides,
      done: c.req.query('done') !== undefined && Number.isSafeInteger(done) ? done : undefined,
    }),
    problem === '' ? 200 : 400,
  );
}

interface Preview {
  readonly found: readonly Candidate[];
  readonly more: boolean;
  readonly problem: string;
}
const NOTHING: Preview = { found: [], more: false, problem: '' };

async function preview(
  desk: ReleaseDesk,
  deps: DashboardDeps,
  rule: string,
  filter: string,
): Promise<Preview> {
  const found: Candidate[] = [];
  try {
    const wanted = wantedBy(filter, deps.clock());
    for await (const candidate of desk.release({ rule, wanted, dryRun: true, reviewer: '', note: '' })) {
      if (found.length === MOST) return { found, more: true, problem: '' };
      found.push(candidate);
    }
    return { found, more: false, problem: '' };
  } catch (error) {
    if (error instanceof ForetasteError && error.side === 'client')
      return { ...NOTHING, problem: error.message };
    throw error;
  }
}

/** `POST /release`: as many as the preview looked at; the page that follows shows what is left. */
export async function releaseNow(c: Context, deps: DashboardDeps): Promise<Response> {
  const desk = deskOf(deps);
  const { name, decides } = reviewerOf(c, deps);
  if (!decides) throw new ForetasteError('forbidden', 'Expected the role reviewer or admin for a decision.');
  const form = await c.req.formData();
  const text = (field: string): string => String(form.get(field) ?? '');
  const [rule, filter] = [text('rule'), text('q')];
  const wanted = wantedBy(filter, deps.clock());
  let [examined, released] = [0, 0];
  for await (const candidate of desk.release({
    rule,
    wanted,
    dryRun: false,
    reviewer: name,
    note: text('note').trim().slice(0, 2000),
  })) {
    examined++;
    if (candidate.released) released++;
    if (examined === MOST) break;
  }
  const query = new URLSearchParams({ rule, q: filter, done: String(released) });
  return c.redirect(`/release?${query.toString()}`, 303);
}
