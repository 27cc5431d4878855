import * as tf from '@tensorflow/tfjs';
import { type LinearOperator, onBatch, Random } from '../../src/index.js';
import { classification, kernelsInUse, tinyVit, useBackend } from '../../src/tensors/index.js';
import { benchSteps } from './curvature-steps.js';
import { rounds } from './rounds.js';
import { median } from './tfjs-way.js';
import { vitBatch } from './tiny-vit-contest.js';

/** A product with a curvature of TinyViT in multiples of its gradient, the first at a point and each further one; then steps. */
export async function bench(): Promise<void> {
  await useBackend('wasm');
  const examples = 128;
  const problem = classification(tinyVit({ dropout: 0 }));
  const parameters = problem.start(new Random(1));
  const direction = problem.start(new Random(2));
  const batch = vitBatch(examples);
  const objective = onBatch(problem, () => batch);
  const timed = (body: () => void): number => {
    const from = performance.now();
    body();
    return performance.now() - from;
  };
  const kinds = ['hessian', 'gaussNewton'] as const;
  const ratios = new Map<string, number[]>();
  const gradients: number[] = [];
  for (const round of rounds('products', 9, 60)) {
    const gradient = timed(() => tf.tidy(() => void objective.valueAndGradient(parameters)));
    if (round > 0) gradients.push(gradient);
    for (const kind of kinds) {
      tf.tidy(() => {
        let operator: LinearOperator<tf.Tensor>;
        const first = timed(() => {
          operator = objective.curvature!(kind, parameters);
          operator.apply(direction);
        });
        const further = timed(() => void operator.apply(direction));
        if (round === 0) return; // warms up
        for (const [which, time] of Object.entries({ first, further })) {
          const name = `${kind}, ${which}`;
          ratios.set(name, [...(ratios.get(name) ?? []), time / gradient]);
        }
      });
    }
  }
  console.log(
    `Curvature of tinyVit, batch ${examples}, ${kernelsInUse()}, products in multiples of a gradient`,
  );
  console.log(`  gradient                 ${median(gradients).toFixed(0)} ms`);
  const beside = {
    hessian: 'goal 2.4; JAX 2.6, curvlinops compiled 1.1–2.9',
    gaussNewton: 'goal 2.1; curvlinops compiled 0.9–2.1',
  };
  for (const [name, all] of ratios) {
    const [kind] = name.split(',') as [keyof typeof beside];
    console.log(`  ${name.padEnd(24)} ${median(all).toFixed(2)}   ${beside[kind]}`);
  }
  tf.dispose([parameters, direction, batch.inputs, batch.labels] as tf.TensorContainer);
  await benchSteps();
}
