import * as fc from 'fast-check';
import { delay, lastValueFrom, type MonoTypeOperatorFunction, pipe, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { float64, type HostArray } from '../../../src/index.js';
import * as s from '../../../streams/index.js';
import { seed } from '../../seed.js';
import { all, type Said, said } from './laws.js';
import { hostFit, points } from './line-fit.js';

fc.configureGlobal({ seed });

const batches = () => s.batches(points(float64), { size: 3, seed: 2 });
const pipeline: MonoTypeOperatorFunction<s.Frame<HostArray>> = pipe(
  s.gradient(),
  s.momentum(0.5),
  s.learningRate(0.1),
);

/** Lets every run go as far as it can without being asked for more. */
async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

const most = 30;
let plain: Said[] = [];

/** What a person can do to a run, and what a plain loop says must have been seen then. */
interface Model {
  seen: number;
  running: boolean;
  subscribed: boolean;
}

class Real {
  control = new s.Control();
  seen: Said[] = [];
  checkpoint: s.Checkpoint | undefined;
  latest: s.Frame<HostArray> | undefined;
  subscription: { unsubscribe(): void } | undefined;

  subscribe(checkpoint?: s.Checkpoint): void {
    this.seen = checkpoint ? plain.slice(0, checkpoint.step) : [];
    this.subscription = s
      .train(hostFit, batches(), pipeline, {
        steps: most,
        control: this.control,
        checkpoint,
        sliceMilliseconds: 1e-6,
      })
      .subscribe((frame) => {
        this.seen.push(said(frame));
        this.latest = frame;
      });
  }
}

abstract class Command implements fc.AsyncCommand<Model, Real> {
  constructor(readonly name: string) {}
  check(_: Readonly<Model>): boolean {
    return true;
  }
  abstract act(model: Model, real: Real): void | Promise<void>;
  async run(model: Model, real: Real): Promise<void> {
    this.catchUp(model, real);
    await this.act(model, real);
    await settle(3);
    this.catchUp(model, real);
    expect(real.seen.length).toBe(model.seen);
    expect(real.seen).toEqual(plain.slice(0, model.seen));
  }
  /** While nobody holds it, a run may have come however far. */
  catchUp(model: Model, real: Real): void {
    if (model.subscribed && model.running) model.seen = real.seen.length;
  }
  toString(): string {
    return this.name;
  }
}

const command = (
  name: string,
  act: (model: Model, real: Real) => void | Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
) =>
  fc.constant(
    new (class extends Command {
      override act = act;
      override check = check;
    })(name),
  );

const commands = [
  command('pause', (model, real) => {
    real.control.pause();
    model.running = false;
  }),
  command('resume', (model, real) => {
    real.control.resume();
    model.running = true;
  }),
  command('step', async (model, real) => {
    if (model.running) {
      real.control.pause();
      await settle(3);
      model.seen = real.seen.length;
      model.running = false;
    }
    real.control.step();
    if (model.subscribed) model.seen = Math.min(model.seen + 1, most);
  }),
  command(
    'checkpoint',
    (_, real) => {
      const frame = real.latest;
      if (frame !== undefined && frame.outcome === undefined) real.checkpoint = frame.checkpoint();
    },
    ({ subscribed, running }) => subscribed && !running,
  ),
  command(
    'unsubscribe',
    (model, real) => {
      real.subscription?.unsubscribe();
      real.latest = undefined;
      model.subscribed = false;
      model.seen = real.seen.length;
    },
    ({ subscribed }) => subscribed,
  ),
  command(
    'subscribe',
    (model, real) => {
      real.subscribe();
      model.subscribed = true;
      model.seen = 0;
    },
    ({ subscribed }) => !subscribed,
  ),
  command(
    'restore',
    (model, real) => {
      real.subscribe(real.checkpoint);
      model.subscribed = true;
      model.seen = real.checkpoint?.step ?? 0;
    },
    ({ subscribed }) => !subscribed,
  ),
];

/** 72: whatever is done to a run, it has seen a beginning of what a plain run sees. */
async function controlledRunsArePlain(change: (control: s.Control) => void = () => {}): Promise<void> {
  plain = await all(s.train(hostFit, batches(), pipeline, { steps: most }));
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 20 }), async (list) => {
      const before = float64.live();
      const real = new Real();
      change(real.control);
      try {
        await fc.asyncModelRun(() => ({ model: { seen: 0, running: true, subscribed: false }, real }), list);
      } finally {
        real.subscription?.unsubscribe();
      }
      expect(float64.live()).toBe(before);
    }),
    { numRuns: 60 },
  );
}

