import { describe, expect, test } from 'vitest';
import { fitted } from '../../../dashboard/learn/src/model/fitted.js';
import { type Lesson, lessonOf, lessons } from '../../../dashboard/learn/src/model/lessons.js';
import { dampedStep, dampingPath, levelStep } from '../../../dashboard/learn/src/model/model-shape.js';
import { curves, ended, floorOf, walked, walks } from '../../../dashboard/learn/src/model/run.js';
import { subjectOf } from '../../../dashboard/learn/src/model/subject.js';
import { told } from '../../../dashboard/learn/src/model/told.js';
import type { Walk } from '../../../dashboard/learn/src/model/walk.js';
import type { Window } from '../../../dashboard/plot/window.js';
import { norm } from '../../../src/index.js';

/** A lesson's walks, from another start where one is given. */
function taught(id: string, change: Partial<Lesson> = {}): Walk[] {
  const lesson = { ...lessonOf(id), ...change };
  const all = walks(subjectOf(lesson.f), lesson);
  expect(all.filter((one) => !walked(one))).toEqual([]);
  return all.filter(walked);
}

const stepFrom = ({ stands }: Walk, k: number) => stands[k + 1].x.map((xi, i) => xi - stands[k].x[i]);
const distance = (a: Float64Array, b: ArrayLike<number>) => norm(a.map((ai, i) => ai - b[i]));

test.each(lessons.map((lesson) => [lesson.id, lesson] as const))(
  '%s tells in three sentences or four what runs',
  (_, lesson) => {
    expect(taught(lesson.id).length).toBeGreaterThan(0);
    const sentences = lesson.text.match(/[.?!](?= [A-Z]|$)/g)?.length ?? 0;
    expect(sentences).toBeGreaterThanOrEqual(3);
    expect(sentences).toBeLessThanOrEqual(4);
  },
);

