import { lastValueFrom, pipe, reduce } from 'rxjs';
import { expect, test } from 'vitest';
import { adam } from '../../../src/index.js';
import {
  batches,
  type Checkpoint,
  Control,
  gradient,
  lifted,
  type TrainOptions,
  train,
} from '../../../streams/index.js';
import { targetExamples, targets } from '../../simulation/targets.js';

/** The losses of a run, and the checkpoint of its last frame. */
function ran(options: TrainOptions) {
  const source = batches(targetExamples(), { size: 2, seed: 1 });
  const start = { losses: [] as (number | undefined)[], checkpoint: undefined as Checkpoint | undefined };
  return lastValueFrom(
    train(targets, source, pipe(gradient(), lifted(adam())), options).pipe(
      reduce(
        ({ losses }, frame) => ({
          losses: [...losses, frame.lossValue],
          checkpoint: frame.checkpoint() as Checkpoint | undefined,
        }),
        start,
      ),
    ),
  );
}

function stopped(): Control {
  const control = new Control();
  control.stop();
  return control;
}

test('a run that goes on and is stopped before its first step keeps the checkpoint that it began at', async () => {
  const before = (await ran({ steps: 3 })).checkpoint!;
  const { checkpoint } = await ran({ steps: 9, checkpoint: before, control: stopped() });
  expect(checkpoint!.pipeline.length).toBeGreaterThan(2);
  expect(checkpoint).toStrictEqual(before);
});

test('a run that was stopped before its first step ever begins as one that never ran', async () => {
  const { checkpoint } = await ran({ steps: 5, control: stopped() });
  expect(checkpoint).toMatchObject({ step: 0, pipeline: [] });
  expect((await ran({ steps: 5, checkpoint })).losses).toStrictEqual((await ran({ steps: 5 })).losses);
});
