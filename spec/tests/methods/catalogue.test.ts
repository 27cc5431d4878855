import { expect, test } from 'vitest';
import * as fluxion from '../../../src/index.js';
import {
  type CatalogueEntry,
  cosine,
  findMethod,
  float64,
  fromFunction,
  functions,
  type HostArray,
  type Method,
  mapTree,
  methodsIn,
  multipleOfIdentity,
  optionsTable,
  type Problem,
  quadratic,
  restore,
  save,
  searches,
  subproblems,
} from '../../../src/index.js';
import { leastSquaresLimits } from '../../../src/methods/least-squares.js';
import { minimizeLimits } from '../../../src/methods/minimize.js';
import { averages } from '../../../src/transforms/index.js';
import { schedules } from '../../../src/transforms/schedule.js';
import { numbers, run, vector } from './plain-loop.js';

/** The transforms that may end a method: they turn a direction into a step. */
const stepping = [
  'learningRate',
  'quadraticSteps',
  'hessianFreeSteps',
  'secantSteps',
  'proximalStep',
  'primalAverage',
  'scaleByDistance',
];

const methods = [...methodsIn('train').values()].map((entry) => [entry.name, entry] as const);
/** Those that know a function by its values and derivatives alone. */
const ofFunctions = methods.filter(
  ([, entry]) => !entry.create().needs?.some((need) => need === 'layers' || need === 'linearized'),
);

test.each(methods)('%s is exported under its name, with options that are its defaults', (name, entry) => {
  const create = (fluxion as unknown as Record<string, () => Method>)[name];
  const made = entry.create();
  expect(create().options).toEqual(made.options);
  expect(made.name).toBe(name);
  expect(entry.create(entry.defaults).options).toEqual(made.options);
  const last = made.parts.findLast((part) => part.name !== 'weightAverage')!; // which takes no step
  expect(stepping).toContain(last.name);
  expect(entry.sentence).toMatch(/^[A-Z].*\.$/);
  for (const alias of entry.aliases) {
    expect(findMethod(alias)).toBe(entry);
    expect((fluxion as Record<string, unknown>)[alias]).toBe(create);
  }
});

test.each(methods)('%s refuses unknown options and values outside their domain', (name, entry) => {
  expect(() => entry.create({ learningRat: 1 })).toThrow(
    `${name}(learningRat): expected one of ${Object.keys(entry.options)[0]}`,
  );
  for (const option of Object.keys(entry.options)) {
    for (const wrong of [Number.NaN, -1, null, 'word', {}]) {
      expect(() => entry.create({ [option]: wrong }), `${option}: ${wrong}`).toThrow(
        new RegExp(`^${name}\\(${option}\\): expected .*, got`),
      );
    }
  }
});

test.each(ofFunctions)('%s takes a schedule', (_, entry) => {
  const scheduled = entry.create({ learningRate: cosine({ from: 0.01, steps: 5 }) });
  expect(scheduled.options.learningRate).toEqual({ schedule: 'cosine', from: 0.01, to: 0, steps: 5 });
  const { points } = run(scheduled, fromFunction(quadratic(3, 10)), 7);
  // The rate is 0 from step 5 on; where the average is looked ahead to, the parameters go on to follow it.
  if (!averages(scheduled)) expect(numbers(points[7])).toEqual(numbers(points[5]));
  expect(numbers(points[5])).not.toEqual(numbers(points[4]));
});

/** Two quadratics in one tree, so that structure is exercised. */
const tree: Problem<HostArray> = {
  name: 'tree',
  algebra: float64,
  start: () => ({
    kernel: float64.array([1, -2, 3, 0.5], [2, 2]),
    list: [vector(0.25, -1), float64.fill([], 2)],
  }),
  value: () => float64.fill([], 0),
  valueAndGradient(x) {
    return { value: float64.fill([], 0), gradient: mapTree(float64, (leaf) => float64.mul(leaf, 3), x) };
  },
  curvatures: ['hessian'],
  curvature: (_, x) => multipleOfIdentity(float64, 3, x),
};

