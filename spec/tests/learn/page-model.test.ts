import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chosenMethods } from '../../../dashboard/cli/arguments/chosen-methods.js';
import { learntCurves, modelCurves } from '../../../dashboard/learn/src/draw/conics.js';
import { curveOf, lineFrameOf } from '../../../dashboard/learn/src/draw/line.js';
import { frameOf, place, pointAt, surfaceOf } from '../../../dashboard/learn/src/draw/plane.js';
import { begun, read, type Study, written } from '../../../dashboard/learn/src/model/address.js';
import { number, point } from '../../../dashboard/learn/src/model/format.js';
import { lessons, shows } from '../../../dashboard/learn/src/model/lessons.js';
import {
  callsOf,
  factoriesOf,
  offeredMethods,
  typedList,
  valuesOf,
  withOption,
} from '../../../dashboard/learn/src/model/method-choice.js';
import { dampingPath } from '../../../dashboard/learn/src/model/model-shape.js';
import { curves, ended, floorOf, walked, walks } from '../../../dashboard/learn/src/model/run.js';
import { begunCall, ratesOf } from '../../../dashboard/learn/src/model/schedule-choice.js';
import { settled } from '../../../dashboard/learn/src/model/settled.js';
import { sliderOf } from '../../../dashboard/learn/src/model/slider.js';
import { offered, subjectOf } from '../../../dashboard/learn/src/model/subject.js';
import { told } from '../../../dashboard/learn/src/model/told.js';
import { dot, findMethod, matrixVector } from '../../../src/index.js';

const finite = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true });

describe('the curves of a model', () => {
  const entry = finite(-5, 5);
  const model = fc
    .tuple(entry, entry, entry, entry, entry, entry, entry)
    .map(([a, b, d, g, h, x, y]) => ({
      hessian: Float64Array.of(a, b, b, d),
      gradient: Float64Array.of(g, h),
      x: Float64Array.of(x, y),
    }))
    // Away from models that are level along a line, or here: there is no centre to draw around.
    .filter(
      ({ hessian: [a, b, , d], gradient }) => Math.abs(a * d - b * b) > 0.1 && Math.hypot(...gradient) > 0.1,
    );
  const value = (hessian: Float64Array, gradient: Float64Array, p: Float64Array) => {
    const along = new Float64Array(2);
    matrixVector(hessian, p, along);
    return dot(gradient, p) + dot(p, along) / 2;
  };

  test('are level, and the last passes through the point of contact', () => {
    fc.assert(
      fc.property(model, ({ hessian, gradient, x }) => {
        const drawn = modelCurves(hessian, gradient, x)!;
        const at = (place: ArrayLike<number>) => Float64Array.from(x, (xi, i) => place[i] - xi);
        // Terms of m(p) are at most this large, and cancel: rounding leaves a few ε of them.
        const size = (p: Float64Array) => 10 * (Math.hypot(...p) ** 2 + Math.hypot(...p)) + 100;
        const worst = drawn.curves.map((curve) => {
          const first = value(hessian, gradient, at(curve[0]));
          return Math.max(
            ...curve.map(at).map((p) => Math.abs(value(hessian, gradient, p) - first) / size(p)),
          );
        });
        expect(Math.max(...worst)).toBeLessThan(1e-10);
        const contact = at(drawn.curves.at(-1)![0]);
        expect(Math.abs(value(hessian, gradient, contact))).toBeLessThan(1e-10 * size(contact));
        const determinant = hessian[0] * hessian[3] - hessian[1] ** 2;
        expect(drawn.kind).toBe(determinant < 0 ? 'saddle' : hessian[0] > 0 ? 'minimum' : 'maximum');
      }),
      { seed: 12, numRuns: 150 },
    );
  });

  test('of truth and belief are one where both are', () => {
    const h = Float64Array.of(3, 1, 1, 2);
    const { truth, learnt } = learntCurves(h, h.slice(), [1, 2], 0.5)!;
    expect(learnt).toEqual(truth);
    const far = truth[0].map(([x, y]) => Math.hypot(x - 1, y - 2));
    expect(Math.max(...far)).toBeCloseTo(0.5, 3);
  });
});

