/** What every optimizer must obey, a stranger's too. */
export const universal = ['U1', 'U2', 'U3', 'U4', 'U5'];
/** What those that know nothing but gradients, coordinate by coordinate, obey besides. */
const elementwise = [...universal, '6', '7', '9b'];

/** Those whose arrays do not meet. */
const separate = [...elementwise, '89'];

/** Which laws a method or transform claims, by name: the table method × law. */
export const claims: Readonly<Record<string, readonly string[]>> = {
  gradientDescent: [...separate, '1', '2', '8', '9', '102'],
  momentum: [...separate, '4', '8', '102'],
  nesterov: [...separate, '5', '8', '102'],
  signDescent: [...separate, '49', '102'],
  adagrad: [...separate, '49', '51', '102'],
  rmsprop: [...separate, '47', '49', '51', '102'],
  adam: [...separate, '47', '48', '49', '50', '102'],
  adabelief: [...separate, '47b', '49', '102'],
  adamw: [...universal, '89', '7', '9b', '52', '52b', '102'],
  lars: [...universal, '89', '7', '9b', '60'],
  lamb: [...universal, '89', '7', '9b', '60'],
  lion: [...universal, '89', '7', '9b', '49', '52', '52b', '93', '102'],
  adan: [...universal, '89', '7', '9b', '49', '52c', '94', '102'],
  adopt: [...separate, '49', '95', '102'],
  scheduleFreeSgd: [...universal, '7', '8', '9b', '86b', '86c'],
  scheduleFreeAdamw: [...universal, '7', '9b', '86b', '86c'],
  primalAverage: [...universal, '7', '9b', '86'],
  prodigy: [...universal, '7', '9b', '49', '96', '96b', '102'],
  muon: [...universal, '89', '7', '9b', '52', '54', '85', '85b', '85c', '85d'],
  normuon: [...universal, '89', '7', '9b', '52', '85c', '85e'],
  soap: [...universal, '89', '6', '7', '9b', '54c', '56', '82'],
  psgdKron: [...universal, '89', '6', '9b', '102', '103', '103b', '103c', '103d'],
  shampoo: [...universal, '89', '6', '9b', '53b', '53c', '53d', '54b', '83', '83b'],
  adahessian: [...universal, '7', '9b', '39', '52', '87'],
  sophia: [...universal, '7', '38', '52', '97'],
  clippedDiagonalNewton: [...universal, '7', '37c'],
  batchLbfgs: [...universal, '27b'],
  naturalGradient: [...universal, '42', '44'],
  fisherAdam: [...universal, '43', '43b'],
  newton: [...universal, '6', '7', '9', '9b', '16'],
  trustRatio: [...universal, '7', '9b', '60'],
  clipByNorm: [...elementwise, '59'],
  clipByValue: [...elementwise, '59'],
  masked: elementwise,
  grouped: elementwise,
  scheduled: elementwise,
  scheduledMomentum: [...elementwise, '101'],
  exponential: ['58', '58b', '58c'],
  weightAverage: ['57'],
  problem: ['10'],
  function: ['11'],
  chain: ['61', '62'],
};
