import { wrapped } from '../terminal/fitted.js';
import { type Definition, definitions, helpWidth } from '../terminal/help-text.js';
import { methodsHelp } from './methods-help.js';

const exits = 'Exit codes: 0 done, 2 a mistake in what was asked for, 130 ended by Ctrl-C, 1 anything else.';

const examples: readonly Definition[] = [
  ['  fluxion race mnist', 'several methods on MNIST, live in the browser'],
  ["  fluxion race mnist --methods 'momentum(beta=0.95),adam(learningRate=0.003)' --steps 500", ''],
  ["  fluxion race autoencoder --methods 'kfac,adam(learningRate=0.001)' --steps 100", ''],
  ['  fluxion race quartic --plot quartic.svg', 'a published example of nine methods, and its picture'],
  ["  fluxion race rosenbrock --methods 'newton,bfgs(search=strongWolfe(c2=0.5)),trustRegion(dogleg)'", ''],
  ['  fluxion race meyer --methods gaussNewton,levenbergMarquardt --json --no-open', ''],
  ['  fluxion race ./my-problem.ts --methods lbfgs,adam', ''],
  ['  fluxion race --resume runs/2026-01-31T12-00-00-mnist', 'goes on after Ctrl-C or a power cut'],
  ['  fluxion watch', 'looks at the runs again: a list, and each by itself'],
  ['  python train.py | fluxion log my-net', 'shows a loop of any language: JSON lines of numbers'],
  ["  fluxion runs --search 'mnist #good'", 'what was raced before, and how it ended'],
  ['  fluxion export --format tensorboard', 'its numbers for other tools: csv, jsonl, parquet too'],
  ['  fluxion learn', 'lessons, step by step in the browser'],
  ['  fluxion check ./my-optimizer.ts --claims adam', 'holds an optimizer of yours against laws'],
  ['  fluxion doctor', 'which backends are there, and how fast'],
  ['  fluxion mutants adam', 'known mistakes in Adam, each found by a law'],
];

export function programNotes(columns = helpWidth()): string {
  return `
Examples:
${definitions(examples, columns)}

${wrapped('fluxion race --help lists the methods with their options and the problems.', columns)}
${wrapped(exits, columns)}`;
}

const lessons: readonly Definition[] = [
  ['  fluxion learn', 'the lessons, in your browser'],
  ['  fluxion learn --port 8080 --no-open', 'at an address that stays the same, so that links to it last'],
  ['  fluxion learn --out lessons', 'the page as a folder, to be opened from disk or put on any web server'],
];

const addresses: readonly Definition[] = [
  ['  …#/lesson=damping', 'a lesson as it begins'],
  [
    '  …#/f=x^2+3y^4-x*y&start=-1,2&methods=newton,bfgs&step=3',
    'a function as typed, methods as race takes them',
  ],
];

export function learnNotes(columns = helpWidth()): string {
  return `
Examples:
${definitions(lessons, columns)}

What the page shows is in its address:
${definitions(addresses, columns)}`;
}

export function checkNotes(columns = helpWidth()): string {
  const others =
    'A function (x, gradient) => x is one too, a transform, method or solver of fluxion, anything with applyGradients, ' +
    'what has minimize(problem, start, rules), or a function without arguments that makes one of these. docs/check.md ' +
    'tells the rest, Python through a pipe included.';
  return `
${wrapped('The plainest optimizer is a module that imports nothing of this package:', columns)}
  export default {
    name: 'my momentum',
    init: (x) => new Float64Array(x.length),
    step(x, gradient, velocity) {
      const next = velocity.map((v, i) => 0.9 * v + gradient[i]);
      return { x: x.map((xi, i) => xi - 0.1 * next[i]), state: next };
    },
  };
${wrapped(others, columns)}`;
}

const races: readonly Definition[] = [
  ["  fluxion race rosenbrock --methods 'bfgs,bfgs(search=backtracking),lbfgs(memory=5)'", ''],
  ["  fluxion race quartic --methods 'lbfgs(search=fixedStep(0.15),scaled=false)' --plot a.png", ''],
  ["  fluxion race booth --methods 'gaussNewton,levenbergMarquardt(scaling=identity)'", ''],
];

const exported: readonly Definition[] = [
  [
    '  { name, start, value(x), gradient?(x), hessian?(x), residuals?(x), jacobian?(x) }',
    'a function to minimise, or',
  ],
  [
    '  { name, parameters(seed), loss(parameters, batch), batches(seed), evaluate?(parameters) }',
    'a model to train.',
  ],
];

export function raceNotes(columns = helpWidth()): string {
  const told = (text: string) => wrapped(text, columns);
  return `
${told(methodsHelp(columns))}
${told('Models (mnist, autoencoder, or your own) are trained, functions minimized:')}
${definitions(races, columns)}

${told(
  'Without --methods, quartic is a published example: 15 steps of fixed lengths by nine methods, errors included. ' +
    'cifar10 is another: a vision transformer by nine methods as published, and K-FAC. Its images come from the folder ' +
    "in FLUXION_DATA, or are downloaded once (170 MB); 'cifar10(crop=4,flip=true)' moves and mirrors them.",
)}

${told(
  '--seeds 5 races each method five times, from other starts on other batches (on a function: from starts displaced ' +
    'by a tenth), and says of each pair whether one is significantly faster: by the steps to --target where it is given.',
)}

A module of yours exports by default
${definitions(exported, columns)}
${told('Derivatives that are missing are taken by central differences, and the result says so.')}

${told('Ctrl-C ends a race cleanly and keeps a checkpoint; a second one ends it at once.')}
${told(exits)}`;
}
