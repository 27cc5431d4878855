import type { Network } from '../../subjects/network.js';
import { times, transposed } from '../dense/matrices.js';

export type { Network, NetworkLayer, Surround } from '../../subjects/network.js';

/** Where a layer's weights stand in the flat parameters: W [in, out] and then, where there is one, b. */
export interface Place {
  readonly kernel: number;
  readonly bias?: number;
  readonly end: number;
}

/** One application of a layer. */
export interface Application {
  readonly layer: number;
  /** [rows, in] */
  readonly inputs: Float64Array;
  /** φ(yΩ + τ), [rows, out] */
  readonly activated: Float64Array;
}

export interface Forward {
  readonly rows: number;
  readonly applications: readonly Application[];
  /** [terms, out] */
  readonly outputs: Float64Array;
}

/** The places of all weights. */
export function places({ layers }: Network): readonly Place[] {
  let at = 0;
  return layers.map(({ inputs, outputs, bias }) => {
    const kernel = at;
    at += inputs * outputs;
    if (!bias) return { kernel, end: at };
    at += outputs;
    return { kernel, bias: at - outputs, end: at };
  });
}

export function parameterCount(network: Network): number {
  return places(network).at(-1)!.end;
}

/** How many terms the mean loss is over. */
export function termsOf({ sharing, pooled }: Network, rows: number): number {
  return pooled ? rows / sharing : rows;
}

/** Whether a batch has at least half as many terms as the last layer inputs, the 1 of a bias among them. */
export function bearsLastLayer(network: Network, inputs: Float64Array): boolean {
  const last = network.layers[network.layers.length - 1];
  const terms = termsOf(network, inputs.length / network.layers[0].inputs);
  return last.inputs + (last.bias ? 1 : 0) <= 2 * terms;
}

/** The outputs for rows of inputs, and what every layer saw. */
export function forward(network: Network, x: Float64Array, inputs: Float64Array): Forward {
  const rows = inputs.length / network.layers[0].inputs;
  const applications: Application[] = [];
  let signal = inputs;
  places(network).forEach((place, layer) => {
    const { activation, surround, times: count = 1 } = network.layers[layer];
    for (let k = 0; k < count; k++) {
      const seen = signal;
      const before = affine(affine(seen, ...weights(x, place), rows), surround?.omega, surround?.tau, rows);
      const activated = activation === 'tanh' ? before.map(Math.tanh) : before;
      applications.push({ layer, inputs: seen, activated });
      signal = affine(activated, surround?.phi, surround?.gamma, rows);
    }
  });
  return { rows, applications, outputs: network.pooled ? pool(signal, network.sharing, rows) : signal };
}

/** Jv: the outputs' change along a direction of the parameters. */
export function push(
  network: Network,
  x: Float64Array,
  { rows, applications }: Forward,
  v: Float64Array,
): Float64Array {
  const all = places(network);
  let change: Float64Array = new Float64Array(rows * network.layers[0].inputs);
  for (const { layer, inputs, activated } of applications) {
    const { activation, surround } = network.layers[layer];
    const [kernel] = weights(x, all[layer]);
    const own = affine(inputs, ...weights(v, all[layer]), rows);
    const carried = affine(change, kernel, undefined, rows);
    const before = affine(
      own.map((entry, i) => entry + carried[i]),
      surround?.omega,
      undefined,
      rows,
    );
    const after = activation === 'tanh' ? before.map((d, i) => d * (1 - activated[i] ** 2)) : before;
    change = affine(after, surround?.phi, undefined, rows);
  }
  return network.pooled ? pool(change, network.sharing, rows) : change;
}

/** Jᵀu over the flat parameters, and the derivative by every layer's product x·W, [rows, out]. */
export function pull(
  network: Network,
  x: Float64Array,
  { rows, applications }: Forward,
  u: Float64Array,
): { readonly gradient: Float64Array; readonly errors: readonly Float64Array[] } {
  const all = places(network);
  const gradient = new Float64Array(parameterCount(network));
  const errors: Float64Array[] = [];
  let error = network.pooled ? unpool(u, network.sharing, rows) : u;
  for (const { layer, inputs, activated } of applications.toReversed()) {
    const { activation, surround, inputs: width } = network.layers[layer];
    const back = (signal: Float64Array, matrix: Float64Array | undefined) =>
      matrix === undefined
        ? signal
        : affine(signal, transposed(matrix, Math.sqrt(matrix.length)), undefined, rows);
    const after = back(error, surround?.phi);
    const before = activation === 'tanh' ? after.map((d, i) => d * (1 - activated[i] ** 2)) : after;
    const own = back(before, surround?.omega);
    errors.unshift(own);
    const outputs = own.length / rows;
    const { kernel, bias } = all[layer];
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < outputs; j++) {
        const e = own[row * outputs + j];
        if (bias !== undefined) gradient[bias + j] += e;
        for (let i = 0; i < width; i++) gradient[kernel + i * outputs + j] += inputs[row * width + i] * e;
      }
    }
    error = affine(own, transposed(weights(x, all[layer])[0], width), undefined, rows);
  }
  return { gradient, errors };
}

function weights(x: Float64Array, { kernel, bias, end }: Place): [Float64Array, Float64Array | undefined] {
  return [x.subarray(kernel, bias ?? end), bias === undefined ? undefined : x.subarray(bias, end)];
}

/** Each row times a matrix, plus a vector; the rows themselves without a matrix. */
function affine(
  signal: Float64Array,
  matrix: Float64Array | undefined,
  shift: Float64Array | undefined,
  rows: number,
): Float64Array {
  if (matrix === undefined) return signal;
  const width = signal.length / rows;
  const byColumn = transposed(matrix, width);
  return Float64Array.from(
    Array.from({ length: rows }, (_, row) => {
      const product = times(byColumn, signal.subarray(row * width, (row + 1) * width));
      return [...(shift === undefined ? product : product.map((entry, j) => entry + shift[j]))];
    }).flat(),
  );
}

function pool(signal: Float64Array, sharing: number, rows: number): Float64Array {
  const width = signal.length / rows;
  const pooled = new Float64Array((rows / sharing) * width);
  signal.forEach((entry, at) => {
    const row = Math.floor(at / width);
    pooled[Math.floor(row / sharing) * width + (at % width)] += entry / sharing;
  });
  return pooled;
}

function unpool(u: Float64Array, sharing: number, rows: number): Float64Array {
  const width = (u.length * sharing) / rows;
  return Float64Array.from({ length: rows * width }, (_, at) => {
    const row = Math.floor(at / width);
    return u[Math.floor(row / sharing) * width + (at % width)] / sharing;
  });
}
