/** The difference as a unified diff, to take along: what others saw first, what the crawler got second. */
import { createTwoFilesPatch } from 'diff';
import type { Verdict } from '../domain/index.ts';
import { channel } from './channels.ts';
import type { Evidence, Held } from './evidence.ts';

const textOf = (held: Held | undefined): string => {
  if (held?.view !== undefined) {
    const items = channel(held.view, held.view.kind === 'page' ? 'text' : 'data');
    if (items.length > 0) return `${items.map(({ text }) => text).join('\n')}\n`;
  }
  return held?.text?.text ?? '';
};

/** Unified diff of the text that each saw; empty text stands for bytes that are not held. */
export function unifiedDiff(verdict: Verdict, evidence: Evidence, against: Held | undefined): string {
  const theirs = against?.name ?? 'nobody';
  const mine = evidence.own?.name ?? 'crawler';
  const patch = createTwoFilesPatch(
    `a/${theirs}`,
    `b/${mine}`,
    textOf(against),
    textOf(evidence.own),
    '',
    '',
    {
      timeout: 2000,
    },
  );
  const head = `# ${verdict.id} ${verdict.verdict} ${verdict.url}\n`;
  return head + (patch ?? '# too different to align in time\n');
}
