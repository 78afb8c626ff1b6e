/** `foretaste check URL...`: fetch and judge now, print the verdict and why. */
import { ulid } from 'ulid';
import type { Config } from '../config.ts';
import { openCore } from '../core.ts';
import type { Exchange, Fields, Judgement, Profile, Verdict, VerdictName } from '../domain/index.ts';
import { ForetasteError, field } from '../domain/index.ts';

/** Exit status by the worst verdict; 1 where none could be given. */
const STATUS: Readonly<Record<VerdictName, number>> = { clean: 0, unverified: 0, suspect: 3, poisoned: 4 };

/**
 * Judge each of `urls` as a crawler would meet it, `as` a profile of rules/profiles (default: a plain client).
 * Resolves to the exit status: 0 clean or unverified, 3 suspect, 4 poisoned, 1 could not judge.
 */
export async function check(
  config: Config,
  urls: readonly string[],
  options: { as?: string; json?: boolean },
  print: (line: string) => void,
): Promise<number> {
  const exchanges = urls.map((url) => parseUrl(url));
  const core = await openCore(config);
  let status = 0;
  try {
    const profile = core.profile(options.as ?? 'plain');
    for (const url of exchanges) {
      const delivery = await core.guard.judge(exchangeOf(url, profile), {
        stream: false,
        signal: AbortSignal.timeout(10 * 60_000),
      });
      const judgement = await delivery.judgement;
      print(options.json ? JSON.stringify(judgement.verdict) : describe(judgement));
      await judgement.capture?.body.release();
      status = Math.max(status, judgement.failure === undefined ? STATUS[judgement.verdict.verdict] : 1);
    }
  } finally {
    await core.close();
  }
  return status;
}

function parseUrl(given: string): URL {
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new ForetasteError('usage', `Expected an http or https URL but received ${given}.`);
}

/** The exchange a crawler of this profile would begin. */
export function exchangeOf(url: URL, profile: Profile, label?: string): Exchange {
  url.hash = '';
  const fields: Fields = profile.fields
    .filter(([name]) => name.toLowerCase() !== 'host')
    .map(
      ([name, value]) => [name, name.toLowerCase() === 'accept' ? profile.accept.document : value] as const,
    );
  return {
    id: ulid(),
    method: 'GET',
    url: url.href,
    source: url.hostname.toLowerCase(),
    fields: field(fields, 'accept') === undefined ? [...fields, ['Accept', '*/*']] : fields,
    receivedAt: Date.now(),
    ...(label === undefined ? {} : { label }),
  };
}

/** A verdict for a reader: the word, the reason, who saw what. */
function describe({ verdict, failure }: Judgement): string {
  const head = `${verdict.verdict.padEnd(10)} ${verdict.action.padEnd(10)} ${verdict.url}`;
  const facts = `  score ${verdict.score.toFixed(2)}, quorum ${verdict.quorum}, snapshot ${verdict.snapshot.status}`;
  const reasons = verdict.findings.map(
    ({ kind, severity, summary }) => `  ${kind} (${severity}): ${summary}`,
  );
  const views = verdict.views.map((view) => `  ${viewLine(view)}`);
  const failed = failure === undefined ? [] : [`  no response: ${failure.error}, ${failure.detail}`];
  return [head, facts, ...failed, ...reasons, ...views].join('\n');
}

const viewLine = (view: Verdict['views'][number]): string =>
  `${view.identity.padEnd(28)} ${view.status ?? '---'} ${String(view.bytes ?? 0).padStart(9)} bytes ${String(Math.round(view.ms)).padStart(6)} ms  ${view.evidence}`;
