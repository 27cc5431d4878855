import type * as Tf from '@tensorflow/tfjs';

/** An operation to be differentiated: a smooth function of float32 tensors near the inputs drawn for it. */
export interface Op {
  readonly name: string;
  readonly inputs: readonly Input[];
  compute(tf: typeof Tf, ...x: Tf.Tensor[]): Tf.Tensor;
  /** It goes by comparisons or by int32, in which NaN and ∞ have no part. */
  readonly chooses?: true;
  /** Where the kernel itself is but a fit (erf, Abramowitz and Stegun 7.1.26), how far its slopes are off. */
  readonly fit?: number;
}

/** Entries lie in the range, at random; without one they are normal deviates. */
export interface Input {
  readonly shape: readonly number[];
  readonly range?: readonly [number, number];
}

const input = (shape: readonly number[], range?: readonly [number, number]): Input => ({
  shape,
  ...(range && { range }),
});
type Compute = Op['compute'];
const op = (name: string, inputs: readonly Input[], compute: Compute): Op => ({ name, inputs, compute });
const unary = (name: string, range?: readonly [number, number]): Op =>
  op(name, [input([3, 4], range)], (tf, x) => (tf as unknown as Named)[name](x));
const binary = (name: string, a?: readonly [number, number], b = a): Op[] =>
  (
    [
      ['', [3, 4], [3, 4]],
      [' spread left', [4], [3, 4]],
      [' spread right', [2, 3, 1], [3, 4]],
    ] as const
  ).map(([spread, left, right]) =>
    op(`${name}${spread}`, [input(left, a), input(right, b)], (tf, x, y) =>
      (tf as unknown as Named)[name](x, y),
    ),
  );
interface Named {
  readonly [name: string]: (...inputs: Tf.Tensor[]) => Tf.Tensor;
}
const shaped = <S extends Tf.Tensor>(x: Tf.Tensor) => x as S;
const int = (tf: typeof Tf, values: number[], shape: number[] = [values.length]) =>
  tf.tensor(values, shape, 'int32');

const elementwise: readonly Op[] = [
  ...['abs', 'cos', 'cosh', 'exp', 'expm1', 'neg', 'sin', 'sinh', 'square', 'tanh', 'atan', 'asinh'].map(
    (name) => unary(name),
  ),
  ...['elu', 'relu', 'relu6', 'selu', 'sigmoid', 'softplus', 'logSigmoid'].map((name) => unary(name)),
  ...['sqrt', 'rsqrt', 'log', 'log1p', 'reciprocal'].map((name) => unary(name, [0.3, 3])),
  unary('acosh', [1.3, 3]),
  ...['acos', 'asin', 'atanh', 'tan'].map((name) => unary(name, [-0.8, 0.8])),
  ...['ceil', 'floor', 'round', 'sign', 'step'].map((name) =>
    op(`${name} · x`, [input([3, 4])], (tf, x) => tf.mul((tf as unknown as Named)[name](x), x)),
  ),
  op('leakyRelu', [input([3, 4])], (tf, x) => tf.leakyRelu(x, 0.1)),
  op('prelu', [input([3, 4]), input([3, 4])], (tf, x, alpha) => tf.prelu(x, alpha)),
  op('prelu spread', [input([3, 4]), input([4])], (tf, x, alpha) => tf.prelu(x, alpha)),
  op('clipByValue', [input([3, 4])], (tf, x) => tf.clipByValue(x, -0.5, 0.7)),
  op('gelu (tanh)', [input([3, 4])], (tf, x) => {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  }),
  { ...unary('erf'), fit: 1e-5 },
  {
    ...op('gelu (erf)', [input([3, 4])], (tf, x) =>
      tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
    ),
    fit: 1e-5,
  },
  op('swish', [input([3, 4])], (tf, x) => tf.mul(x, tf.sigmoid(x))),
  {
    ...op('where', [input([3, 4]), input([3, 4])], (tf, x, y) => tf.where(tf.greater(x, y), tf.square(x), y)),
    chooses: true,
  },
  {
    ...op('comparisons', [input([3, 4]), input([3, 4])], (tf, x, y) =>
      ['greater', 'greaterEqual', 'less', 'lessEqual', 'equal', 'notEqual']
        .map((name) => tf.cast((tf as unknown as Named)[name](x, y), 'float32'))
        .reduce((sum, mask, i) => tf.add(sum, tf.mul(mask, tf.pow(x, i + 1))), tf.mul(x, y)),
    ),
    chooses: true,
  },
  {
    ...op('logical', [input([3, 4]), input([3, 4])], (tf, x, y) => {
      const [p, q] = [tf.greater(x, 0), tf.less(y, 0)];
      return tf.add(
        tf.where(tf.logicalAnd(p, q), tf.square(x), y),
        tf.where(tf.logicalOr(p, tf.logicalNot(q)), tf.mul(x, y), x),
      );
    }),
    chooses: true,
  },
  {
    ...op('isNaN', [input([3, 4])], (tf, x) =>
      tf.where(tf.logicalOr(tf.isNaN(x), tf.isInf(x)), x, tf.where(tf.isFinite(x), tf.square(x), x)),
    ),
    chooses: true,
  },
];

