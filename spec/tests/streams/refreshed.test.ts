import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { lastValueFrom, type MonoTypeOperatorFunction, map, pipe, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adam, float64, inverses, poisoning, type Saved } from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { chain, learningRate, refreshed } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { seed } from '../../seed.js';
import * as laws from './refreshing.js';

fc.configureGlobal({ seed });

const table: [string, (subject: laws.Subject) => Promise<void>, Record<string, laws.Subject>][] = [
  [
    'law 88: what is used at k was asked for at k − s',
    laws.delayIsExact,
    { late: laws.late, early: laws.early },
  ],
  [
    'law 88: no schedule of a thread changes the run',
    laws.schedulesChangeNothing,
    { late: laws.late, early: laws.early, onArrival: laws.onArrival },
  ],
  ['law 68: a delay of 0 is the synchronous run', laws.noDelayIsSynchronous, { late: laws.late }],
  [
    'law 65: requests that wait go on from a checkpoint',
    laws.waitingRequestsContinue,
    { forgetting: laws.forgetting },
  ],
];

describe.each(table)('%s', (_, law, broken) => {
  it('holds', () => law(laws.honest), 20_000);

  it.each(Object.entries(broken))('is broken by %s', async (_name, mutant) => {
    await expect(law(mutant)).rejects.toThrow();
  });
});

const transform = refreshed(laws.covariance(2), 2);

describe('a thread', () => {
  it('makes the run that is made in place, bit for bit, and is closed with it', async () => {
    let closed = 0;
    let works = 0;
    const open = (): s.Workplace => {
      const thread = s.linalgThread();
      return {
        work: (name, request) => {
          works++;
          return thread.work(name, request);
        },
        close() {
          closed++;
          thread.close();
        },
      };
    };
    const expected = await laws.path(s.lift(transform), { steps: 30 });
    expect(await laws.path(s.refreshInThread(transform, open), { steps: 30 })).toEqual(expected);
    expect(await laws.path(s.lifted(chain(transform), { thread: open }), { steps: 30 })).toEqual(expected);
    expect(works).toBe(30);
    expect(closed).toBe(2);
  });

  it('tells of a work that it does not know, or that fails, at the step that waits for it', async () => {
    const unknown = refreshed({ ...laws.covariance(2), work: { ...inverses, name: 'invertebrates' } }, 1);
    await expect(laws.path(s.refreshInThread(unknown, s.linalgThread))).rejects.toMatchObject({
      name: 'StageError',
      stage: 'covariance',
      step: 1,
      message: /expected a work among inverses, eigenbases, kroneckerInverses, got 'invertebrates'/,
    });
    const failing = laws.workplace(() => Promise.reject(new Error('out of memory')));
    await expect(laws.path(s.refreshInThread(transform, failing))).rejects.toThrow(
      'step 2, covariance: out of memory',
    );
  });

  it('is told apart from a frame that got lost', async () => {
    const slow = laws.workplace(
      (answer) => new Promise((resolve) => setTimeout(() => void answer.then(resolve), 20)),
    );
    expect(await laws.path(s.refreshInThread(transform, slow), { steps: 4 })).toEqual(
      await laws.path(s.lift(transform), { steps: 4 }),
    );
    const never = laws.workplace(() => new Promise<Saved>(() => {}));
    const options = { steps: 4, frameTimeout: 10 };
    await expect(laws.path(s.refreshInThread(transform, never), options)).rejects.toThrow(
      'gave no frame back',
    );
  });

  it('leaves nothing behind when the run is left while a step waits for it', async () => {
    const strict = poisoning(float64);
    let closed = 0;
    let answer = () => {};
    const open = (): s.Workplace => ({
      work: (_, request) =>
        new Promise((resolve) => {
          answer = () => resolve(inverses.run(request));
        }),
      close: () => void closed++,
    });
    const pipeline = pipe(s.gradient(), s.refreshInThread(transform, open), s.learningRate(0.1));
    let seen = 0;
    const subscription = s.train(laws.bowl(strict), s.withoutBatches(), pipeline).subscribe(() => seen++);
    const waiting = setInterval(() => {}, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(waiting);
    subscription.unsubscribe();
    answer();
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect([seen, closed]).toEqual([2, 1]);
    strict.drain();
  });

  it('is not opened for a problem that cannot give what the transform needs', async () => {
    let opened = 0;
    const open = () => {
      opened++;
      return s.linalgThread();
    };
    const needy = refreshed({ ...laws.covariance(), needs: ['hessian'] }, 1);
    await expect(laws.path(s.refreshInThread(needy, open))).rejects.toThrow(
      'covariance(problem): expected one that answers hessian, got bowl, which does not',
    );
    expect(opened).toBe(0);
  });

  it('needs something to do', () => {
    expect(() => s.lifted(adam(), { thread: s.linalgThread })).toThrow(
      'lifted(thread): expected a method with a refreshed part, got adam',
    );
    expect(() => refreshed(laws.covariance(), -1)).toThrow(
      'covariance(delay): expected a number in [0, ∞), got -1',
    );
  });
});

describe('on tensors', () => {
  it('as many are alive after steps a period apart, and none at the end', async () => {
    await useBackend('cpu');
    for (const open of [undefined, laws.workplace((answer) => answer)]) {
      const before = tf.memory().numTensors;
      const method = chain(refreshed(laws.covariance(2), 3), learningRate(0.1));
      const pipeline: MonoTypeOperatorFunction<s.Frame<tf.Tensor>> = pipe(
        s.gradient(),
        s.lifted(method, open && { thread: open }),
      );
      const counts = await lastValueFrom(
        s.train(laws.bowl(tensors), s.withoutBatches(), pipeline).pipe(
          take(20),
          map(() => tf.memory().numTensors),
          toArray(),
        ),
      );
      const settled = counts.slice(6);
      settled.slice(2).forEach((count, k) => {
        expect(count).toBe(settled[k]);
      });
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