test.each(ofFunctions)(
  '%s keeps structure, shapes and what it is lent, and restarts bit for bit',
  (_, entry) => {
    const method = entry.create();
    const start = tree.start(new fluxion.Random(1));
    const kept = save(float64, start);
    const whole = run(method, tree, 6, { x: start });
    expect(save(float64, start)).toEqual(kept);
    whole.points.forEach((point) => {
      expect(
        save(
          float64,
          mapTree(float64, (x) => float64.fill(float64.shape(x), 0), point),
        ),
      ).toEqual(
        save(
          float64,
          mapTree(float64, (x) => float64.fill(float64.shape(x), 0), start),
        ),
      );
    });

    const half = run(method, tree, 3, { x: start });
    const state = restore(float64, JSON.parse(JSON.stringify(save(float64, half.state))));
    const rest = run(entry.create(), tree, 3, { x: half.points[3], state: state as never, step: 3 });
    expect(save(float64, rest.points[3])).toEqual(save(float64, whole.points[6]));
  },
);

test('an unknown method is met with the nearest one', () => {
  expect(() => findMethod('adma')).toThrow(/^method: expected one of .*, got 'adma'; did you mean 'adam'\?$/);
  expect(() => findMethod('GradientDescend')).toThrow(/did you mean 'gradientDescent'/);
  expect(() => findMethod('xyzzyxyzzy')).toThrow(/got 'xyzzyxyzzy'$/);
});

function rows(entries: ReadonlyMap<string, CatalogueEntry>) {
  const lines = [...entries.values()].map(({ name, aliases, sentence, source }) => {
    const also = aliases.map((alias) => `, alias \`${alias}\``).join('');
    return `| \`${name}\`${also} | ${sentence} | ${source} |`;
  });
  return ['| name | what it does | source |', '|---|---|---|', ...lines].join('\n');
}

const runs = [
  { name: 'minimize', options: minimizeLimits },
  { name: 'leastSquares', options: leastSquaresLimits },
];

test('the page of methods in docs is the one the code makes (vitest --update rewrites it)', async () => {
  const page = `# Methods

Every method by its one name, with the defaults the code uses. This page is made from the code by a test.

## Methods

A method is a short chain of the transforms in \`fluxion/transforms\`, of which some bear the name of the method they
are the heart of: there \`momentum(0.9)\` is a part to compose with, here \`momentum({ learningRate: 0.01 })\` is the
whole optimizer. It runs in \`train\`, and by \`asSolver\` in \`minimize\`, which races do by themselves.

${rows(methodsIn('train'))}

${optionsTable('method', methodsIn('train').values())}
## Solvers

A solver evaluates as it needs, on the host in float64, and runs in \`minimize\`, in \`iterate\` and in races of functions:
\`minimize(rosenbrock(2), [-1.2, 1], bfgs({ search: strongWolfe({ c2: 0.5 }) }))\`.

${rows(methodsIn('minimize'))}

${optionsTable('solver', methodsIn('minimize').values())}
## Least squares

These run in \`leastSquares\`, and by \`throughResiduals\` in \`minimize\`; races of functions that are sums of squares do
that by themselves.

${rows(methodsIn('leastSquares'))}

${optionsTable('solver', methodsIn('leastSquares').values())}
## Line searches

${optionsTable('search', searches)}
## Subproblems of trust regions

${optionsTable('subproblem', subproblems)}
## Schedules

Options without a default must be given.

${optionsTable('schedule', schedules)}
## Runs

Every method runs under the limits of the function that runs it.

${optionsTable('run', runs)}
## Test functions

${optionsTable('function', functions.values())}`;
  await expect(page).toMatchFileSnapshot('../../../docs/methods.md');
});

test.each([...methodsIn('minimize').values(), ...methodsIn('leastSquares').values()])(
  'the solver $name bears its name and refuses unknown options',
  (entry) => {
    expect(entry.create().name).toBe(entry.name);
    expect((fluxion as Record<string, unknown>)[entry.name]).toBeTypeOf('function');
    expect(() => entry.create({ nonsense: 1 })).toThrow();
    for (const option of Object.keys(entry.options)) {
      for (const wrong of [Number.NaN, {}, -1]) {
        if (option === 'offset' && wrong === -1) continue; // any number but 0 is an offset
        expect(() => entry.create({ [option]: wrong }), `${option}: ${wrong}`).toThrow(
          `${entry.name}(${option}): expected`,
        );
      }
    }
  },
);