const arithmetic: readonly Op[] = [
  ...['add', 'sub', 'mul', 'maximum', 'minimum', 'squaredDifference', 'atan2'].flatMap((name) =>
    binary(name),
  ),
  ...binary('div', undefined, [0.4, 2]),
  ...binary('divNoNan', undefined, [0.4, 2]),
  ...binary('pow', [0.4, 2], [-2, 2]),
  ...binary('mod', [3.1, 7], [1.1, 1.9]),
  {
    ...op('floorDiv · x', [input([3, 4], [3, 7]), input([3, 4], [1.1, 1.9])], (tf, x, y) =>
      tf.mul(tf.floorDiv(x, y), tf.mul(x, y)),
    ),
    chooses: true,
  },
  op('pow of a number', [input([3, 4])], (tf, x) => tf.pow(x, 3)),
  op('addN', [input([3, 4]), input([3, 4]), input([3, 4])], (tf, x, y, z) =>
    tf.addN([tf.square(x), tf.mul(x, y), tf.exp(z)]),
  ),
  op('cast', [input([3, 4])], (tf, x) => tf.mul(tf.cast(tf.cast(x, 'int32'), 'float32'), x)),
];

const reductions: readonly Op[] = [
  ...['sum', 'mean', 'max', 'min', 'prod', 'logSumExp'].flatMap((name) =>
    (
      [
        ['', undefined],
        [' axis 1', [1]],
        [' axes 0, 2', [0, 2]],
        [' axis -1', [-1]],
      ] as const
    ).map(([which, axis]) =>
      op(`${name}${which}`, [input([2, 3, 4])], (tf, x) =>
        (tf as unknown as { [name: string]: (x: Tf.Tensor, axis?: unknown) => Tf.Tensor })[name](x, axis),
      ),
    ),
  ),
  op('max, kept', [input([2, 3, 4])], (tf, x) => tf.max(x, [0, 2], true)),
  op('prod with a zero', [input([3, 4])], (tf, x) => {
    const hole = tf.tensor2d([
      [1, 0, 1, 1],
      [1, 1, 1, 1],
      [0, 1, 1, 0],
    ]);
    return tf.prod(tf.mul(x, hole), 1);
  }),
  op('moments', [input([2, 3, 4])], (tf, x) => {
    const { mean, variance } = tf.moments(x, [0, 2]);
    return tf.add(mean, tf.sqrt(variance));
  }),
  ...(['euclidean', 1, 2, Infinity, -Infinity] as const).map((order) =>
    op(`norm ${order}`, [input([4])], (tf, x) => tf.norm(x, order)),
  ),
  op('norm 2, axis', [input([3, 4])], (tf, x) => tf.norm(x, 2, 1)),
  ...[false, true].flatMap((exclusive) =>
    [false, true].flatMap((reverse) =>
      ([0, 1, 2] as const).flatMap((axis) => [
        op(
          `cumsum axis ${axis}${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`,
          [input([3, 3, 3])],
          (tf, x) => tf.cumsum(x, axis, exclusive, reverse),
        ),
        op(
          `cumprod axis ${axis}${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`,
          [input([3, 3, 3])],
          (tf, x) => tf.cumprod(x, axis, exclusive, reverse),
        ),
      ]),
    ),
  ),
  { ...op('topk', [input([3, 5])], (tf, x) => tf.topk(x, 2).values), chooses: true },
  {
    ...op('argMax', [input([3, 5])], (tf, x) =>
      tf.mul(tf.cast(tf.argMax(x, 1), 'float32'), tf.sum(tf.square(x), 1)),
    ),
    chooses: true,
  },
];

