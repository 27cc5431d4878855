import * as fc from 'fast-check';
import { pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromFunction, rosenbrock } from '../../../src/index.js';
import { gradient, learningRate, train, withoutBatches } from '../../../streams/index.js';
import { seed } from '../../seed.js';
import * as laws from './laws.js';
import * as mutants from './mutants.js';

fc.configureGlobal({ seed });

/** Each law holds for the library, and is broken by each of the wrong variants beside it. */
const table: [string, (subject: laws.Subject) => Promise<void>, Record<string, laws.Subject>][] = [
  [
    'law 61: a pipeline of lifted transforms is their chain',
    laws.liftedIsChain,
    { forgetful: mutants.forgetful, stateInClosure: mutants.stateInClosure },
  ],
  [
    'law 63: cold subscriptions are equal and share nothing',
    laws.coldSubscriptionsAreEqual,
    { stateInClosure: mutants.stateInClosure, hot: mutants.hot },
  ],
  [
    'law 64: no scheduling order changes a run',
    laws.schedulingChangesNothing,
    { stateInClosure: mutants.stateInClosure },
  ],
  [
    'law 65: a checkpoint goes on bitwise',
    laws.checkpointsContinue,
    {
      withoutRandom: mutants.forgets('random'),
      withoutPlace: mutants.forgets('batches'),
      withoutStates: mutants.forgets('slots'),
      stateInClosure: mutants.stateInClosure,
    },
  ],
  ['law 66: unsubscribing frees everything', laws.unsubscribingFrees, { ahead: mutants.ahead }],
  [
    'law 66: unsubscribing inside a transform frees everything',
    laws.unsubscribingInsideFrees,
    { ahead: mutants.ahead },
  ],
  ['law 67: live arrays stay constant', laws.liveArraysStayConstant, { hoarding: mutants.hoarding }],
  ['law 68: one frame in flight', laws.oneFrameInFlight, { ahead: mutants.ahead }],
  [
    'law 69: trouble is located, told once, and the last thing',
    laws.troubleIsLocated,
    { swallowing: mutants.swallowing, unlocated: mutants.unlocated },
  ],
  [
    'law 69: after a loss that is not finite, the parameters before it are kept',
    laws.lossTroubleGoesBack,
    { keepingTheBad: mutants.keepingTheBad, withoutPrevious: mutants.forgets('previous') },
  ],
];

describe.each(table)('%s', (_, law, broken) => {
  it('holds', () => law(laws.honest));

  it.each(Object.entries(broken))('is broken by %s', async (_name, mutant) => {
    await expect(law(mutant)).rejects.toThrow();
  });
});

describe('law 71: many synchronous steps complete', () => {
  const problem = fromFunction(rosenbrock(2));

  it('holds', () =>
    laws.manyStepsComplete(
      (steps) => train(problem, withoutBatches(), pipe(gradient(), learningRate(1e-4)), { steps }),
      1e5,
    ));

  it('is broken by a stream that feeds itself', async () => {
    await expect(laws.manyStepsComplete(mutants.naiveExpand, 1e5)).rejects.toThrow();
  });
});