describe('law 72: a controlled run is a plain run', () => {
  it('holds', () => controlledRunsArePlain());

  it('is broken by a control that steps twice', async () => {
    const twice = (control: s.Control) => {
      const once = control.step.bind(control);
      control.step = () => {
        once();
        once();
      };
    };
    await expect(controlledRunsArePlain(twice)).rejects.toThrow();
  });
});

describe('Control', () => {
  it('stops several runs, each with a last frame that tells so', async () => {
    const control = new s.Control();
    const run = () =>
      all(
        s.train(hostFit, batches(), pipeline, { control }).pipe(
          tap(({ step }) => {
            if (step === 5) control.stop();
          }),
        ),
      );
    for (const seen of await Promise.all([run(), run()])) {
      expect(seen.at(-1)!.outcome).toBe('stopped');
      expect(seen.slice(0, -1).every(({ outcome }) => outcome === undefined)).toBe(true);
    }
    expect(control.state).toBe('stopped');
    const [only] = await run();
    expect(only).toMatchObject({ step: 0, outcome: 'stopped' });
  });

  it('stops a paused run', async () => {
    const control = new s.Control();
    control.pause();
    const ended = all(s.train(hostFit, batches(), pipeline, { control }));
    await settle();
    expect(control.state).toBe('paused');
    control.stop();
    expect(await ended).toMatchObject([{ step: 0, outcome: 'stopped' }]);
  });
});

describe('an AbortSignal', () => {
  const before = float64.live();

  it('ends a run between steps and inside one', async () => {
    for (const at of ['before', 'in the pipeline', 'at a frame'] as const) {
      const abort = new AbortController();
      if (at === 'before') abort.abort(new Error('enough'));
      const through = pipe(
        pipeline,
        tap<s.Frame<HostArray>>(({ step }) => {
          if (at === 'in the pipeline' && step === 3) abort.abort(new Error('enough'));
        }),
      );
      const frames = s.train(hostFit, batches(), through, { signal: abort.signal }).pipe(
        tap(({ step }) => {
          if (at === 'at a frame' && step === 3) abort.abort(new Error('enough'));
        }),
      );
      const last = await lastValueFrom(frames.pipe(s.snapshot()));
      expect(last.outcome).toEqual({ kind: 'stopped', message: 'aborted: enough' });
      expect(last.step).toBe({ before: 0, 'in the pipeline': 3, 'at a frame': 4 }[at]);
    }
    expect(float64.live()).toBe(before);
  });

  it('ends a run that waits for a frame or for a batch, at once', async () => {
    const alive = setInterval(() => {}, 1_000);
    for (const waiting of ['frame', 'batch']) {
      const abort = new AbortController();
      async function* stuck() {
        await new Promise<never>(() => {});
        yield points(float64).batch(Int32Array.of(1));
      }
      const source = waiting === 'batch' ? stuck() : batches();
      const through = waiting === 'frame' ? pipe(pipeline, delay<s.Frame<HostArray>>(1e6)) : pipeline;
      const ended = lastValueFrom(
        s.train(hostFit, source, through, { signal: abort.signal }).pipe(s.snapshot()),
      );
      await settle();
      abort.abort('away');
      expect((await ended).outcome).toEqual({ kind: 'stopped', message: 'aborted: away' });
    }
    clearInterval(alive);
    expect(float64.live()).toBe(before);
  });
});