describe('what the lessons say happens', () => {
  test('Newton goes to the minimum of its model at every step', () => {
    const [walk] = taught('model');
    for (let k = 0; k + 1 < walk.stands.length; k++) {
      const { leap, gradient } = walk.stands[k];
      const step = stepFrom(walk, k);
      // Both solve one 2×2 system whose condition is below 10: a few ε of the step, and x + p rounds to ε|x|.
      expect(distance(step, levelStep(leap!.model!, gradient)!)).toBeLessThan(1e-14);
    }
    expect(ended(walk, subjectOf('himmelblau'))).toBe('arrives after 6 steps');
  });

  test('Newton overshoots: a fall is promised, f rises, and nearer to y = 0 the leap is longer', () => {
    const [walk] = taught('overshoot');
    const { decrease, sentences } = told(walk, 0);
    expect(decrease!.promised).toBeGreaterThan(2);
    expect(decrease!.actual).toBeLessThan(0);
    expect(sentences.join(' ')).toContain('overshoots');
    const leaps = [-0.1, -0.07, -0.04, 0].map((y) =>
      norm(stepFrom(taught('overshoot', { start: [-0.9, y] })[0], 0)),
    );
    expect(leaps).toEqual(leaps.toSorted((a, b) => a - b));
    expect(leaps[3]).toBeGreaterThan(3 * leaps[0]);
  });

  test('damping shortens the step along one curve, from Newton’s to the gradient’s', () => {
    const steps = [0, 0.1, 1, 10, 1000].map((damping) => {
      const [walk] = taught('damping', { methods: `dampedNewton(damping=${damping})` });
      const { leap, gradient } = walk.stands[0];
      const step = stepFrom(walk, 0);
      expect(distance(step, dampedStep(leap!.model!, gradient, damping)!)).toBeLessThan(1e-15);
      const path = dampingPath(leap!.model!, gradient);
      // Its 49 points lie at most a tenth of the longest step apart.
      expect(Math.min(...path.map((p) => distance(p, step)))).toBeLessThan(0.1 * norm(path[0]));
      return {
        length: norm(step),
        turn: told(walk, 0).facts.find(({ sign }) => sign === '∠(p, −g)')!.value as number,
      };
    });
    expect(steps.map(({ length }) => length)).toEqual(
      steps.map(({ length }) => length).toSorted((a, b) => b - a),
    );
    expect(steps.at(-1)!.turn).toBeLessThan(1);
    expect(steps[0].turn).toBeGreaterThan(30);
  });

  test('at a saddle Newton stops, the others do not', () => {
    const subject = subjectOf('saddle');
    expect(taught('saddle').map((walk) => ended(walk, subject).split(' after')[0])).toEqual([
      'at a saddle',
      'arrives',
      'arrives',
    ]);
  });

  test('the line search refuses Newton’s point at first, and takes it in the end', () => {
    const [search, newton] = taught('search');
    expect(search.stands[0].leap!.trials.length).toBeGreaterThan(1);
    expect(distance(search.stands[0].leap!.trials[0], newton.stands[1].x)).toBeLessThan(1e-14);
    expect(search.stands.at(-2)!.leap!.trials.length).toBe(1);
  });

  test('the trust region holds each step, doubles on a good one at its edge and shrinks on a poor one', () => {
    const [walk] = taught('region');
    const seen = { grown: 0, refused: 0 };
    for (let k = 0; k + 2 < walk.stands.length; k++) {
      const [now, next] = [walk.stands[k].leap!.measures, walk.stands[k + 1].leap!.measures] as Record<
        string,
        number
      >[];
      const length = norm(stepFrom(walk, k));
      expect(length).toBeLessThanOrEqual(1.1 * now.radius * (1 + 1e-12)); // the subproblem's tolerance
      if (now.damping > 0) {
        // The region's step lies on the damping path, at its multiplier λ; two factorizations of H + λI differ by εκ.
        const { leap, gradient } = walk.stands[k];
        expect(distance(stepFrom(walk, k), dampedStep(leap!.model!, gradient, now.damping)!)).toBeLessThan(
          1e-12,
        );
      }
      if (now.gainRatio > 0.75 && now.damping > 0 && next.rejections === 0) {
        expect(next.radius).toBeCloseTo(2 * now.radius, 12);
        seen.grown++;
      }
      if (next.rejections > 0) seen.refused++;
    }
    expect(seen.grown).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  });

  test('BFGS begins with a circle and ends with nearly the true curvature', () => {
    const [walk] = taught('learning');
    const { definition } = subjectOf('booth');
    const error = (k: number) => {
      const truth = definition.hessian!(walk.stands[k].x);
      return distance(walk.stands[k].leap!.model!, truth) / norm(truth);
    };
    const [a, b, c, d] = walk.stands[0].leap!.model!;
    expect([b, c, a - d]).toEqual([0, 0, 0]);
    expect(error(0)).toBeGreaterThan(0.5);
    expect(error(walk.stands.length - 2)).toBeLessThan(0.02);
  });

  test('on two scales Newton needs one step, BFGS a few, the gradient many', () => {
    const [gradient, , , bfgs, newton] = taught('scales');
    expect(newton.stands.length).toBe(2);
    expect(bfgs.stands.length).toBeLessThan(20);
    expect(gradient.outcome.by).toBe('iterations');
  });

  test('√(1 + x²): from 1 to and fro, from inside it arrives, from outside it leaps away', () => {
    const [walk] = taught('cycle');
    expect(walk.stands.map(({ x }) => Math.round(x[0] * 1e12) / 1e12)).toEqual([1, -1, 1]);
    expect(walk.outcome.failure).toBe('oscillation');
    expect(told(walk, 0).sentences.join(' ')).toContain('stays the same');
    expect(taught('cycle', { start: [0.9] })[0].outcome.kind).toBe('converged');
    expect(taught('cycle', { start: [1.1] })[0].outcome.failure).toBe('overshoot');
  });

  test('Newton climbs to a maximum where the parabola opens downwards, the guarded form does not', () => {
    const [newton, guarded] = taught('wrong-way');
    const subject = subjectOf(lessonOf('wrong-way').f);
    expect(ended(newton, subject)).toContain('at a maximum');
    expect(ended(guarded, subject)).toContain('arrives');
    expect(told(newton, 0).sentences[0]).toContain('opens downwards');
    expect(newton.stands[0].leap!.model![0]).toBeLessThan(0);
    expect(taught('wrong-way', { start: [0.6] })[0].stands[0].leap!.model![0]).toBeGreaterThan(0);
  });

  test('the secant method takes a few steps more than Newton', () => {
    const [newton, secant] = taught('secant').map(({ stands }) => stands.length);
    expect(secant - newton).toBeGreaterThanOrEqual(1);
    expect(secant - newton).toBeLessThanOrEqual(4);
  });
});