const softmaxes: readonly Op[] = [
  op('softmax', [input([3, 4])], (tf, x) => tf.softmax(x)),
  op('logSoftmax', [input([3, 4])], (tf, x) => tf.logSoftmax(x)),
];

const products: readonly Op[] = [
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) =>
      op(
        `matMul ${transposeA ? 'Aᵀ' : 'A'}${transposeB ? 'Bᵀ' : 'B'}`,
        [input(transposeA ? [2, 5, 3] : [2, 3, 5]), input(transposeB ? [2, 4, 5] : [2, 5, 4])],
        (tf, a, b) => tf.matMul(a, b, transposeA, transposeB),
      ),
    ),
  ),
  op('matMul spread', [input([3, 2, 4]), input([4, 2])], (tf, a, b) => tf.matMul(a, b)),
  op('matMul spread left', [input([2, 4]), input([3, 4, 2])], (tf, a, b) => tf.matMul(a, b)),
  op('dot', [input([3, 4]), input([4])], (tf, a, b) => tf.dot(a, b)),
  op('outerProduct', [input([3]), input([4])], (tf, a, b) => tf.outerProduct(shaped(a), shaped(b))),
  ...[
    ['ij,jk->ik', [2, 3], [3, 4]],
    ['bij,bjk->bik', [2, 3, 4], [2, 4, 2]],
    ['bqhd,bkhd->bhqk', [2, 3, 2, 4], [2, 3, 2, 4]],
    ['ij,ij->', [3, 4], [3, 4]],
    ['i,j->ij', [3], [4]],
    ['ijk,jk->i', [2, 3, 4], [3, 4]],
    ['ij,kj->k', [3, 4], [2, 4]],
  ].map(([equation, a, b]) =>
    op(`einsum ${equation}`, [input(a as number[]), input(b as number[])], (tf, x, y) =>
      tf.einsum(equation as string, x, y),
    ),
  ),
  op('einsum ij->ji', [input([3, 4])], (tf, x) => tf.einsum('ij->ji', x)),
  op('einsum ij->i', [input([3, 4])], (tf, x) => tf.einsum('ij->i', x)),
  ...(['linear', 'relu', 'sigmoid', 'elu', 'relu6'] as const).map((activation) =>
    op(`fused matMul ${activation}`, [input([3, 4]), input([4, 2]), input([2])], (tf, a, b, bias) =>
      tf.fused.matMul({ a, b, bias, activation }),
    ),
  ),
];

