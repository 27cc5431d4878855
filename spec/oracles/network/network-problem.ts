import { flatten } from '../../../src/algebra/flatten.js';
import { entries } from '../../../src/algebra/tree.js';
import {
  type Algebra,
  type CurvatureKind,
  denseOperator,
  type LabelSource,
  type LayersSeen,
  type Linearization,
  mapTree,
  type Problem,
  type Random,
  type Tree,
} from '../../../src/index.js';
import {
  denseEmpiricalFisher,
  denseFisher,
  denseGaussNewton,
  denseHessian,
  lossAndGradient,
  mapTerms,
  residuals,
  type Setting,
} from './dense-curvature.js';
import { termLosses } from './losses.js';
import { forward, type Network, places, pull, push, termsOf } from './network.js';

export interface NetworkBatch {
  /** [examples·sharing, in] */
  readonly inputs: Float64Array;
  readonly labels: Float64Array;
}

export interface NetworkOptions {
  /** The flat parameters that a run starts from; default normal with variance 1/in, biases 0. */
  start?: Float64Array;
  /**
   * How the signs of LabelSource 'signs' fall: at random, or with a mean of uuᵀ over any four terms in a row that is I
   * to the bit, for at most three outputs: a batch then knows the exact Fisher of a linear network.
   */
  signs?: 'random' | 'balanced';
}

const kinds = {
  hessian: denseHessian,
  gaussNewton: denseGaussNewton,
  fisher: denseFisher,
  empiricalFisher: denseEmpiricalFisher,
} satisfies Record<CurvatureKind, (setting: Setting) => Float64Array>;

/** Columns of a Hadamard matrix of order 4. */
const patterns = [-1, -1, 1, -1, 1, -1, 1, -1, -1, 1, 1, 1];

/** A sign for one of at most three outputs: over any four terms in a row the mean of uuᵀ is I. */
export function balancedSign(term: number, output: number): number {
  return patterns[(term % 4) * 3 + output];
}

/**
 * A network in closed form as a problem: the oracle's plain loops, lifted into any arithmetic. Parameters are
 * `{ layer0: { kernel, bias }, … }`.
 *
 * @example networkProblem(float64, network, { signs: 'balanced' }).layers(parameters, batch, 'signs', random)
 */
