/** `foretaste check URL...`: fetch and judge now, print the verdict and why. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exchangeOf, profileFields } from '../api/exchange.ts';
import type { Config } from '../config.ts';
import { type Core, openCore } from '../core.ts';
import {
  type Exchange,
  ForetasteError,
  type Judgement,
  type Profile,
  type Verdict,
  type VerdictName,
} from '../domain/index.ts';
import { heatmapOfVerdict } from '../heatmap.ts';
import { describePicture } from './describe-picture.ts';

/** Exit status by the worst verdict; 1 where none could be given. */
const STATUS: Readonly<Record<VerdictName, number>> = { clean: 0, unverified: 0, suspect: 3, poisoned: 4 };

/**
 * Judge each of `urls` as a crawler would meet it, `as` a profile of rules/profiles (default: a plain client).
 * Resolves to the exit status: 0 clean or unverified, 3 suspect, 4 poisoned, 1 could not judge.
 */
export async function check(
  config: Config,
  urls: readonly string[],
  options: { as?: string; json?: boolean; heatmap?: string },
  print: (line: string) => void,
): Promise<number> {
  const asked = urls.map(parseUrl);
  const core = await openCore(config);
  let status = 0;
  try {
    const profile = core.profile(options.as ?? 'plain');
    for (const url of asked) {
      const delivery = await core.guard.judge(exchangeAs(profile, url, core.ports), {
        stream: false,
        signal: AbortSignal.timeout(10 * 60_000),
      });
      const judgement = await delivery.judgement;
      print(options.json ? JSON.stringify(judgement.verdict) : describe(judgement));
      if (options.heatmap !== undefined) await writeHeatmap(core, judgement.verdict, options.heatmap, print);
      await judgement.capture?.body.release();
      status = Math.max(status, judgement.failure === undefined ? STATUS[judgement.verdict.verdict] : 1);
    }
  } finally {
    await core.close();
  }
  return status;
}

function parseUrl(given: string): string {
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol)) {
    url.hash = '';
    return url.href;
  }
  throw new ForetasteError('usage', `Expected an http or https URL but received ${given}.`);
}

/** The exchange a crawler of this profile would begin. */
const exchangeAs = (profile: Profile, url: string, { newId, clock }: Core['ports']): Exchange =>
  exchangeOf({ id: newId(), url, fields: profileFields(profile, url), receivedAt: clock() });

/** `folder`/ID.png, where the verdict is on a picture that can be judged by itself. */
async function writeHeatmap(
  core: Core,
  { id, picture }: Verdict,
  folder: string,
  print: (line: string) => void,
): Promise<void> {
  const png = picture === undefined ? undefined : await heatmapOfVerdict(core)(id);
  if (png === undefined) return;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.png`);
  await writeFile(file, png);
  print(`  heat map: ${file}`);
}

/** A verdict for a reader: the word, the reason, who saw what. */
function describe({ verdict, failure }: Judgement): string {
  const head = `${verdict.verdict.padEnd(10)} ${verdict.action.padEnd(10)} ${verdict.url}`;
  const facts = `  score ${verdict.score.toFixed(2)}, quorum ${verdict.quorum}, snapshot ${verdict.snapshot.status}`;
  const reasons = verdict.findings.map(
    ({ kind, severity, summary }) => `  ${kind} (${severity}): ${summary}`,
  );
  const views = verdict.views.map((view) => `  ${viewLine(view)}`);
  const picture = verdict.picture === undefined ? [] : describePicture(verdict.picture, verdict);
  const failed = failure === undefined ? [] : [`  no response: ${failure.error}, ${failure.detail}`];
  return [head, facts, ...failed, ...reasons, ...picture.map((line) => `  ${line}`), ...views].join('\n');
}

const viewLine = (view: Verdict['views'][number]): string =>
  `${view.identity.padEnd(28)} ${view.status ?? '---'} ${String(view.bytes ?? 0).padStart(9)} bytes ${String(Math.round(view.ms)).padStart(6)} ms  ${view.evidence}`;