const shapes: readonly Op[] = [
  op('transpose', [input([2, 3, 4])], (tf, x) => tf.transpose(x, [2, 0, 1])),
  op('reshape', [input([2, 6])], (tf, x) => tf.reshape(x, [3, 4])),
  op('expandDims', [input([2, 3])], (tf, x) => tf.expandDims(x, 1)),
  op('squeeze', [input([2, 1, 3])], (tf, x) => tf.squeeze(x)),
  op('broadcastTo', [input([3, 1])], (tf, x) => tf.broadcastTo(x, [2, 3, 4])),
  op('tile', [input([2, 3])], (tf, x) => tf.tile(x, [2, 3])),
  op('tile of 3-d', [input([2, 1, 3])], (tf, x) => tf.tile(x, [2, 3, 1])),
  op('tile of 5-d', [input([1, 2, 1, 2, 1])], (tf, x) => tf.tile(x, [2, 1, 2, 1, 2])),
  op('tile of 5-d', [input([1, 2, 1, 2, 1])], (tf, x) => tf.tile(x, [2, 1, 2, 1, 2])),
  op('pad', [input([2, 3])], (tf, x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  ),
  ...(['reflect', 'symmetric'] as const).map((mode) =>
    op(`mirrorPad ${mode}`, [input([3, 4])], (tf, x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [2, 1],
        ],
        mode,
      ),
    ),
  ),
  op('concat', [input([2, 3]), input([2, 2])], (tf, x, y) => tf.concat([x, y], 1)),
  op('stack', [input([2, 3]), input([2, 3])], (tf, x, y) => tf.stack([x, y], 1)),
  op('unstack', [input([3, 2])], (tf, x) => {
    const [a, b, c] = tf.unstack(x);
    return tf.add(tf.mul(a, b), tf.square(c));
  }),
  op('split', [input([6, 2])], (tf, x) => {
    const [a, b] = tf.split(x, [2, 4]);
    return tf.add(tf.mul(a, 2), tf.exp(tf.slice(b, [1, 0], [2, 2])));
  }),
  op('slice', [input([3, 4])], (tf, x) => tf.slice(x, [1, 1], [2, 2])),
  op('stridedSlice', [input([5, 6])], (tf, x) => tf.stridedSlice(x, [0, 1], [5, 6], [2, 3])),
  op('stridedSlice backwards', [input([5, 6])], (tf, x) => tf.stridedSlice(x, [-1, 4], [-5, 0], [-2, -1])),
  op('stridedSlice, masks', [input([5, 6, 3])], (tf, x) =>
    tf.stridedSlice(x, [1, 2, 0], [4, 2, 2], [2, 1, 1], 0, 2, 0, 0, 4),
  ),
  op('reverse', [input([2, 3, 4])], (tf, x) => tf.reverse(x, [0, 2])),
  op('spaceToBatchND', [input([1, 4, 4, 2])], (tf, x) =>
    tf.spaceToBatchND(
      x,
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  ),
  op('batchToSpaceND', [input([4, 2, 2, 2])], (tf, x) =>
    tf.batchToSpaceND(
      x,
      [2, 2],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  ),
  op('depthToSpace', [input([1, 2, 2, 8])], (tf, x) => tf.depthToSpace(shaped(x), 2, 'NHWC')),
  op('diag', [input([3])], (tf, x) => tf.diag(x)),
  op('linalg.bandPart', [input([4, 4])], (tf, x) => tf.linalg.bandPart(x, 1, 0)),
  op('ensureShape', [input([3, 4])], (tf, x) => tf.ensureShape(x, [3, 4])),
  op('identity', [input([3, 4])], (tf, x) => tf.clone(x)),
];

const gathers: readonly Op[] = [
  op('gather', [input([4, 3])], (tf, x) => tf.gather(x, int(tf, [2, 0, 2]))),
  op('gather axis 1', [input([2, 4, 3])], (tf, x) => tf.gather(x, int(tf, [3, 0, 3, 1], [2, 2]), 1)),
  op('gather axis -1', [input([2, 4])], (tf, x) => tf.gather(x, int(tf, [3, 0, 3]), -1)),
  op('gather batched', [input([2, 4, 3])], (tf, x) => tf.gather(x, int(tf, [3, 0, 1, 1], [2, 2]), 1, 1)),
  op('gather batched, axis 2', [input([2, 3, 4])], (tf, x) =>
    tf.gather(x, int(tf, [3, 0, 1, 1], [2, 2]), 2, 1),
  ),
  op('gatherND', [input([3, 4])], (tf, x) => tf.gatherND(x, int(tf, [0, 1, 2, 3, 0, 1], [3, 2]))),
  op('scatterND', [input([3, 2])], (tf, x) => tf.scatterND(int(tf, [4, 1, 1], [3, 1]), x, [5, 2])),
  op('tensorScatterUpdate', [input([5, 2]), input([2, 2])], (tf, x, y) =>
    tf.tensorScatterUpdate(x, int(tf, [3, 1], [2, 1]), y),
  ),
  op('unsortedSegmentSum', [input([4, 3])], (tf, x) =>
    tf.unsortedSegmentSum(x, int(tf, [1, 0, 1, 2]) as Tf.Tensor1D, 3),
  ),
  op('gather of two', [input([4, 3])], (tf, x) => tf.gather(x, int(tf, [1, 3]), 0)),
  op('oneHot · x', [input([3, 4])], (tf, x) => tf.mul(tf.oneHot(int(tf, [1, 0, 3]), 4), x)),
];

const convolution = (
  stride: number | [number, number],
  padding: 'same' | 'valid' | number,
  dilation = 1,
  size = 3,
): Op[] => {
  const which = ` stride ${stride} pad ${padding}${dilation > 1 ? ` dilation ${dilation}` : ''}`;
  return [
    op(`conv2d${which}`, [input([2, 6, 7, 2]), input([size, 2, 2, 3])], (tf, x, w) =>
      tf.conv2d(
        shaped<Tf.Tensor4D>(x),
        shaped(w),
        stride,
        padding,
        'NHWC',
        dilation,
        typeof padding === 'number' ? 'floor' : undefined,
      ),
    ),
    op(`depthwiseConv2d${which}`, [input([2, 6, 7, 2]), input([size, 2, 2, 2])], (tf, x, w) =>
      tf.depthwiseConv2d(
        shaped<Tf.Tensor4D>(x),
        shaped(w),
        stride,
        padding,
        'NHWC',
        dilation,
        typeof padding === 'number' ? 'floor' : undefined,
      ),
    ),
  ];
};

const convolutions: readonly Op[] = [
  ...convolution(1, 'same'),
  ...convolution(1, 'valid'),
  ...convolution(2, 'same'),
  ...convolution([2, 3], 'valid'),
  ...convolution(1, 1, 1, 2),
  ...convolution(2, 1, 1, 2),
  ...convolution(1, 'same', 2),
  ...convolution(1, 'valid', 2),
  op('conv1d', [input([2, 7, 2]), input([3, 2, 3])], (tf, x, w) =>
    tf.conv1d(shaped<Tf.Tensor3D>(x), shaped(w), 2, 'same'),
  ),
  op('conv1d dilation 2', [input([2, 7, 2]), input([3, 2, 3])], (tf, x, w) =>
    tf.conv1d(shaped<Tf.Tensor3D>(x), shaped(w), 1, 'same', 'NWC', 2),
  ),
  op('conv2d of 3-d', [input([5, 5, 2]), input([2, 2, 2, 3])], (tf, x, w) =>
    tf.conv2d(shaped<Tf.Tensor3D>(x), shaped(w), 1, 'same'),
  ),
  op('conv2d 1×1', [input([2, 3, 3, 4]), input([1, 1, 4, 3])], (tf, x, w) =>
    tf.conv2d(shaped<Tf.Tensor4D>(x), shaped(w), 1, 'same'),
  ),
  ...(['same', 'valid'] as const).flatMap((padding) =>
    ([1, 2] as const).map((stride) =>
      op(
        `conv2dTranspose stride ${stride} pad ${padding}`,
        [input([2, 3, 4, 2]), input([3, 2, 3, 2])],
        (tf, x, w) =>
          tf.conv2dTranspose(
            shaped<Tf.Tensor4D>(x),
            shaped(w),
            padding === 'same' ? [2, 3 * stride, 4 * stride, 3] : [2, 2 * stride + 3, 3 * stride + 2, 3],
            stride,
            padding,
          ),
      ),
    ),
  ),
  op('conv3d', [input([1, 4, 4, 3, 2]), input([2, 2, 2, 2, 2])], (tf, x, w) =>
    tf.conv3d(shaped<Tf.Tensor5D>(x), shaped(w), 1, 'same'),
  ),
  op('conv3d stride 2', [input([1, 4, 5, 4, 1]), input([2, 3, 2, 1, 2])], (tf, x, w) =>
    tf.conv3d(shaped<Tf.Tensor5D>(x), shaped(w), 2, 'valid'),
  ),
  op('conv3d dilation 2', [input([1, 4, 4, 4, 1]), input([2, 2, 2, 1, 2])], (tf, x, w) =>
    tf.conv3d(shaped<Tf.Tensor5D>(x), shaped(w), 1, 'same', 'NDHWC', 2),
  ),
  op('conv3dTranspose', [input([1, 2, 2, 2, 2]), input([2, 2, 2, 1, 2])], (tf, x, w) =>
    tf.conv3dTranspose(shaped<Tf.Tensor5D>(x), shaped(w), [1, 4, 4, 4, 1], 2, 'same'),
  ),
  op('separableConv2d', [input([1, 5, 5, 2]), input([3, 3, 2, 2]), input([1, 1, 4, 3])], (tf, x, w, p) =>
    tf.separableConv2d(shaped<Tf.Tensor4D>(x), shaped(w), shaped(p), 1, 'same'),
  ),
  ...(['linear', 'relu', 'sigmoid'] as const).flatMap((activation) => [
    op(
      `fused conv2d ${activation}`,
      [input([1, 5, 5, 2]), input([3, 3, 2, 3]), input([3])],
      (tf, x, w, bias) =>
        tf.fused.conv2d({
          x: shaped<Tf.Tensor4D>(x),
          filter: shaped(w),
          strides: 1,
          pad: 'same',
          bias,
          activation,
        }),
    ),
    op(
      `fused depthwiseConv2d ${activation}`,
      [input([1, 5, 5, 2]), input([3, 3, 2, 1]), input([2])],
      (tf, x, w, bias) =>
        tf.fused.depthwiseConv2d({
          x: shaped<Tf.Tensor4D>(x),
          filter: shaped(w),
          strides: 1,
          pad: 'same',
          bias,
          activation,
        }),
    ),
  ]),
  op('fused conv2d dilation 2', [input([1, 5, 5, 2]), input([3, 3, 2, 3]), input([3])], (tf, x, w, bias) =>
    tf.fused.conv2d({
      x: shaped<Tf.Tensor4D>(x),
      filter: shaped(w),
      strides: 1,
      pad: 'same',
      dilations: 2,
      bias,
    }),
  ),
  op(
    'fused depthwiseConv2d dilation 2',
    [input([1, 5, 5, 2]), input([3, 3, 2, 1]), input([2])],
    (tf, x, w, bias) =>
      tf.fused.depthwiseConv2d({
        x: shaped<Tf.Tensor4D>(x),
        filter: shaped(w),
        strides: 1,
        pad: 'same',
        dilations: 2,
        bias,
      }),
  ),
  op('dilation2d', [input([1, 5, 5, 2]), input([2, 2, 2])], (tf, x, w) =>
    tf.dilation2d(shaped<Tf.Tensor4D>(x), shaped(w), 1, 'same'),
  ),
];

/** Of which a maximum that begins at zero, or a little above, is wrong. */
const negative = [-2, -1] as const;

const poolings: readonly Op[] = [
  ...(['maxPool', 'avgPool'] as const).flatMap((name) => [
    ...(
      [
        [2, 2, 'valid'],
        [3, 1, 'same'],
        [3, 2, 'same'],
        [[2, 3], [1, 2], 'valid'],
        [3, 2, 1],
      ] as const
    ).map(([size, stride, padding]) =>
      op(`${name} ${size} stride ${stride} pad ${padding}`, [input([2, 5, 6, 2])], (tf, x) =>
        tf[name](
          shaped<Tf.Tensor4D>(x),
          size as number,
          stride as number,
          padding,
          padding === 1 ? 'floor' : undefined,
        ),
      ),
    ),
    op(`${name}3d`, [input([1, 4, 4, 4, 2])], (tf, x) =>
      tf[`${name}3d`](shaped<Tf.Tensor5D>(x), 2, 2, 'valid'),
    ),
    op(`${name}3d same`, [input([1, 4, 3, 5, 2])], (tf, x) =>
      tf[`${name}3d`](shaped<Tf.Tensor5D>(x), [2, 2, 3], [1, 2, 2], 'same'),
    ),
    op(`pool ${name} dilated`, [input([1, 6, 6, 2])], (tf, x) =>
      tf.pool(shaped<Tf.Tensor4D>(x), 2, name === 'maxPool' ? 'max' : 'avg', 'valid', 2, 1),
    ),
  ]),
  ...[undefined, negative].map((range) =>
    op(
      `maxPoolWithArgmax${range ? ' of negatives' : ''}`,
      [input([2, 4, 4, 2], range)],
      (tf, x) => tf.maxPoolWithArgmax(shaped<Tf.Tensor4D>(x), 2, 2, 'same').result,
    ),
  ),
  op('maxPool of negatives', [input([2, 5, 6, 2], negative)], (tf, x) =>
    tf.maxPool(shaped<Tf.Tensor4D>(x), 3, 2, 'same'),
  ),
  op('maxPool3d of negatives', [input([1, 4, 3, 5, 2], negative)], (tf, x) =>
    tf.maxPool3d(shaped<Tf.Tensor5D>(x), [2, 2, 3], [1, 2, 2], 'same'),
  ),
  op('dilation2d of negatives', [input([1, 5, 5, 2], negative), input([2, 2, 2], negative)], (tf, x, w) =>
    tf.dilation2d(shaped<Tf.Tensor4D>(x), shaped(w), 1, 'same'),
  ),
  op('max of negatives', [input([3, 4], negative)], (tf, x) => tf.max(x, 1)),
];

const normalisations: readonly Op[] = [
  op(
    'batchNorm',
    [input([2, 3, 3, 2]), input([2]), input([2], [0.5, 2]), input([2]), input([2])],
    (tf, x, m, v, b, s) =>
      tf.batchNorm(shaped<Tf.Tensor4D>(x), shaped(m), shaped<Tf.Tensor1D>(v), shaped(b), shaped(s), 0.01),
  ),
  op('batchNorm of 2-d, no scale', [input([4, 3]), input([3]), input([3], [0.5, 2])], (tf, x, m, v) =>
    tf.batchNorm(shaped<Tf.Tensor2D>(x), shaped(m), shaped<Tf.Tensor1D>(v), undefined, undefined, 0.01),
  ),
  op(
    'batchNorm of whole means',
    [input([2, 2, 3, 2]), input([2, 2, 3, 2]), input([2, 2, 3, 2], [0.5, 2])],
    (tf, x, m, v) => tf.batchNorm(shaped<Tf.Tensor4D>(x), shaped(m), shaped<Tf.Tensor4D>(v)),
  ),
  op('batchNorm of its own statistics', [input([4, 3])], (tf, x) => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.batchNorm(shaped<Tf.Tensor2D>(x), shaped<Tf.Tensor1D>(mean), shaped<Tf.Tensor1D>(variance));
  }),
  op('layerNorm', [input([3, 5]), input([5]), input([5])], (tf, x, scale, offset) => {
    const { mean, variance } = tf.moments(x, -1, true);
    return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale), offset);
  }),
  op('localResponseNormalization', [input([1, 3, 3, 5])], (tf, x) =>
    tf.localResponseNormalization(shaped<Tf.Tensor4D>(x), 2, 1, 0.5, 0.75),
  ),
];

