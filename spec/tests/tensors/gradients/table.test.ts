import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../../../src/tensors/backend.js';
import { type BackendName, useBackend } from '../../../../src/tensors/index.js';
import { wasmFolder } from '../../../../src/tensors/node-backend.js';
import { agree, type Behaviour, behaviour, dependent, reference, specials } from './backends.js';
import { families, type Op } from './ops.js';

const ops = Object.values(families).flat();
const everywhere = ['cpu', 'wasm'] as const;
/** On machines that have them. */
const elsewhere: BackendName[] = ['tfjs-node', 'tfjs-node-gpu'];

type Verdict = 'right' | 'wrong' | 'refused' | 'kept' | 'lost';

/** What TensorFlow's own kernels do not compute, and say so, or have another answer for than the CPU. */
const native: { readonly [op: string]: readonly Verdict[] } = {
  'conv3d dilation 2': ['refused', 'refused', 'lost'],
  maxPoolWithArgmax: ['refused', 'refused', 'lost'],
  // fmod(x, ∞) = x, where x − ⌊x/∞⌋·∞ is NaN; no int32 stands for NaN.
  ...{ mod: ['right', 'right', 'lost'], 'mod spread left': ['right', 'right', 'lost'] },
  ...{ 'mod spread right': ['right', 'right', 'lost'], cast: ['right', 'right', 'lost'] },
};

const stock = new Map<string, Map<Op, Behaviour>>();
const repaired = new Map<string, Map<Op, Behaviour>>();
const wanted = new Map<Op, ReturnType<typeof reference>>();
const goesInto = new Map<Op, string[]>();
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
  for (const op of ops) {
    wanted.set(op, reference(op));
    goesInto.set(op, dependent(op));
  }
}, 300_000);

const first = (op: Op, { gradient }: Behaviour): Verdict =>
  typeof gradient === 'string'
    ? 'refused'
    : agree(op, gradient, wanted.get(op)!.gradient)
      ? 'right'
      : 'wrong';

const second = (op: Op, { derivatives }: Behaviour): Verdict =>
  typeof derivatives === 'string'
    ? 'refused'
    : agree(op, derivatives.product, wanted.get(op)!.product)
      ? 'right'
      : 'wrong';

/**
 * Whether special values are passed on: a NaN to every entry that its own goes into, infinities as on the CPU.
 * Zeros that pad an image may be multiplied by what the filter holds: such entries may be NaN.
 */
function special(op: Op, { special: found }: Behaviour): Verdict {
  const kinds = Object.keys(specials);
  const kept = found.every((entries, k) => {
    const [input, kind] = [Math.floor(k / kinds.length), kinds[k % kinds.length]];
    const due = kind.endsWith('NaN')
      ? goesInto.get(op)![input]
      : (repaired.get('cpu')!.get(op)!.special[k] as string);
    if (op.chooses) return true;
    return [...due].every((wish, i) => wish === '.' || entries[i] === wish || entries[i] === 'n');
  });
  return kept ? 'kept' : 'lost';
}

const columns = [first, second, special];

describe('repaired', () => {
  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    for (const [backend, behaviours] of repaired) {
      const verdicts = columns.map((column) => column(op, behaviours.get(op)!));
      const due = (backend.startsWith('tfjs-node') && native[op.name]) || ['right', 'right', 'kept'];
      const found = JSON.stringify(behaviours.get(op)!.derivatives).slice(0, 200);
      expect([backend, ...verdicts], found).toEqual([backend, ...due]);
    }
  });
});

describe('recorded: Jv and Jᵀu', () => {
  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    for (const [backend, behaviours] of repaired) {
      const { products } = behaviours.get(op)!;
      if (backend.startsWith('tfjs-node') && native[op.name]?.[0] === 'refused') continue;
      expect(products, backend).toBeInstanceOf(Array);
      expect(agree(op, products as readonly number[], wanted.get(op)!.products), backend).toBe(true);
    }
  });
});

it('the table would tell: stock TensorFlow.js has wrong and refused derivatives, and loses NaN', () => {
  const found = ops.flatMap((op) => columns.map((column) => column(op, stock.get('wasm')!.get(op)!)));
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
    '',
    ...Object.entries(families).flatMap(([family, members]) => [
      `## ${family[0].toUpperCase()}${family.slice(1)}`,
      '',
      '| operation | cpu ∇ | cpu Hv | cpu NaN, ∞ | wasm ∇ | wasm Hv | wasm NaN, ∞ |',
      '|---|---|---|---|---|---|---|',
      ...grouped(members).map(([name, group]) => {
        const cells = everywhere.flatMap((backend) =>
          columns.map((column) => {
            const [before, after] = [stock, repaired].map((behaviours) =>
              worst(group.map((op) => column(op, behaviours.get(backend)!.get(op)!))),
            );
            return before === after ? after : `${before} → **${after}**`;
          }),
        );
        return `| ${name} | ${cells.join(' | ')} |`;
      }),
      '',
    ]),
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../../docs/gradients.md');
});

const severity: readonly Verdict[] = ['right', 'kept', 'refused', 'lost', 'wrong'];
const worst = (verdicts: readonly Verdict[]) =>
  verdicts.reduce((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a));

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