test.each([
  'newton',
  'dampedNewton',
  'lineSearchNewton',
  'modifiedNewton',
  'absoluteNewton',
  'trustRegion',
  'levenbergMarquardtNewton',
])('%s is shown with the Hessian of the point it leaves', (methods) => {
  const { definition } = subjectOf('rosenbrock');
  const [walk] = taught('region', { methods });
  expect(walk.stands.length).toBeGreaterThan(5);
  for (const { x, leap } of walk.stands.slice(0, -1)) expect(leap!.model).toEqual(definition.hessian!(x));
});

test('each step begins where the one before it ended, and its trials end there too', () => {
  for (const { id } of lessons) {
    for (const walk of taught(id)) {
      walk.stands.forEach(({ leap }, k) => {
        const next = walk.stands[k + 1];
        if (leap === undefined || next === undefined) return;
        const last = leap.trials.at(-1);
        if (last !== undefined)
          expect(distance(last, next.x), `${id}, ${walk.label}, step ${k}`).toBeLessThan(1e-12);
      });
    }
  }
});

test('a trust region is told to grow, stay and shrink as its radius does', () => {
  const [walk] = taught('region');
  const said = walk.stands.map((_, k) => told(walk, k).sentences.join(' '));
  for (const words of [
    'then grows to',
    'then shrinks to',
    'stays as it is',
    'a trial is refused, and the radius becomes',
  ]) {
    expect(
      said.some((one) => one.includes(words)),
      words,
    ).toBe(true);
  }
  walk.stands.forEach(({ leap }, k) => {
    const next = walk.stands[k + 1]?.leap?.measures;
    const grows = Number(next?.radius) > Number(leap?.measures.radius) && next?.rejections === 0;
    expect(said[k].includes('then grows to')).toBe(grows);
  });
});

test('paths are fitted into view, but for what runs off', () => {
  const inView = ({ x0, x1, y0, y1 }: Window, [x, y]: Float64Array) =>
    x >= x0 && x <= x1 && y >= y0 && y <= y1;
  const region = fitted(taught('region'), subjectOf('rosenbrock'));
  for (const { stands } of taught('region')) expect(stands.every(({ x }) => inView(region, x))).toBe(true);
  const { x0, x1 } = fitted(taught('secant'), subjectOf(lessonOf('secant').f));
  for (const { stands } of taught('secant'))
    expect(stands.every(({ x: [x] }) => x >= x0 && x <= x1)).toBe(true);
  const far = fitted(taught('cycle', { start: [1.1], limit: 10 }), subjectOf(lessonOf('cycle').f));
  expect(Number.isFinite(far.x1 - far.x0)).toBe(true);
});

test('where no minimum is known, the least value found lies below all that was seen', () => {
  const lesson = lessonOf('play');
  const subject = subjectOf(lesson.f);
  const all = walks(subject, lesson);
  const floor = floorOf(subject, all);
  expect(floor.known).toBe(false);
  for (const walk of all.filter(walked)) {
    expect(Math.min(...curves(walk, floor).excess)).toBeGreaterThanOrEqual(0);
  }
});
