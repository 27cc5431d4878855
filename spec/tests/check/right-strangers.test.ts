import { describe, expect, it } from 'vitest';
import { check } from '../../check.js';
import * as oracles from '../../oracles/index.js';
import { seed } from '../../seed.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';
import type { OptimizerSubject, Point } from '../../subjects/subject.js';

/** Methods that are shown gradients alone. */
const names = [
  'gradientDescent',
  'signDescent',
  'momentum',
  'nesterov',
  'adagrad',
  'rmsprop',
  'adam',
  'adamw',
  'adabelief',
  'lars',
  'lamb',
  'lion',
  'adan',
  'adopt',
  'scheduleFreeSgd',
  'scheduleFreeAdamw',
  'prodigy',
  'muon',
  'soap',
  'shampoo',
];
const naive = Object.values(oracles).filter(
  (oracle): oracle is OptimizerSubject => typeof oracle === 'object' && oracle.kind === 'optimizer',
);

/** A naive method as a module of a stranger's, with default options: it answers points, which are rounded. */
function asModule(method: string) {
  const made = naive.find((oracle) => oracle.method === method)!.create({});
  const shaped = (values: Float64Array, shapes: readonly (readonly number[])[]): Point => {
    let at = 0;
    return shapes.map((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      at += size;
      return { shape, data: values.slice(at - size, at) };
    });
  };
  return {
    name: method,
    claims: method,
    init: (x: Float64Array, { shapes }: { shapes: readonly (readonly number[])[] }) =>
      made.init(shaped(x, shapes)),
    step(x: Float64Array, g: Float64Array, state: unknown, more: { shapes: number[][]; step: number }) {
      const { shapes, step } = more;
      const moment = { parameters: shaped(x, shapes), gradient: shaped(g, shapes), loss: 1, step };
      const next = made.step(state, moment);
      const update = next.update.flatMap(({ data }) => [...data]);
      return { x: x.map((xi, i) => xi + update[i]), state: next.state };
    },
  };
}

describe('no law is broken by a right method of a stranger, which answers points', () => {
  it.each(names)('%s', async (method) => {
    const subject = await subjectOfExport(asModule(method), method);
    const { laws } = check(subject, { seed, runs: 20 });
    const found = laws.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'does not apply');
    expect(found.map(({ id, explanation }) => [id, explanation])).toEqual([]);
    expect(laws.find(({ id }) => id === 'A')).toMatchObject({ verdict: 'holds', runs: 20 });
  });
});
