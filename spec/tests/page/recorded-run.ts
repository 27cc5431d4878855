import type { MethodDescription, RunEvent, RunStarted } from '../../../dashboard/record/events.js';
import type { Options } from '../../../src/index.js';

/** A race as a log would hold it, made up but the same every time, with a method that ends in a NaN. */
export interface RecordedRun {
  readonly started: RunStarted;
  readonly events: readonly RunEvent[];
}

export interface Shape {
  readonly methods: number;
  readonly steps: number;
  /** The method that meets a NaN, and at which step. */
  readonly diverges?: { readonly method: number; readonly step: number };
  readonly ended: boolean;
}

const moments = { decay1: 0.9, decay2: 0.999, epsilon: 1e-8 };
const options: Readonly<Record<string, Options>> = { momentum: { decay: 0.9 }, scaleByMoments: moments };

const operators = (rate: number, ...names: readonly string[]): MethodDescription['operators'] => [
  { name: 'gradient', options: {} },
  ...names.map((name) => ({ name, options: options[name] ?? {} })),
  { name: 'learningRate', options: { rate } },
];

const descriptions: readonly MethodDescription[] = [
  {
    name: 'gradientDescent',
    label: 'gradientDescent',
    options: { learningRate: 0.1 },
    operators: operators(0.1),
  },
  {
    name: 'momentum',
    label: 'momentum',
    options: { learningRate: 0.05 },
    operators: operators(0.05, 'momentum'),
  },
  {
    name: 'adam',
    label: 'adam',
    options: { learningRate: 1e-3 },
    operators: operators(1e-3, 'scaleByMoments'),
  },
  {
    name: 'lamb',
    label: 'lamb',
    options: { learningRate: 1e-2 },
    operators: operators(1e-2, 'scaleByMoments', 'trustRatio'),
  },
  {
    name: 'signDescent',
    label: 'signDescent',
    options: { learningRate: 3e-4 },
    operators: operators(3e-4, 'sign'),
  },
  {
    name: 'nesterov',
    label: 'nesterov(rate=0.9)',
    options: { learningRate: 0.9 },
    operators: operators(0.9, 'momentum'),
  },
];

export function recordedRun({ methods, steps, diverges, ended }: Shape): RecordedRun {
  const random = generator(7);
  const started: RunStarted = {
    kind: 'run',
    run: '2026-01-15T10-20-30-mnist',
    problem: 'mnist',
    created: '2026-01-15T10:20:30.000Z',
    seed: 1,
    steps,
    batch: 128,
    backend: 'wasm',
    methods: descriptions.slice(0, methods),
  };
  const events: RunEvent[] = [started];
  const ends = new Map<number, number>();
  let seconds = 0;
  for (let step = 0; step < steps; step++) {
    for (let method = 0; method < methods; method++) {
      if (ends.has(method)) continue;
      const milliseconds = (step === 0 ? 340 : 4 + method) * (0.9 + 0.2 * random());
      seconds += milliseconds / 1000;
      const struck = diverges?.method === method && step >= diverges.step;
      const growth = diverges?.method === method ? Math.exp(Math.max(0, step - diverges.step + 60) / 12) : 1;
      const level = (2.2 / (1 + step / (30 + 25 * method)) + 0.03 * (method + 1)) * growth;
      const loss = struck ? Number.NaN : level * Math.exp(0.35 * (random() + random() - 1));
      const gradientNorm = struck ? Number.NaN : 1.4 * Math.sqrt(level) * Math.exp(0.4 * (random() - 0.5));
      const updateNorm = struck ? Number.NaN : gradientNorm * 0.02 * (1 + method);
      events.push({ kind: 'step', method, step, seconds, loss, gradientNorm, updateNorm, milliseconds });
      if (step % 100 === 99) {
        events.push({
          kind: 'evaluation',
          method,
          step,
          seconds,
          loss: level * 1.1,
          accuracy: 1 - 0.9 / (1 + step / (12 + 5 * method)),
        });
        events.push(measured(started.methods[method]!, method, step, seconds));
      }
      if (struck) {
        ends.set(method, step);
        const message = `the loss became NaN at step ${step}; the last good parameters are kept: lower learningRate`;
        events.push({
          kind: 'outcome',
          method,
          step,
          seconds,
          outcome: { kind: 'nonFinite', message, step },
        });
      }
    }
  }
  if (ended) {
    events.push({
      kind: 'result',
      seconds,
      methods: started.methods.map(({ name, label }, method) => ({
        name,
        label,
        steps: (ends.get(method) ?? steps - 1) + 1,
        millisecondsPerStep: 4 + method,
        outcome: ends.has(method)
          ? { kind: 'nonFinite', message: `the loss became NaN at step ${ends.get(method)}` }
          : { kind: 'budget', message: `all ${steps} steps taken` },
      })),
    });
  }
  return { started, events };
}

function measured({ operators }: MethodDescription, method: number, step: number, seconds: number): RunEvent {
  return {
    kind: 'operators',
    method,
    step,
    seconds,
    operators: operators.map(({ name }, position) => ({
      name,
      frames: step + 1,
      milliseconds: (step + 1) * (position === 0 ? 3.4 : 0.2 * (1 + name.length / 10)),
      arrays: name === 'momentum' ? 4 : name === 'scaleByMoments' ? 9 : 0,
      bytes: name === 'momentum' ? 407_080 : name === 'scaleByMoments' ? 814_164 : 0,
    })),
  };
}

/** Two methods on a function of two variables: one is there after two steps, with a value of 1e−20, then 0. */
export function boothRun(steps: number): RecordedRun {
  const started: RunStarted = {
    kind: 'run',
    run: '2026-01-15T10-20-30-booth',
    problem: 'booth',
    created: '2026-01-15T10:20:30.000Z',
    seed: 1,
    steps,
    gradientTolerance: 0,
    methods: ['newton', 'gradientDescent'].map((name) => ({
      name,
      label: name,
      options: {},
      operators: operators(0.1),
    })),
  };
  const events: RunEvent[] = [started];
  for (let step = 0; step < steps; step++) {
    for (const [method, value] of [[30, 1e-20][step] ?? 0, 30 * 0.8 ** step].entries()) {
      const seconds = step * 1e-4;
      const gradientNorm = Math.sqrt(value);
      const updateNorm = 0.1 * gradientNorm;
      events.push({
        kind: 'step',
        method,
        step,
        seconds,
        loss: value,
        gradientNorm,
        updateNorm,
        milliseconds: 0.01,
      });
      const x = [1 + 0.5 ** step, 3 - (method === 0 ? 0 : 0.8 ** step)];
      const evaluations = { value: step + 1, gradient: step + 1, hessian: 0, hessianVectorProduct: method };
      events.push({ kind: 'point', method, step, x, value, evaluations });
    }
  }
  return { started, events };
}

/** Numbers in [0, 1) from a 32-bit linear congruential generator (Numerical Recipes, third edition, 7.1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