export function networkProblem<T>(
  algebra: Algebra<T>,
  network: Network,
  { start, signs = 'random' }: NetworkOptions = {},
): Required<Omit<Problem<T, NetworkBatch>, 'evaluate'>> {
  const all = places(network);
  const loss = termLosses[network.loss];
  const tree = (values: Float64Array): Tree<T> =>
    Object.fromEntries(
      network.layers.map(({ inputs, outputs }, l) => {
        const { kernel, bias, end } = all[l];
        return [
          `layer${l}`,
          {
            kernel: algebra.array(values.slice(kernel, bias ?? end), [inputs, outputs]),
            ...(bias !== undefined && { bias: algebra.array(values.slice(bias, end), [outputs]) }),
          },
        ];
      }),
    );
  const setting = (parameters: Tree<T>, { inputs, labels }: NetworkBatch): Setting => ({
    network,
    x: flatten(algebra, parameters),
    inputs,
    labels,
  });
  const sign = (random: Random, term: number, output: number) => {
    if (signs === 'random') return random.sign();
    return balancedSign(term, output);
  };

  return {
    name: 'network',
    algebra,
    start: (random) =>
      tree(
        start ??
          Float64Array.from(
            network.layers.flatMap(({ inputs, outputs, bias }) => [
              ...random.normals(inputs * outputs).map((w) => w / Math.sqrt(inputs)),
              ...(bias ? new Float64Array(outputs) : []),
            ]),
          ),
      ),
    value: (parameters, batch) => algebra.fill([], lossAndGradient(setting(parameters, batch)).value),
    valueAndGradient(parameters, batch) {
      const { value, gradient } = lossAndGradient(setting(parameters, batch));
      return { value: algebra.fill([], value), gradient: tree(gradient) };
    },
    curvatures: Object.keys(kinds) as CurvatureKind[],
    curvature(kind, parameters, batch) {
      return denseOperator(algebra, kinds[kind](setting(parameters, batch)), parameters, {
        name: kind,
        symmetric: true,
        positiveSemidefinite: kind !== 'hessian',
      });
    },
    linearized(parameters, batch): Linearization<T> {
      const at = setting(parameters, batch);
      const passed = forward(network, at.x, at.inputs);
      const terms = termsOf(network, passed.rows);
      const width = passed.outputs.length / terms;
      const lift = (values: Float64Array) => algebra.array(values, [terms, width]);
      const byTerm = (v: T, f: (z: Float64Array, v: Float64Array, y: Float64Array) => Float64Array) => {
        const values = algebra.values(v);
        return lift(mapTerms(at, passed, (z, y, t) => f(z, values.subarray(t * width, (t + 1) * width), y)));
      };
      return {
        outputs: lift(passed.outputs),
        examples: passed.rows / network.sharing,
        push(v, paths) {
          const selected = entries(algebra, v).map(([path, leaf]) =>
            paths?.has(path) === false ? algebra.mul(leaf, 0) : leaf,
          );
          return lift(push(network, at.x, passed, flatten(algebra, selected)));
        },
        pull: (u) => tree(pull(network, at.x, passed, algebra.values(u)).gradient),
        pullRows(us) {
          const count = passed.rows / network.sharing;
          const rows = us.flatMap((u) => {
            const values = algebra.values(u);
            const size = values.length / count;
            return Array.from({ length: count }, (_, i) => {
              const own = new Float64Array(values.length);
              own.set(values.subarray(i * size, (i + 1) * size), i * size);
              return pull(network, at.x, passed, own).gradient;
            });
          });
          const row = (x: T) => algebra.reshape(x, [1, ...algebra.shape(x)]);
          const [first, ...others] = rows.map(tree);
          return mapTree(algebra, (...parts) => algebra.concat(parts.map(row), 0), first, ...others);
        },
        loss: {
          terms,
          curvatureProduct: (v) =>
            byTerm(v, (z, vt) => {
              const h = loss.hessian(z);
              return vt.map((_, i) => vt.reduce((sum, vj, j) => sum + h[i * width + j] * vj, 0) / terms);
            }),
          factorProduct: (u) => byTerm(u, (z, ut) => loss.factor(z, ut).map((f) => f / Math.sqrt(terms))),
          residual: () => lift(residuals(at, passed)),
          residualProduct: (v) =>
            byTerm(v, (z, vt, y) => {
              const r = loss.residual(z, y); // of one term; 1/terms of it is in the mean
              const along = r.reduce((sum, ri, i) => sum + ri * vt[i], 0);
              return r.map((ri) => (ri * along) / terms);
            }),
          sampledResidual: (random) =>
            lift(mapTerms(at, passed, (z) => loss.residual(z, loss.sample(z, random)).map((r) => r / terms))),
        },
      };
    },
    layers(parameters, batch, labels: LabelSource, random): LayersSeen<T> {
      const at = setting(parameters, batch);
      const passed = forward(network, at.x, at.inputs);
      const terms = termsOf(network, passed.rows);
      const sent = mapTerms(at, passed, (z, y, t) => {
        const own =
          labels === 'signs'
            ? loss.factor(
                z,
                z.map((_, output) => sign(random, t, output)),
              )
            : loss.residual(z, labels === 'given' ? y : loss.sample(z, random));
        return own.map((r) => r / terms);
      });
      const { errors } = pull(network, at.x, passed, sent);
      const found: LayersSeen<T> = {
        terms,
        layers: passed.applications.flatMap(({ layer, inputs }, a) => {
          const { inputs: width, outputs, bias, times = 1 } = network.layers[layer];
          if (times > 1) return [];
          return {
            kernel: `layer${layer}/kernel`,
            ...(bias && { bias: `layer${layer}/bias` }),
            inputs: algebra.array(inputs, [passed.rows, width]),
            errors: algebra.array(errors[a], [passed.rows, outputs]),
            examples: passed.rows / network.sharing,
            sharing: network.sharing,
          };
        }),
        unmatched: network.layers.flatMap(({ bias, times = 1 }, l) =>
          times === 1
            ? []
            : [`layer${l}/kernel`, ...(bias ? [`layer${l}/bias`] : [])].map((path) => ({
                path,
                reason: 'used twice',
              })),
        ),
      };
      return found;
    },
  };
}
