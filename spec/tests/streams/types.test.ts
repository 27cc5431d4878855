import { delay, filter, map, type Observable, pipe, tap } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { type Algebra, fromFunction, type HostArray, rosenbrock } from '../../../src/index.js';
import type { Problem } from '../../../src/objective/problem.js';
import * as s from '../../../streams/index.js';
import { hostFit, type Points } from './line-fit.js';

const host = fromFunction(rosenbrock(2));
const none = s.withoutBatches();

describe('types', () => {
  it('a pipeline of our operators serves any arithmetic', () => {
    const pipeline = pipe(s.gradient(), s.momentum(0.9), s.learningRate(0.1));
    expectTypeOf(pipeline).toExtend<s.FrameOperator>();
    expectTypeOf(s.train(host, none, pipeline)).toEqualTypeOf<Observable<s.Frame<HostArray>>>();
    expectTypeOf(
      <T>(algebra: Algebra<T>, problem: Problem<T>) => algebra && s.train(problem, none, pipeline),
    ).returns.toExtend<Observable<s.Frame<unknown>>>();
  });

  it('takes foreign operators between its own', () => {
    const frames = s.train(
      host,
      none,
      pipe(
        s.gradient(),
        delay(1),
        tap((frame) => expectTypeOf(frame.step).toEqualTypeOf<number>()),
        s.learningRate(0.1),
      ),
    );
    expectTypeOf(frames).toEqualTypeOf<Observable<s.Frame<HostArray>>>();
    s.train(host, none, (source) =>
      source.pipe(
        s.gradient(),
        tap((frame) => expectTypeOf(frame).toEqualTypeOf<s.Frame<HostArray>>()),
        s.learningRate(0.1),
      ),
    );
  });

  it('refuses a pipeline that makes something else of frames', () => {
    // @ts-expect-error a snapshot is no frame
    s.train(host, none, pipe(s.gradient(), s.snapshot()));
    // @ts-expect-error nor is a number
    s.train(host, none, (source) => source.pipe(map((frame) => frame.step)));
  });

  it('refuses batches of another kind', () => {
    const pipeline = s.gradient();
    s.train(hostFit, [] as Points<HostArray>[], pipeline);
    // @ts-expect-error a line is not fitted to strings
    s.train(hostFit, ['a'], pipeline);
    // @ts-expect-error nor without points
    s.train(hostFit, none, pipeline);
  });

  it('gives plain data out of a snapshot', () => {
    const frames = s.train(host, none, s.gradient());
    expectTypeOf(frames.pipe(s.snapshot(), filter(Boolean))).toEqualTypeOf<Observable<s.Snapshot>>();
  });
});
