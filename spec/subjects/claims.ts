/** What every optimizer must obey, a stranger's too. */
const universal = ['U1', 'U2', 'U3', 'U4', 'U5'];
/** What those that know nothing but gradients, coordinate by coordinate, obey besides. */
const elementwise = [...universal, '6', '7', '9b'];

/** Which laws a method or transform claims, by name: the table method × law. */
export const claims: Readonly<Record<string, readonly string[]>> = {
  gradientDescent: [...elementwise, '1', '2', '8', '9'],
  momentum: [...elementwise, '4', '8'],
  nesterov: [...elementwise, '5', '8'],
  signDescent: [...elementwise, '49'],
  adagrad: [...elementwise, '49', '51'],
  rmsprop: [...elementwise, '47', '49', '51'],
  adam: [...elementwise, '47', '48', '49', '50'],
  adabelief: [...elementwise, '47b', '49'],
  adamw: [...universal, '7', '9b', '52', '52b'],
  lars: [...universal, '7', '9b', '60'],
  lamb: [...universal, '7', '9b', '60'],
  lion: [...universal, '7', '9b', '49', '52', '52b', '93'],
  adan: [...universal, '7', '9b', '49', '52c', '94'],
  adopt: [...elementwise, '49', '95'],
  scheduleFreeSgd: [...universal, '7', '8', '9b', '86b', '86c'],
  scheduleFreeAdamw: [...universal, '7', '9b', '86b', '86c'],
  primalAverage: [...universal, '7', '9b', '86'],
  prodigy: [...universal, '7', '9b', '49', '96', '96b'],
  muon: [...universal, '7', '9b', '52', '54', '85', '85b', '85c', '85d'],
  normuon: [...universal, '7', '9b', '52', '85c', '85e'],
  soap: [...universal, '6', '7', '9b', '54c', '56', '82'],
  shampoo: [...universal, '6', '9b', '53b', '53c', '53d', '54b', '83', '83b'],
  adahessian: [...universal, '7', '9b', '39', '52', '87'],
  sophia: [...universal, '7', '38', '52', '97'],
  newton: [...universal, '6', '7', '9', '9b', '16'],
  trustRatio: [...universal, '7', '9b', '60'],
  clipByNorm: [...elementwise, '59'],
  clipByValue: [...elementwise, '59'],
  masked: elementwise,
  grouped: elementwise,
  scheduled: elementwise,
  exponential: ['58'],
  weightAverage: ['57'],
  problem: ['10'],
  function: ['11'],
  chain: ['61', '62'],
};