test('a pixel is the point that is drawn there', () => {
  const frame = frameOf({ x0: -2, x1: 3, y0: -1, y1: 4 }, 700, 500);
  fc.assert(
    fc.property(finite(-2, 3), finite(-1, 4), (x, y) => {
      const [left, top] = place(frame, [x, y]);
      const [back, up] = pointAt(frame, left, top);
      expect(Math.hypot(back - x, up - y)).toBeLessThan(1e-12);
    }),
    { seed: 12 },
  );
  const [right, up] = [
    place(frame, [1, 0])[0] - place(frame, [0, 0])[0],
    place(frame, [0, 0])[1] - place(frame, [0, 1])[1],
  ];
  expect(right).toBeCloseTo(up, 9);
});

describe('the address', () => {
  const study: fc.Arbitrary<Study> = fc
    .record({
      lesson: fc.constantFrom(...lessons),
      f: fc.constantFrom('rosenbrock', 'quadratic(condition=7)', 'x^2 + 3y^4 − x*y', 'sin(x)*y & %'),
      start: fc.array(
        finite(-1e6, 1e6).map((value) => value + 0),
        { minLength: 1, maxLength: 2 },
      ),
      methods: fc.constantFrom('newton', 'bfgs(search=strongWolfe(c2=0.5)),adam'),
      shows: fc.subarray([...shows]),
      step: fc.nat(2000),
      limit: fc.integer({ min: 1, max: 2000 }),
      focus: fc.nat(9),
    })
    .chain((one) => fc.constantFrom<Study>(one, { ...one, view: { x0: -1.5, x1: 2, y0: -100, y1: 0.25 } }));

  test('brings back what was written', () => {
    fc.assert(
      fc.property(study, (one) => {
        const fragment = written(one);
        expect(fragment).toMatch(/^[\x21-\x7e]+$/);
        expect(new URL(`file:///a.html#${fragment}`).hash.slice(1)).toBe(fragment);
        expect(read(`#${fragment}`)).toEqual({ study: one, faults: [] });
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  test('of a lesson as it begins names the lesson alone', () => {
    for (const lesson of lessons) expect(written(begun(lesson))).toBe(`lesson=${lesson.id}`);
    expect(read('').study).toEqual(begun(lessons[0]));
  });

  test.each([
    ['lesson=nought', 'address(lesson): expected one of model, overshoot'],
    ['colour=red', 'address: expected one of lesson, f, start'],
    ['start=1,two', 'address(start): expected one or two numbers such as -1.2,1, got 1,two'],
    ['start=', 'address(start): expected one or two numbers such as -1.2,1, got nothing'],
    ['start=1', 'address(start): expected 2 numbers, got 1'],
    ['step=-1', 'address(step): expected a whole number in [0, 2000], got -1'],
    ['limit=1e9', 'address(limit): expected a whole number in [1, 2000], got 1e9'],
    ['shows=model,ghosts', 'address(shows): expected some of model,trials'],
    ['view=1,0,0,1', 'address(view): expected x0,x1,y0,y1 with x0 < x1'],
    ['f=x^', "fromExpression(text): expected a number, x, y, a function such as sin, or '(', got the end"],
    ['f=rosenbrok', 'is rosenbrock meant?'],
    ['f=wood', 'f: expected a function of one or two variables, got wood, which has 4'],
    ['f=%E0%A4', "got '%' at character 1"],
    ['methods=newtom', "did you mean 'newton'?"],
    ['methods=adam(beta2=1.5)', 'adam(beta2): expected a number in [0, 1), got 1.5'],
  ])('#%s is told and left out', (fragment, words) => {
    const { study: found, faults } = settled(read(fragment));
    expect(faults.join('\n')).toContain(words);
    expect(faults.length).toBe(1);
    expect(found).toEqual({ ...begun(lessons[0]) });
  });

  test('without a start begins where the function does', () => {
    expect(settled(read('f=x^4')).study.start).toEqual([1]);
    expect(settled(read('lesson=cycle&f=rosenbrock')).study.start).toEqual([-1.2, 1]);
  });
});

describe('functions to choose from', () => {
  test.each([...offered.planes, ...offered.lines])('%s runs, and its start lies in view', (name) => {
    const { definition, n, view } = subjectOf(name);
    expect(n).toBe(offered.planes.includes(name) ? 2 : 1);
    const [x, y = view.y0] = Array.from(definition.start);
    expect(x >= view.x0 && x <= view.x1 && y >= view.y0 && y <= view.y1).toBe(true);
    expect(Number.isFinite(definition.value(Float64Array.from(definition.start)))).toBe(true);
  });
});

describe('functions that are hard to show', () => {
  const everywhere = offeredMethods.flatMap((group) => group.names).filter((name) => name !== 'gaussNewton');
  const hard: readonly [f: string, start: number[]][] = [
    ['log(x)', [-1]],
    ['7', [2]],
    ['1/x', [0]],
    ['x^400', [40]],
    ['exp(exp(x))', [9]],
    ['-x^2', [1]],
    ['sqrt(x) + 0*y', [1, 1]],
    ['abs(x) + abs(y)', [0, 1]],
    ['x^3*y', [0, 0]],
    ['x + y', [1e300, -1e300]],
    ['tan(x)*tan(y)', [1.57, 1.57]],
    ['1e-300*x^2 + 1e300*y^2', [1, 1]],
  ];

  test.each(hard)('%s from %j is walked, told and drawn by every method', (f, start) => {
    const subject = subjectOf(f);
    const all = walks(subject, { methods: everywhere.join(), start, limit: 30 });
    const floor = floorOf(subject, all);
    for (const walk of all.filter(walked)) {
      expect(ended(walk, subject)).toMatch(/ after \d+ steps?$/);
      walk.stands.forEach(({ x, gradient, leap }, k) => {
        expect(told(walk, k, subject.definition).sentences.length).toBeGreaterThan(0);
        if (leap?.model === undefined || subject.n === 1) return;
        for (const { length } of modelCurves(leap.model, gradient, x)?.curves ?? [])
          expect(length).toBeGreaterThan(1);
        learntCurves(subject.definition.hessian!(x), leap.model, x, 1);
        dampingPath(leap.model, gradient);
      });
      expect(curves(walk, floor).gradient.length).toBe(walk.stands.length);
    }
    const { value, gradient } = subject.definition;
    if (subject.n === 1) {
      const frame = lineFrameOf(subject.view, 400, 300, {
        value: (x) => value(Float64Array.of(x)),
        slope: (x) => gradient!(Float64Array.of(x))[0],
      });
      expect(curveOf(frame.f, (x) => value(Float64Array.of(x)))).not.toContain('NaN');
      expect(frame.f.y.high > frame.f.y.low).toBe(true);
    } else {
      const surface = surfaceOf((x, y) => value(Float64Array.of(x, y)), frameOf(subject.view, 400, 300));
      expect([...surface.lines, ...surface.regions, surface.missing].join('')).not.toContain('NaN');
    }
  });
});

describe('methods to choose from', () => {
  const names = offeredMethods.flatMap((group) => group.names);

  test.each(names)('%s runs on what it is offered for', (methods) => {
    const { f, start } = offeredMethods.at(-1)!.names.includes(methods)
      ? { f: 'exp(x) - 2x', start: [1] }
      : { f: 'booth', start: [-2, 1] };
    const [one] = walks(subjectOf(f), { methods, start, limit: 20 });
    expect(walked(one)).toBe(true);
  });

  test('one for a single variable says so on a plane', () => {
    const [one] = walks(subjectOf('booth'), { methods: 'secant', start: [0, 0], limit: 5 });
    expect(one).toMatchObject({ refused: 'secant(problem): expected a function of one variable, got 2' });
  });

  test.each(names)('the sliders of %s give only what it allows, and stand where its values are', (name) => {
    const [call] = callsOf(name);
    const { options } = findMethod(name);
    for (const [key, option] of Object.entries(options)) {
      const others = valuesOf(call, options);
      const slider = sliderOf(option, others);
      if (slider === undefined) continue;
      for (let k = 0; k <= 40; k++) {
        const value = slider.value(k / 40);
        option.check(name, key, value, others);
        expect(Math.abs(slider.position(value) - k / 40)).toBeLessThan(
          value === Math.round(value) ? 0.51 : 0.01,
        );
      }
    }
  });

  test.each([
    ['newton', 'newton'],
    [' bfgs( fixedStep(0.15) ) ', 'bfgs(search=fixedStep(alpha=0.15))'],
    ['bfgs(search=backtracking),adam(0.1)', 'bfgs(search=backtracking),adam(learningRate=0.1)'],
    ['trustRegion(dogleg(),maxRadius=2)', 'trustRegion(subproblem=dogleg,maxRadius=2)'],
    ['secant(offset=relative)', 'secant(offset=relative)'],
  ])('%s is typed as %s, which makes the same', (given, typed) => {
    expect(typedList(callsOf(given))).toBe(typed);
    const made = (list: string) =>
      chosenMethods(list).map(({ method: { name, options } }) => ({ name, options }));
    expect(made(typed)).toEqual(made(given));
  });

  test('an option is changed, and left out again', () => {
    const [call] = callsOf('dampedNewton');
    expect(typedList([withOption(call, 'damping', 2)])).toBe('dampedNewton(damping=2)');
    expect(typedList([withOption(withOption(call, 'damping', 2), 'damping', undefined)])).toBe(
      'dampedNewton',
    );
  });
});

test('numbers are short and keep their sign', () => {
  expect([0, -0.25, 12345.6, 1e-7, Math.PI, Number.NaN, -Infinity].map((value) => number(value))).toEqual([
    '0',
    '−0.25',
    '12346',
    '10⁻⁷',
    '3.142',
    'NaN',
    '−∞',
  ]);
  expect(point([1, -0.5])).toBe('(1, −0.5)');
  expect(point([2])).toBe('2');
});

describe('a schedule in place of a rate', () => {
  const { options } = findMethod('gradientDescent');
  const schedules = factoriesOf(options.learningRate!.allows);

  test('begins at the rate there was, whichever it is, and makes a method that walks', () => {
    expect(schedules.map(({ name }) => name)).toContain('linearWarmup');
    for (const schedule of schedules) {
      const call = begunCall(schedule, { rate: 0.125, steps: 20 });
      const rates = ratesOf(call, schedules, 20)!;
      expect(Math.max(...rates), schedule.name).toBeGreaterThan(0.06);
      expect(Math.max(...rates), schedule.name).toBeLessThanOrEqual(0.125);
      const [method] = callsOf('gradientDescent').map((one) => withOption(one, 'learningRate', call));
      const typed = typedList([method!]);
      expect(typedList(callsOf(typed)), 'as typed, it is read again').toBe(typed);
      const [walk] = walks(subjectOf('rosenbrock'), { start: [-1, 1], methods: typed, limit: 5 });
      expect(walk && walked(walk), typed).toBe(true);
    }
  });

  test('has no rates where an option is not allowed', () => {
    const options = { from: 0.1, factor: 2 };
    expect(ratesOf({ name: 'exponential', options, text: '' }, schedules, 5)).toBe(undefined);
  });
});
