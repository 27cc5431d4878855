import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { expect, test } from 'vitest';
import { chosenMethods } from '../../../dashboard/cli/arguments/chosen-methods.js';
import { Acting } from '../../../dashboard/cli/race/acting.js';
import { AdjustableMethod } from '../../../dashboard/cli/race/adjustable-method.js';
import { checkpointFor, readBranch } from '../../../dashboard/cli/race/branch.js';
import { describeRun } from '../../../dashboard/cli/race/describe-run.js';
import { chosenLooks, looking, lookingAll } from '../../../dashboard/cli/race/looks.js';
import { raceEvents } from '../../../dashboard/cli/race/run-race.js';
import type { ModelSetting } from '../../../dashboard/cli/race/setting.js';
import { adjustableOptions } from '../../../dashboard/record/adjustable.js';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { CheckpointStore } from '../../../dashboard/record/recording/checkpoint-store.js';
import { Recorder } from '../../../dashboard/record/recording/recorder.js';
import { RunState } from '../../../dashboard/record/run-state.js';
import { fromFunction, Random } from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import { type Checkpoint, Control, withoutBatches } from '../../../streams/index.js';
import { directory } from '../record/run-events.js';

const bowl = {
  name: 'bowl',
  start: [1],
  value: (x: ArrayLike<number>) => x[0] ** 2 / 2,
  gradient: (x: ArrayLike<number>) => [x[0]],
};
const setting = {
  kind: 'model',
  name: 'bowl',
  asked: 'bowl',
  problem: fromFunction(bowl as never),
  source: () => withoutBatches(),
  defaults: { methods: '', steps: 60 },
  evaluateEvery: Number.POSITIVE_INFINITY,
  checkpointEvery: 10,
} as unknown as ModelSetting;

interface Race {
  readonly acting: Acting;
  readonly control: Control;
  readonly store: CheckpointStore;
  readonly recorder: Recorder;
}

test('a method with looks is adjusted and branched as it is without them', () => {
  const each100 = { ...setting, evaluateEvery: 100 };
  const [{ method, asked }] = lookingAll(chosenMethods('momentum(learningRate=0.1)'), ['layers'], each100);
  const completed = (plain: Method) => looking(plain, ['layers'], each100);
  const adjustable = new AdjustableMethod(method as Method, asked!, completed);
  adjustable.adjust({ option: 'learningRate', value: 0.2 });
  expect(adjustable.method.parts.map(({ name }) => name)).toEqual([
    'momentum',
    'learningRate',
    'measureLayers',
  ]);
  expect(() => chosenLooks('layers,weights')).toThrow(/--look: expected layers, histograms, spectrum or all/);
  expect(chosenLooks('all')).toEqual(['layers', 'histograms', 'spectrum']);
});

/** Races in a folder, from where its record ends and the checkpoint given; `onStep` acts. */
async function raced(folder: string, methods: string, onStep: (race: Race) => void, checkpoint?: Checkpoint) {
  const contestants = chosenMethods(methods);
  const begun = checkpoint !== undefined;
  const past = begun ? [...readLog(folder)].map(({ event }) => event) : [];
  const run =
    begun && past[0].kind === 'run'
      ? past[0]
      : describeRun('a', setting, contestants, { seed: 1, steps: 60, created: new Date(0) });
  const state = begun ? RunState.of(run) : undefined;
  for (const event of past.slice(1)) state?.take(event);
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  const recorder = new Recorder(begun ? RunLog.reopen(folder) : RunLog.create(folder), run, state);
  const race: Race = {
    acting: new Acting(recorder),
    control: new Control(),
    store: new CheckpointStore(folder),
    recorder,
  };
  const checkpoints = contestants.map(() => checkpoint);
  await lastValueFrom(
    raceEvents({ ...race, setting, contestants, checkpoints }).pipe(
      tap((event) => event.kind === 'step' && onStep(race)),
    ),
  );
  return [...readLog(folder)].map(({ event }) => event);
}

const losses = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []));
const taken = ({ recorder }: Race) => recorder.state.methods[0].taken;

test('a rate is changed from the next step on, and the log says so', async () => {
  const events = await raced(directory(), 'gradientDescent(0.5)', (race) => {
    if (taken(race) === 20) race.acting.adjust({ method: 0, option: 'learningRate', value: 0.25 });
  });
  const all = losses(events);
  expect(all).toHaveLength(60);
  // f = x²/2 falls by (1 − η)² a step.
  all.slice(1).forEach((loss, k) => {
    expect(loss / (all[k] * (k < 20 ? 0.25 : 0.5625))).toBeCloseTo(1, 12);
  });
  expect(events.filter(({ kind }) => kind === 'control')).toMatchObject([
    { action: 'adjust', by: 'page', method: 0, step: 20, option: 'learningRate', value: 0.25 },
  ]);
});

test('a race killed between a change and the next checkpoint goes on bit for bit', async () => {
  const method = 'adam(learningRate=0.1)';
  const act = (race: Race) => {
    const at = taken(race);
    const done = race.recorder.state.methods[0].adjustments;
    if (at === 20 && done.length === 0)
      race.acting.adjust({ method: 0, option: 'learningRate', value: 0.01 });
    if (at === 32 && done.length === 1) race.acting.adjust({ method: 0, option: 'learningRate', value: 0.2 });
  };
  const whole = await raced(directory(), method, act);
  const folder = directory();
  let newest: Checkpoint | undefined;
  await raced(folder, method, (race) => {
    act(race);
    if (taken(race) === 31) newest = race.store.read('adam');
    if (taken(race) === 35) race.control.stop(); // whose own checkpoint is passed over, as if it were killed
  });
  expect(newest?.step).toBe(30);
  const resumed = await raced(folder, method, act, newest);
  expect(losses(resumed)).toEqual(losses(whole));
  expect(losses(whole)).not.toEqual(losses(await raced(directory(), method, () => {})));
});

