import type { AnyMethod } from '../../../src/methods/index.js';
import { Evaluations } from '../../../src/objective/evaluations.js';
import { distinct, type MeasureDescription } from '../../../src/objective/measure.js';
import type { Look, MethodDescription, OperatorDescription, RunStarted } from '../../record/events.js';
import { cosineMeasure } from '../../record/measures.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import { parameterPaths } from './looks.js';
import type { Setting } from './setting.js';

/** The first event of the log. */
export function describeRun(
  run: string,
  setting: Setting,
  contestants: readonly Contestant[],
  {
    seed,
    steps,
    maxEvaluations,
    maxSeconds,
    target,
    gradientTolerance,
    created,
    routes = [],
    looks = [],
  }: {
    seed: number;
    steps: number;
    maxEvaluations?: number;
    maxSeconds?: number;
    target?: number;
    gradientTolerance?: number;
    created: Date;
    looks?: readonly Look[];
    routes?: readonly (MethodDescription['routes'] | undefined)[];
  },
): RunStarted {
  const { name: problem, asked } = setting;
  return {
    kind: 'run',
    run,
    problem,
    ...(asked !== undefined && { asked }),
    created: created.toISOString(),
    seed,
    steps,
    ...(maxEvaluations !== undefined && { maxEvaluations }),
    ...(maxSeconds !== undefined && { maxSeconds }),
    ...(target !== undefined && { target }),
    ...(setting.kind === 'function'
      ? { gradientTolerance, derivatives: derivativesOf(setting), ...minimumOf(setting) }
      : {
          ...(setting.batch !== undefined && { batch: setting.batch }),
          ...(setting.smoothing !== undefined && { smoothing: setting.smoothing }),
          ...(setting.backend !== undefined && { backend: setting.backend }),
          ...(setting.kernels !== undefined && { kernels: setting.kernels }),
          ...(looks.length > 0 && { looks, parameters: parameterPaths(setting) }),
        }),
    methods: contestants.map(({ method, label, asked, seed, contestant }, i) => ({
      name: method.name,
      label,
      ...(seed !== undefined && { seed, contestant }),
      ...(asked !== undefined && { asked }),
      options: method.options,
      operators: operatorsOf(method),
      ...(routes[i] && { routes: routes[i] }),
      ...measuresOf(method, setting),
    })),
  };
}

/** Of steps on a function the angle too, where the method does not tell it itself. */
function measuresOf({ measures = [] }: AnyMethod, { kind }: Setting): Pick<MethodDescription, 'measures'> {
  const told = measures.some(({ name }) => name === cosineMeasure.name);
  const all = kind === 'function' && !told ? [...measures, cosineMeasure] : measures;
  return all.length > 0 ? { measures: all } : {};
}

function derivativesOf({ definition }: Extract<Setting, { kind: 'function' }>) {
  return new Evaluations(definition, definition.start.length).derivatives;
}

function minimumOf({ definition: { minima, minimum } }: Extract<Setting, { kind: 'function' }>) {
  const known = minima?.[0] ?? minimum;
  return known === undefined ? {} : { minimum: known.value };
}

/** The nodes of the graph: a pipeline's parts, a direction and its search, a region and its subproblem. */
function operatorsOf(method: AnyMethod): OperatorDescription[] {
  const { name, options } = method;
  const { search, subproblem, ...own } = options;
  if (search !== null && typeof search === 'object' && 'name' in search) {
    const { name: searchName, ...searchOptions } = search;
    return [
      { name, options: own },
      { name: String(searchName), options: searchOptions },
    ];
  }
  if (typeof subproblem === 'string') {
    return [
      { name, options: own },
      { name: subproblem, options: {} },
    ];
  }
  if (!('parts' in method)) return [{ name, options }];
  const taken: MeasureDescription[] = [];
  const parts = method.parts.map(({ name, options, measures = [] }) => {
    const own = distinct(taken, measures); // as a chain calls them
    taken.push(...own);
    return { name, options, ...(own.length > 0 && { measures: own.map((measure) => measure.name) }) };
  });
  return [{ name: 'gradient', options: {} }, ...parts];
}
