import { writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../../../src/tensors/backend.js';
import { useBackend } from '../../../../src/tensors/index.js';
import { startWebgpu } from '../../../../src/tensors/webgpu-backend.js';
import { addSoftwareAdapter } from '../software-adapter.js';
import { agree, type Behaviour, behaviour, reference } from './backends.js';
import { type Op, ops } from './ops.js';
import { judge } from './verdicts.js';
import recorded from './webgpu.json' with { type: 'json' };

/*
 * Each operation compiles kernels, for a second or so on an adapter in software. Without FLUXION_WEBGPU=all only some
 * are tried: those whose kernels are mended for WebGPU, one for each way in which they are wrong. What all of them make
 * is recorded in webgpu.json for docs/gradients.md, stock and repaired: FLUXION_WEBGPU=record, some minutes.
 */
const mended = [
  'tan',
  'asinh',
  'sigmoid',
  'softmax',
  'max axis 1',
  'prod axis -1',
  'avgPool 3 stride 1 pad same',
  'localResponseNormalization',
];
/** No int32 stands for ∞: where the CPU's is 0, of which 0·∞ makes NaN, the card's is the largest. */
const cut = new Set(['cast']);
const { FLUXION_WEBGPU: asked } = process.env;
const chosen = ops.filter(({ name }) => asked !== undefined || mended.includes(name));
const onCard = (some: readonly Op[]) => new Map(some.map((op) => [op, behaviour(op)]));

addSoftwareAdapter();
const unstarted = await startWebgpu();
if (unstarted === null) tf.env().set('WEBGPU_CPU_FORWARD', false); // else small arrays never see the card
const stock = unstarted === null && asked === 'record' ? onCard(ops) : new Map<Op, Behaviour>();
const missing = unstarted ?? (await start('webgpu'));

describe.skipIf(missing !== null)(`on webgpu ${missing?.reason ?? ''}`, () => {
  let found = new Map<Op, Behaviour>();
  let verdicts: ReturnType<typeof judge>;
  beforeAll(async () => {
    found = onCard(chosen);
    (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();
    await useBackend('cpu');
    verdicts = judge(new Map(chosen.map((op) => [op, behaviour(op)])));
    if (asked === 'record') record();
  }, 1_200_000);

  const said = (op: Op, from: ReadonlyMap<Op, Behaviour>) => verdicts(op, from.get(op)!).join(' ');
  const record = () =>
    writeFileSync(
      new URL('webgpu.json', import.meta.url),
      `${JSON.stringify(
        {
          about: 'recorded with Dawn of the package webgpu 0.6 and the graphics card in software SwiftShader',
          verdicts: Object.fromEntries(ops.map((op) => [op.name, [said(op, stock), said(op, found)]])),
        },
        null,
        2,
      )}\n`,
    );

  it.each(chosen.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    const { derivatives, products } = found.get(op)!;
    const told = JSON.stringify(derivatives).slice(0, 200);
    expect(said(op, found), told).toBe(`right right ${cut.has(op.name) ? 'lost' : 'kept'}`);
    expect(agree(op, products as never, reference(op).products), `Jv, Jᵀu: ${products}`).toBe(true);
    if (asked !== 'record')
      expect((recorded.verdicts as Record<string, string[]>)[op.name][1]).toBe(said(op, found));
  });
});
