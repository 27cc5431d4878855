import { join } from 'node:path';
import { lastValueFrom, type OperatorFunction, pipe, tap } from 'rxjs';
import { expect, test } from 'vitest';
import { RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { startDashboard } from '../../../dashboard/server/index.js';
import { adam, float64, fromFunction, type HostArray, rosenbrock } from '../../../src/index.js';
import { type Frame, gradient, lifted, train, withoutBatches } from '../../../streams/index.js';
import { directory, run } from '../record/run-events.js';
import { Listener } from './connection.js';

const steps = 60_000;

/** Trains and records; gives the parameters at the end and the loss of every step. */
async function trajectory(path: string, whileRunning: (directory: string) => Promise<() => Promise<void>>) {
  const log = RunLog.create(path);
  log.append(run);
  log.flush();
  const finish = await whileRunning(path);
  const losses: number[] = [];
  const problem = fromFunction(rosenbrock(4));
  const pipeline: OperatorFunction<Frame<HostArray>, Frame<HostArray>> = pipe(
    gradient(),
    lifted(adam({ learningRate: 1e-3 })),
  );
  let x: Float64Array | undefined;
  const recorded = train(problem, withoutBatches(), pipeline, { steps }).pipe(
    tap(({ step, lossValue: loss, gradientNorm, updateNorm, milliseconds, nextParameters }) => {
      losses.push(loss);
      if (step === steps - 1) x = float64.values(nextParameters as HostArray);
      log.append({ kind: 'step', method: 0, step, seconds: 0, loss, gradientNorm, updateNorm, milliseconds });
    }),
  );
  await lastValueFrom(recorded);
  log.close();
  await finish();
  return { x, losses };
}

/** Law 70. The counterpart, a client that does miss nothing, shows that the others were served at all. */
test('clients that never read leave the run bitwise as it is, and one that reads misses nothing', async () => {
  const path = directory();
  const alone = await trajectory(join(path, 'alone'), async () => async () => undefined);
  const watched = await trajectory(join(path, 'watched'), async (run) => {
    const dashboard = await startDashboard({ directory: run });
    const hello = { kind: 'hello', lastSeq: 0 } as const;
    const deaf = await Promise.all(Array.from({ length: 10 }, () => Listener.to(dashboard.url, hello)));
    for (const { socket } of deaf) socket.pause();
    const reader = await Listener.to(dashboard.url, hello);
    return async () => {
      await reader.until(() => reader.numbers.length === steps + 1);
      expect(reader.numbers).toStrictEqual(Array.from({ length: steps + 1 }, (_, i) => i + 1));
      for (const { socket, numbers } of deaf) {
        expect(numbers.length).toBeLessThan(steps);
        socket.terminate();
      }
      await dashboard.close();
    };
  });
  expect([alone.losses.length, alone.x?.length]).toStrictEqual([steps, 4]);
  expect(watched).toStrictEqual(alone);
  const losses = [...readLog(join(path, 'watched'))].flatMap(({ event }) =>
    event.kind === 'step' ? [event.loss] : [],
  );
  expect(losses).toStrictEqual(alone.losses);
});
