import { claims, universal } from '../../subjects/claims.js';
import type { OptimizerSubject } from '../../subjects/subject.js';
import { recurrences } from './published.js';
import type { Library, PythonOptimizers } from './python.js';
import { settled } from './settings.js';

/** By the method of ours, or the paper, that each claims to be. */
const named = {
  optax: {
    sgd: 'gradientDescent',
    momentum: 'momentum',
    nesterov: 'nesterov',
    adam: 'adam',
    adamw: 'adamw',
    adabelief: 'adabelief',
    adagrad: 'adagrad',
    rmsprop: 'rmsprop',
    signDescent: 'signDescent',
    lion: 'lion',
    lamb: 'lamb',
    adan: 'adan',
    adopt: 'adopt',
    prodigy: 'prodigy',
    scheduleFreeSgd: 'scheduleFreeSgd',
    adadelta: 'adadelta',
    adamax: 'adamax',
    nadam: 'nadam',
    radam: 'radam',
    rmspropCentered: 'rmspropCentered',
  },
  torch: {
    sgd: 'gradientDescent',
    momentum: 'momentum',
    nesterov: 'nesterov',
    adam: 'adam',
    adamw: 'adamw',
    adagrad: 'adagrad',
    rmsprop: 'rmsprop',
    adadelta: 'adadelta',
    adamax: 'adamax',
    radam: 'radam',
  },
  pypi: {
    AdaBelief: 'adabelief',
    'AdamP without decay': 'adam',
    Adan: 'adan',
    ADOPT: 'adopt',
    Lion: 'lion',
    Lamb: 'lamb',
    LARS: 'lars',
    Prodigy: 'prodigy',
    ScheduleFreeSGD: 'scheduleFreeSgd',
    ScheduleFreeAdamW: 'scheduleFreeAdamw',
    SignSGD: 'signDescent',
    'torch_optimizer AdaBelief': 'adabelief',
    'torch_optimizer Lamb': 'lamb',
  },
} as const;

/** The others, at one setting, held to what everyone obeys and what is elementwise. */
const strangers = {
  optax: [
    'amsgrad',
    'yogi',
    'rprop',
    'sm3',
    'novograd',
    'adafactor',
    'optimistic',
    'ademamix',
    'cocob',
    'dog',
    'dowg',
    'dadaptAdamw',
    'muon',
  ],
  torch: ['amsgrad', 'nadam', 'rmspropCentered', 'rprop', 'adafactor'],
  pypi: [
    'SOAP',
    'Shampoo',
    'ScalableShampoo',
    'SRMM',
    'FOCUS',
    'torch_optimizer Shampoo',
    'torch_optimizer Yogi',
  ],
} as const;

const elementwise = [
  'amsgrad',
  'yogi',
  'rprop',
  'optimistic',
  'ademamix',
  'nadam',
  'rmspropCentered',
  'asgd',
];
const fixed = { learningRate: 0.125, beta: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 2 ** -10, weightDecay: 0 };

/** Where each library has its ε. */
const works = {
  optax: { epsilonPlace: 'inside' },
  torch: { epsilonPlace: 'beside' },
  pypi: { epsilonPlace: 'beside' },
} as const;

export function inPython(python: PythonOptimizers, library: Library): readonly OptimizerSubject[] {
  return [
    ...Object.entries(named[library]).flatMap(([make, method]) => {
      const subject = python.subject(make, method, claims[method]);
      return method in recurrences
        ? [subject]
        : settled(subject, {
            ...works[library],
            ...(method === 'adan' && { weightDecay: 0 }),
            ...(make.startsWith('AdamP') && { epsilonPlace: 'besideUncorrected' }),
          });
    }),
    ...strangers[library].map((make) => ({
      ...python.subject(make, 'stranger', [
        ...universal,
        '9b',
        ...(elementwise.includes(make) ? ['6', '7'] : []),
      ]),
      fixed,
      create: () => python.subject(make, 'stranger').create(fixed),
    })),
  ];
}