test('a checkpoint is written when it is asked for; what cannot be is refused and leaves no trace', async () => {
  const folder = directory();
  const events = await raced(folder, 'momentum(learningRate=0.1)', (race) => {
    if (taken(race) !== 14) return;
    race.acting.checkpoint();
    expect(() => race.acting.adjust({ method: 0, option: 'learningRate', value: -1 })).toThrow(
      'learningRate',
    );
    expect(() => race.acting.adjust({ method: 0, option: 'damping', value: 1 })).toThrow('damping');
    expect(() => race.acting.adjust({ method: 3, option: 'learningRate', value: 1 })).toThrow(
      'none that trains',
    );
  });
  const steps = events.flatMap((event) => (event.kind === 'checkpoint' ? [event.step] : []));
  expect(steps).toEqual([10, 14, 20, 30, 40, 50, 60]);
  expect(events.filter(({ kind }) => kind === 'control')).toMatchObject([
    { action: 'checkpoint', by: 'page' },
  ]);
});

test('what can be adjusted is what each step takes as it is', () => {
  const of = (methods: string) => {
    const [one] = describeRun('a', setting, chosenMethods(methods), {
      seed: 1,
      steps: 1,
      created: new Date(0),
    }).methods;
    return adjustableOptions(one);
  };
  expect(of('adam(learningRate=0.1)')).toEqual([['learningRate', 0.1]]);
  expect(of('kfacFixed(damping=0.2)')).toEqual([
    ['learningRate', 0.1],
    ['damping', 0.2],
  ]);
  expect(of('kfac')).toEqual([]); // it finds both itself
  expect(of('adam(learningRate=cosine(from=0.1,steps=9))')).toEqual([]);
});

/** A race of so many steps, and what it wrote. */
async function begun(methods: string, steps: number): Promise<string> {
  const folder = directory();
  await raced(folder, methods, (race) => {
    if (taken(race) === steps) race.control.stop();
  });
  return folder;
}

/** Branches from a checkpoint by a method, to 60 steps. */
async function branched(folder: string, from: string, methods: string) {
  const branch = readBranch(join(folder, 'checkpoints', from));
  const contestants = chosenMethods(methods);
  const { algebra } = setting.problem;
  const start = setting.problem.start(new Random(0));
  const checkpoints = contestants.map(({ method }) =>
    checkpointFor(branch, method as Method, algebra, start),
  );
  const run = {
    ...describeRun('b', setting, contestants, { seed: 1, steps: 60, created: new Date(0) }),
    from: { run: 'a', method: branch.method.label, step: branch.checkpoint.step },
  };
  const place = directory();
  mkdirSync(join(place, 'checkpoints'));
  const recorder = new Recorder(RunLog.create(place), run);
  const store = new CheckpointStore(place);
  const control = new Control();
  await lastValueFrom(raceEvents({ setting, contestants, recorder, checkpoints, store, control }));
  return {
    branch,
    events: [...readLog(place)].map(({ event }) => event),
    result: recorder.state.results()[0],
  };
}

test('a branch with another rate is the race whose rate is changed there, bit for bit', async () => {
  const folder = await begun('adam(learningRate=0.1)', 30);
  const { branch, events, result } = await branched(folder, 'adam.safetensors', 'adam(learningRate=0.01)');
  expect(branch).toMatchObject({ asked: 'adam(learningRate=0.1)', checkpoint: { step: 30 } });
  const whole = await raced(directory(), 'adam(learningRate=0.1)', (race) => {
    if (taken(race) === 30) race.acting.adjust({ method: 0, option: 'learningRate', value: 0.01 });
  });
  expect(losses(events)).toEqual(losses(whole).slice(30));
  expect(result).toMatchObject({ steps: 60, outcome: { kind: 'budget' } });
  expect(result.millisecondsPerStep).toBeGreaterThan(0);
});

test('a branch by another method begins at the point of the checkpoint, with a state of its own', async () => {
  const folder = await begun('adam(learningRate=0.1)', 30);
  const { events } = await branched(folder, 'adam.safetensors', 'momentum(learningRate=0.1)');
  const steps = events.flatMap((event) => (event.kind === 'step' ? [event] : []));
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, k) => 30 + k));
  const whole = await raced(directory(), 'adam(learningRate=0.1)', () => {});
  expect(steps[0].loss).toBe(losses(whole)[30]);
  expect(steps[0].updateNorm).toBeCloseTo(0.1 * steps[0].gradientNorm, 12); // a first step: no velocity yet
});

test('what was changed up to the checkpoint is what a branch goes on with; other files are refused', async () => {
  const folder = directory();
  await raced(folder, 'adam(learningRate=0.1)', (race) => {
    if (taken(race) === 20) race.acting.adjust({ method: 0, option: 'learningRate', value: 0.02 });
  });
  expect(readBranch(join(folder, 'checkpoints', 'adam.safetensors')).asked).toBe('adam(learningRate=0.02)');
  expect(() => readBranch(join(folder, 'adam.safetensors'))).toThrow('--from: ');
  expect(() => readBranch(join(folder, 'events.log'))).toThrow('--from: ');
  expect(() => readBranch(join(folder, 'nothing'))).toThrow('--from: ');
});
