import { type Examples, float64, type HostArray, type Problem, type Tree } from '../../src/index.js';

/** What a batch says: where the minimum of its loss lies. */
export interface Target {
  readonly at: HostArray;
}

const dimensions = 3;
const examples = 11;
const scales = [0.5, 1, 2];

/** ½ Σ sᵢ(xᵢ − tᵢ)², t the mean of a batch's targets: the steps tell which batch they saw. */
export const targets: Problem<HostArray, Target> = {
  name: 'targets',
  algebra: float64,
  start: (random) => float64.array(random.normals(dimensions), [dimensions]),
  value: (x, { at }) => value(x, at),
  valueAndGradient: (x, { at }) => ({
    value: value(x, at),
    gradient: float64.mul(float64.sub(x as HostArray, at), weights()),
  }),
};

const weights = () => float64.array(scales, [dimensions]);

const value = (x: Tree<HostArray>, at: HostArray) =>
  float64.div(float64.sum(float64.mul(float64.square(float64.sub(x as HostArray, at)), weights())), 2);

/** Its examples, and how many batches of them are alive. */
export function targetExamples(): Examples<Target> & { alive: number } {
  return {
    name: 'targets',
    size: examples,
    alive: 0,
    batch(positions) {
      this.alive++;
      const mean = scales.map((_, i) => {
        let sum = 0;
        for (const position of positions) sum += Math.sin(1 + position * (i + 1));
        return sum / positions.length;
      });
      return { at: float64.array(mean, [dimensions]) };
    },
    release({ at }) {
      this.alive--;
      float64.release(at);
    },
  };
}
