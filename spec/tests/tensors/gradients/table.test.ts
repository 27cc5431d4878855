import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../../../src/tensors/backend.js';
import { type BackendName, useBackend } from '../../../../src/tensors/index.js';
import { wasmFolder } from '../../../../src/tensors/node-wasm-folder.js';
import { agree, type Behaviour, behaviour, reference } from './backends.js';
import { families, type Op, ops } from './ops.js';
import { judge, type Verdicts, worst } from './verdicts.js';
import recordedOnWebgpu from './webgpu.json' with { type: 'json' };

const everywhere = ['cpu', 'wasm'] as const;
/** On machines that have them. */
const elsewhere: BackendName[] = ['tfjs-node', 'tfjs-node-gpu'];

/** What TensorFlow's own kernels do not compute, and say so, or have another answer for than the CPU. */
const native: { readonly [op: string]: Verdicts } = {
  'conv3d dilation 2': ['refused', 'refused', 'lost'],
  // fmod(x, ∞) = x, where x − ⌊x/∞⌋·∞ is NaN; no int32 stands for NaN.
  ...{ mod: ['right', 'right', 'lost'], 'mod spread left': ['right', 'right', 'lost'] },
  ...{ 'mod spread right': ['right', 'right', 'lost'], cast: ['right', 'right', 'lost'] },
};

const stock = new Map<string, Map<Op, Behaviour>>();
const repaired = new Map<string, Map<Op, Behaviour>>();
let verdicts: ReturnType<typeof judge>;
const measured = () => new Map(ops.map((op) => [op, behaviour(op)]));

beforeAll(async () => {
  setWasmPaths(wasmFolder());
  for (const backend of everywhere) {
    await tf.setBackend(backend);
    stock.set(backend, measured());
  }
  for (const backend of everywhere) {
    await useBackend(backend);
    repaired.set(backend, measured());
  }
  for (const backend of elsewhere) {
    if ((await start(backend)) === null) repaired.set(backend, measured());
  }
  await useBackend('cpu');
  verdicts = judge(repaired.get('cpu')!);
}, 300_000);

describe('repaired', () => {
  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    for (const [backend, behaviours] of repaired) {
      const due = (backend.startsWith('tfjs-node') && native[op.name]) || ['right', 'right', 'kept'];
      const found = JSON.stringify(behaviours.get(op)!.derivatives).slice(0, 200);
      expect([backend, ...verdicts(op, behaviours.get(op)!)], found).toEqual([backend, ...due]);
    }
  });
});

describe('recorded: Jv and Jᵀu', () => {
  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    const wanted = reference(op);
    for (const [backend, behaviours] of repaired) {
      const { products } = behaviours.get(op)!;
      if (backend.startsWith('tfjs-node') && native[op.name]?.[0] === 'refused') continue;
      expect(products, backend).toBeInstanceOf(Array);
      expect(agree(op, products as readonly number[], wanted.products), backend).toBe(true);
    }
  });
});

it('the table would tell: stock TensorFlow.js has wrong and refused derivatives, and loses NaN', () => {
  const found = ops.flatMap((op) => verdicts(op, stock.get('wasm')!.get(op)!));
  expect(new Set(found)).toEqual(new Set(['right', 'wrong', 'refused', 'kept', 'lost']));
});

it('docs/gradients.md lists every operation, stock and repaired', async () => {
  const page = [
    '# Derivatives of TensorFlow.js',
    '',
    'Made by `spec/tests/tensors/gradients/table.test.ts`: to renew it, run that file with `--update`.',
    '',
    'For every operation the gradient (∇) and a Hessian-vector product (Hv), in float32 against float64, which is',
    'held against central differences; and whether NaN (of both signs) and ±∞ are passed on. “wrong → right” is',
    'stock TensorFlow.js 4.22 before, `repairGradients()` and `useBackend()` after the arrow; one word where',
    'nothing needed mending. *Refused* is an error that names the operation, or a kernel that is missing.',
    'Where an operation was tried in several ways (strides, axes, spreading), the worst of them counts.',
    `WebGPU: ${recordedOnWebgpu.about}.`,
    '',
    ...Object.entries(families).flatMap(([family, members]) => [
      `## ${family[0].toUpperCase()}${family.slice(1)}`,
      '',
      `| operation |${['cpu', 'wasm', 'webgpu'].map((name) => ` ${name} ∇ | ${name} Hv | ${name} NaN, ∞ |`).join('')}`,
      `|---|${'---|'.repeat(9)}`,
      ...grouped(members).map(([name, group]) => {
        const measured = everywhere.map((backend) =>
          [stock, repaired].map((all) => group.map((op) => verdicts(op, all.get(backend)!.get(op)!))),
        );
        const cells = [...measured, onWebgpu(group)].flatMap((pair) => {
          const [before, after] = pair.map(worst);
          return before.map((was, k) => (was === after[k] ? was : `${was} → **${after[k]}**`));
        });
        return `| ${name} | ${cells.join(' | ')} |`;
      }),
      '',
    ]),
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../../docs/gradients.md');
});

/** Of a group of operations on WebGPU, as recorded: stock and repaired. */
const onWebgpu = (group: readonly Op[]): Verdicts[][] => {
  const all = recordedOnWebgpu.verdicts as { readonly [op: string]: readonly string[] };
  return [0, 1].map((when) =>
    group.map(({ name }) => {
      expect(all, 'recorded by webgpu.test.ts').toHaveProperty([name]);
      return all[name][when].split(' ') as unknown as Verdicts;
    }),
  );
};

/** Operations by name, without the variant: 'conv2d stride 2' is a 'conv2d'. */
function grouped(members: readonly Op[]): [string, Op[]][] {
  const groups = new Map<string, Op[]>();
  for (const op of members) {
    const words = op.name.split(/[ ,]+/);
    const name = words[0] === 'fused' ? `${words[0]} ${words[1]}` : words[0];
    groups.set(name, [...(groups.get(name) ?? []), op]);
  }
  return [...groups];
}
