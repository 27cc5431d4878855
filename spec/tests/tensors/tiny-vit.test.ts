import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { entries, leaves, mapTree, Random } from '../../../src/index.js';
import {
  classification,
  type TinyVitOptions,
  tensors,
  tinyVit,
  useBackend,
} from '../../../src/tensors/index.js';

const images = (count: number) => tensors.array(new Random(7).uniforms(count * 3_072), [count, 3_072]);
const labels = (count: number) =>
  tf.tensor1d(
    Array.from({ length: count }, (_, i) => i % 10),
    'int32',
  );

describe('tinyVit', () => {
  afterAll(() => useBackend('cpu'));

  it('has the published parameters, under the names of its layers', async () => {
    await useBackend('wasm');
    const parameters = tinyVit().start(new Random(1));
    const shapes = new Map(entries(tensors, parameters).map(([path, leaf]) => [path, leaf.shape]));
    expect([...shapes.values()].reduce((sum, shape) => sum + tf.util.sizeFromShape(shape), 0)).toBe(556_042);
    expect(shapes.get('patch/kernel')).toEqual([192, 128]);
    expect(shapes.get('blocks/0/attention/query/kernel')).toEqual([128, 128]);
    expect(shapes.get('blocks/3/mlp/in/kernel')).toEqual([128, 256]);
    expect(shapes.get('head/kernel')).toEqual([128, 10]);
    const kernel = entries(tensors, parameters).find(([path]) => path === 'blocks/1/mlp/out/kernel')![1];
    const drawn = tensors.values(kernel);
    const variance = drawn.reduce((sum, entry) => sum + entry * entry, 0) / drawn.length;
    expect(Math.abs(variance * 256 - 1)).toBeLessThan(5 * Math.sqrt(2 / drawn.length)); // lecun: 1/inputs
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(2 / (0.8796 * 16)); // cut off at two deviations
    tf.dispose(leaves(tensors, parameters));
  });

  it('has one loss and gradient on wasm and cpu, with what is dropped and without', async () => {
    const options: TinyVitOptions[] = [
      { dropout: 0 },
      {},
      { classToken: 'last', readout: 'first' },
      { classToken: 'last' },
    ];
    const answers: { [backend: string]: { loss: number; norms: number[] }[] } = {};
    for (const backend of ['wasm', 'cpu'] as const) {
      await useBackend(backend, backend === 'wasm' ? { threads: 2 } : {});
      answers[backend] = options.map((option) => {
        const problem = classification(tinyVit(option));
        const before = tensors.live();
        const parameters = problem.start(new Random(3));
        const batch = { inputs: images(1), labels: labels(1), seed: 5 };
        const { value, gradient } = problem.valueAndGradient(parameters, batch);
        const again = problem.value(parameters, batch);
        expect(tensors.number(again)).toBe(tensors.number(value));
        const norms = leaves(tensors, gradient).map((leaf) => Math.hypot(...tensors.values(leaf)));
        const loss = tensors.number(value);
        tf.dispose([value, again, batch.inputs, batch.labels, ...leaves(tensors, [parameters, gradient])]);
        expect(tensors.live()).toBe(before);
        return { loss, norms };
      });
    }
    for (const [i, ours] of answers.wasm.entries()) {
      const theirs = answers.cpu[i];
      expect(Math.abs(ours.loss - theirs.loss)).toBeLessThanOrEqual(1e-5 * theirs.loss);
      // Some are 0 but for rounding: adding to all keys alike changes no weight of attention.
      const whole = Math.hypot(...theirs.norms);
      ours.norms.forEach((norm, k) => {
        expect(Math.abs(norm - theirs.norms[k])).toBeLessThanOrEqual(1e-4 * theirs.norms[k] + 1e-6 * whole);
      });
    }
    expect(new Set(answers.cpu.map(({ loss }) => loss)).size).toBe(options.length);
  });

  it('has the gradient that differences give', async () => {
    await useBackend('wasm');
    const problem = classification(tinyVit());
    const parameters = problem.start(new Random(3));
    const batch = { inputs: images(8), labels: labels(8), seed: 9 };
    const { gradient } = problem.valueAndGradient(parameters, batch);
    const squares = leaves(tensors, gradient).map((leaf) => tensors.number(tensors.dot(leaf, leaf)));
    const norm = Math.sqrt(squares.reduce((sum, square) => sum + square));
    // Along the gradient itself the slope is its norm; float32 losses near 2.5 leave h the digits for 1 in 200.
    const h = 1e-2;
    const moved = (t: number) => {
      const along = mapTree(tensors, (x, g) => tensors.combine(1, x, t / norm, g), parameters, gradient);
      return tensors.number(problem.value(along, batch));
    };
    const slope = (moved(h) - moved(-h)) / (2 * h);
    expect(Math.abs(slope / norm - 1)).toBeLessThan(5e-3);
  });

  // What stands last and is read out first is a patch: published with the experiment on CIFAR-10.
  it.each<[string, TinyVitOptions, boolean]>([
    ['the class token, first', {}, true],
    ['the class token, last', { classToken: 'last' }, true],
    ['token 0 where the class token is the last', { classToken: 'last', readout: 'first' }, false],
  ])('reads out what has seen the image through attention alone: %s', async (_, options, holds) => {
    await useBackend('wasm');
    tf.tidy(() => {
      const model = tinyVit({ ...options, dropout: 0 });
      // Without values attention brings nothing: the class token is the same for every image.
      const started = model.start(new Random(3));
      const values = new Set(
        entries(tensors, started).flatMap(([path, leaf]) => (path.includes('attention/value') ? [leaf] : [])),
      );
      const parameters = mapTree(tensors, (leaf) => (values.has(leaf) ? tf.zerosLike(leaf) : leaf), started);
      const outputs = [...model.outputsOf(parameters, images(2)).dataSync()];
      const apart = Math.max(...outputs.slice(0, 10).map((o, i) => Math.abs(o - outputs[i + 10])));
      if (holds) expect(apart).toBeLessThan(1e-5);
      else expect(apart).toBeGreaterThan(1e-2);
    });
  });

  it('says what is wrong with an option', () => {
    expect(() => tinyVit({ dropout: 1 })).toThrow('tinyVit(dropout): expected a number in [0, 1), got 1');
    expect(() => tinyVit({ classToken: 'middle' as 'last' })).toThrow('tinyVit(classToken)');
    expect(() => tinyVit({ readout: 'last' as 'class' })).toThrow('tinyVit(readout)');
    expect(() => tinyVit({ drop: 1 } as object)).toThrow('tinyVit(drop)');
  });
});
