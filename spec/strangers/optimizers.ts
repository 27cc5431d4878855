import * as oracles from '../oracles/index.js';
import { subjectOfExport } from '../subjects/foreign/subject-of-export.js';
import type { OptimizerSubject, Point, Subject } from '../subjects/subject.js';

/** Methods that are shown gradients alone. */
const shownGradients = [
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

/** Right optimizers as modules of a stranger's: the naive methods, with default options. */
export function strangerOptimizers(): Promise<readonly Subject[]> {
  return Promise.all(shownGradients.map((method) => subjectOfExport(asModule(method), method)));
}

/** A naive method by `init` and `step`: it answers points, which are rounded. */
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
