import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BackendName,
  classification,
  mlp,
  regression,
  softmaxRegression,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';
import { check } from '../../check.js';
import { oursIn } from '../../holders.js';
import { seed } from '../../seed.js';
import { onRows, problemSubject } from '../../subjects/problem-subjects.js';

/** Samples a law and method: an operation costs a thousand times what it costs on the host. */
const runs = 5;

type Rows = readonly (readonly number[])[];
const inputsOf = (rows: Rows) => {
  const features = rows[0].length - 1;
  return tensors.array(
    rows.flatMap((row) => row.slice(0, features)),
    [rows.length, features],
  );
};
const targetsOf = (rows: Rows) => rows.map((row) => row[row.length - 1]);

/** Models without kinks, three classes or one target. */
const problems = [
  problemSubject(
    'softmax regression',
    (features) => classification(softmaxRegression(features, 3)),
    (rows) => ({ inputs: inputsOf(rows), labels: tf.tensor1d(targetsOf(rows), 'int32') }),
  ),
  problemSubject(
    'tanh perceptron',
    (features) => regression(mlp([features, 3, 1], { activation: 'tanh' })),
    (rows) => ({ inputs: inputsOf(rows), labels: tensors.array(targetsOf(rows), [rows.length, 1]) }),
  ),
];
const rows = [
  [0.5, -1, 0],
  [1, 2, 1],
  [-0.25, 0.75, 2],
];

describe.each<BackendName>(['cpu', 'wasm'])('the methods in float32 on the %s backend', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  const subjects = [...oursIn(tensors), ...problems, ...problems.map((problem) => onRows(problem, rows))];

  it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    const before = tensors.live();
    const report = check(subject, { seed, runs });
    for (const law of report.laws) {
      expect(law, `${law.explanation} on ${law.counterexample}`).toMatchObject({ verdict: 'holds', runs });
    }
    expect(tensors.live(), 'tensors left alive').toBe(before);
  });

  it('a gradient that is a tenth too long is found in float32 too', () => {
    const right = onRows(problems[1], rows);
    const wrong = { ...right, gradient: (x: Float64Array) => right.gradient(x).map((g) => 1.1 * g) };
    const [law] = check(wrong, { seed, runs: 50 }).laws;
    expect(law).toMatchObject({ id: '11', verdict: 'broken' });
  });
});
