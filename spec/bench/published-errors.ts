import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunEvent, RunStarted } from '../../dashboard/record/events.js';
import { readLog } from '../../dashboard/record/log/index.js';
import { lossCurves } from '../../dashboard/record/loss-curves.js';
import type { Outcome } from '../../src/index.js';

/** One method of a recorded race on cifar10. */
export interface RecordedMethod {
  /** As typed after `--methods`. */
  readonly asked: string;
  readonly asPublished: boolean;
  readonly batch: number;
  readonly seed: number;
  /** Smoothed, after each step, to four digits; null where it was not finite. */
  readonly losses: readonly (number | null)[];
  readonly millisecondsPerStep: number;
  /** On the 10,000 images of the test batch, after the last step. */
  readonly testLoss: number | null;
  readonly accuracy: number | null;
  readonly outcome: Outcome['kind'];
}

/**
 * Gathers the methods of several records of `fluxion race cifar10` in docs/published-errors.json, of which
 * spec/tests/plot/published-errors.test.ts draws the page.
 *
 *   npx fluxion race cifar10 --batch 32 --steps 150 --out runs/mended
 *   npx fluxion race cifar10 --as-published --batch 32 --steps 150 --out runs/published
 *   npx tsx spec/bench/published-errors.ts runs/mended runs/published
 */
function gather(folders: readonly string[]): RecordedMethod[] {
  return folders.flatMap((folder) => methodsOf([...eventsOf(folder)]));
}

function* eventsOf(folder: string): Generator<RunEvent> {
  for (const { event } of readLog(folder)) yield event;
}

function methodsOf(events: readonly RunEvent[]): RecordedMethod[] {
  const run = events[0] as RunStarted;
  return lossCurves(run, events).map(({ losses, seconds }, method): RecordedMethod => {
    const of = <K extends RunEvent['kind']>(kind: K) =>
      events.findLast(
        (event): event is Extract<RunEvent, { kind: K }> =>
          event.kind === kind && 'method' in event && event.method === method,
      );
    const { loss, accuracy } = of('evaluation') ?? {};
    return {
      asked: run.methods[method].asked ?? run.methods[method].label,
      asPublished: /asPublished=true/.test(run.asked ?? ''),
      batch: run.batch ?? 0,
      seed: run.seed,
      losses: losses.map(digits),
      millisecondsPerStep: Math.round((1_000 * (seconds.at(-1) ?? 0)) / losses.length),
      testLoss: digits(loss),
      accuracy: digits(accuracy),
      outcome: of('outcome')?.outcome.kind ?? 'stopped',
    };
  });
}

function digits(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4));
}

if (basename(process.argv[1] ?? '') === 'published-errors.ts') {
  const methods = gather(process.argv.slice(2));
  const lines = methods.map((method) => JSON.stringify(method));
  const file = join(import.meta.dirname, '../../docs/published-errors.json');
  writeFileSync(file, `[\n${lines.join(',\n')}\n]\n`);
}