const resizes: readonly Op[] = (['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((name) =>
  [
    [[6, 8], false, false],
    [[6, 8], true, false],
    [[2, 3], false, false],
    [[5, 7], false, true],
  ].map(([size, corners, centers]) =>
    op(
      `${name} ${size}${corners ? ', corners' : ''}${centers ? ', centers' : ''}`,
      [input([2, 4, 5, 2])],
      (tf, x) =>
        tf.image[name](
          shaped<Tf.Tensor4D>(x),
          size as [number, number],
          corners as boolean,
          centers as boolean,
        ),
    ),
  ),
);

const losses: readonly Op[] = [
  ...(
    [
      ['absoluteDifference', undefined],
      ['computeWeightedLoss', undefined],
      ['cosineDistance', undefined],
      ['hingeLoss', undefined],
      ['huberLoss', undefined],
      ['meanSquaredError', undefined],
    ] as const
  ).map(([name]) =>
    op(`losses.${name}`, [input([3, 4]), input([3, 4])], (tf, labels, x) =>
      name === 'computeWeightedLoss'
        ? tf.losses.computeWeightedLoss(labels, x)
        : name === 'cosineDistance'
          ? tf.losses.cosineDistance(labels, x, 1)
          : tf.losses[name](labels, x),
    ),
  ),
  op('losses.logLoss', [input([3, 4], [0.1, 0.9]), input([3, 4], [0.1, 0.9])], (tf, labels, x) =>
    tf.losses.logLoss(labels, x),
  ),
  op('losses.sigmoidCrossEntropy', [input([3, 4], [0.1, 0.9]), input([3, 4])], (tf, labels, x) =>
    tf.losses.sigmoidCrossEntropy(labels, x),
  ),
  op('losses.softmaxCrossEntropy', [input([3, 4], [0.1, 0.9]), input([3, 4])], (tf, labels, x) =>
    tf.losses.softmaxCrossEntropy(labels, x, undefined, 0.1),
  ),
  ...(
    [
      'binaryCrossentropy',
      'categoricalCrossentropy',
      'cosineProximity',
      'meanAbsoluteError',
      'meanAbsolutePercentageError',
      'meanSquaredError',
    ] as const
  ).map((name) =>
    op(`metrics.${name}`, [input([3, 4], [0.1, 0.9]), input([3, 4], [0.1, 0.9])], (tf, labels, x) =>
      tf.metrics[name](labels, x),
    ),
  ),
  op('metrics.sparseCategorical', [input([3, 4], [0.1, 0.9])], (tf, x) =>
    tf.metrics.categoricalCrossentropy(tf.oneHot(int(tf, [0, 2, 3]), 4), x),
  ),
];

const compositions: readonly Op[] = [
  op('attention', [input([2, 3, 4]), input([4, 4]), input([4, 4]), input([4, 4])], (tf, x, wq, wk, wv) => {
    const [q, k, v] = [wq, wk, wv].map((w) => tf.matMul(x, w));
    return tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), 0.5)), v);
  }),
  op('logSigmoid of an intermediate', [input([3, 4])], (tf, x) => tf.logSigmoid(tf.square(x))),
  op(
    'linalg.gramSchmidt',
    [input([2, 4])],
    (tf, x) => tf.linalg.gramSchmidt(shaped<Tf.Tensor2D>(x)) as Tf.Tensor,
  ),
  op('linalg.qr', [input([3, 3])], (tf, x) => tf.linalg.qr(x)[1]),
  op('basicLSTMCell', [input([2, 3]), input([2, 2]), input([5, 8]), input([8])], (tf, x, h, kernel, bias) => {
    const [c, next] = tf.basicLSTMCell(
      tf.scalar(1),
      shaped(kernel),
      shaped(bias),
      shaped(x),
      shaped<Tf.Tensor2D>(h),
      shaped(h),
    );
    return tf.add(c, next);
  }),
];

/** Every operation of the table, by family. */
export const families: { readonly [family: string]: readonly Op[] } = {
  elementwise,
  arithmetic,
  reductions,
  softmaxes,
  products,
  shapes,
  gathers,
  convolutions,
  poolings,
  normalisations,
  resizes,
  losses,
  compositions,
};

export const ops: readonly Op[] = Object.values(families).flat();
