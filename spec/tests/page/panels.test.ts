import { describe, expect, test } from 'vitest';
import { panelsOf, startsLogarithmic } from '../../../dashboard/page/src/charts/panels.js';
import { picture, type View } from '../../../dashboard/page/src/charts/picture.js';
import { Curve } from '../../../dashboard/page/src/data/curve.js';
import { MethodRecord } from '../../../dashboard/page/src/data/method-record.js';
import type { MethodDescription } from '../../../dashboard/record/events.js';
import { StepGatherer, stepColumns } from '../../../dashboard/record/step-columns.js';
import type { MeasureDescription } from '../../../src/index.js';

const number = (name: string): MeasureDescription => ({ name, kind: 'number', meaning: name });

/** A method that has taken some steps, and measured numbers of its own at each. */
function method(measures: readonly string[], own: (step: number, name: string) => number): MethodRecord {
  const description: MethodDescription = {
    name: 'kfac',
    label: 'kfac',
    options: {},
    operators: [],
    measures: measures.map(number),
  };
  const record = new MethodRecord(description);
  const gatherer = new StepGatherer(20);
  for (let step = 0; step < 20; step++) {
    const readings = Object.fromEntries(measures.map((name) => [name, own(step, name)]));
    gatherer.add(
      {
        kind: 'step',
        method: 0,
        step,
        seconds: step,
        loss: 1,
        gradientNorm: 1,
        updateNorm: 1,
        milliseconds: 500,
        measures: readings,
      },
      measures,
    );
  }
  const steps = stepColumns(gatherer.take(), 0, 20);
  for (let index = 0; index < 20; index++) record.step(steps, index);
  return record;
}

const shown = (methods: readonly MethodRecord[]) =>
  panelsOf({ methods, ofFunction: false, ended: true, started: {} });
const view: View = {
  across: 'steps',
  span: 1,
  log: false,
  logX: false,
  scale: 1,
  zoom: null,
  whole: false,
  pixels: 400,
  breaks: [],
};

describe('panels', () => {
  test('whatever a method measures has a panel, in the group that it belongs to', () => {
    const names = ['lambda', 'rho', 'somethingNew', 'factorRefreshes', 'shareOfZeros'];
    const panels = shown([method(names, () => 1)]);
    const groupOf = (id: string) => panels.find((panel) => panel.id === id)?.group;
    expect(names.map(groupOf)).toEqual([
      'Damping and trust',
      'Damping and trust',
      'Other measures',
      'Curvature',
      'Step and update',
    ]);
    expect(panels.find(({ id }) => id === 'somethingNew')!.title).toBe('Something new');
    expect(panels[0]!.id).toBe('loss');
  });

  test('above the minimum the axis is logarithmic, even where rounding leads below it; a trust ratio is read against 0', () => {
    const walker = method(['rho'], (step) => 10 ** -step);
    [1, 0.1, -1e-17].forEach((value, step) => {
      walker.take({ kind: 'point', method: 0, step, x: [0, 0], value });
    });
    walker.minimum = 0;
    const panels = panelsOf({ methods: [walker], ofFunction: true, ended: true, started: {} });
    const startsLog = (id: string) => startsLogarithmic(panels.find((panel) => panel.id === id)!, [walker]);
    expect(startsLog('gap')).toBe(true);
    expect(startsLog('rho')).toBe(false);
    expect(panels.slice(0, 2).map(({ id }) => id)).toEqual(['gap', 'gradientNorm']);
    const [last] = panels[0]!.curve(walker)!.raw.values.view().slice(-1);
    expect(last).toBe(-1e-17);
  });

  test('each method is read above the minimum of its own function, where runs are compared', () => {
    const [first, second, unknown] = [1, -3, undefined].map((minimum) => {
      const walker = method([], () => 0);
      walker.minimum = minimum;
      walker.take({ kind: 'point', method: 0, step: 0, x: [0], value: 5 });
      return walker;
    }) as [MethodRecord, MethodRecord, MethodRecord];
    const panels = panelsOf({
      methods: [first, second, unknown],
      ofFunction: true,
      ended: true,
      started: {},
    });
    const gap = panels.find(({ id }) => id === 'gap')!;
    expect([first, second, unknown].map((one) => gap.curve(one)?.raw.at(0))).toEqual([4, 8, undefined]);
    expect(panels.some(({ id }) => id === 'value')).toBe(true);
  });

  test('what may still be measured has its place from the start, and none when the run has ended without', () => {
    const started = new MethodRecord({
      name: 'kfac',
      label: 'kfac',
      options: {},
      operators: [],
      measures: [number('rho')],
    });
    const of = (ended: unknown) =>
      panelsOf({
        methods: [started],
        ofFunction: false,
        ended,
        started: { batch: 32 },
      }).map(({ id }) => id);
    expect(of(undefined)).toEqual([
      'loss',
      'accuracy',
      'testLoss',
      'gradientNorm',
      'updateNorm',
      'rho',
      'milliseconds',
    ]);
    expect(of({})).toEqual([]);
  });

  test('what is predicted stands dotted beside what came of it, in one panel', () => {
    const panels = shown([method(['actualDecrease', 'predictedDecrease'], (step) => step)]);
    const decrease = panels.find(({ id }) => id === 'actualDecrease')!;
    expect(decrease.beside?.title).toBe('predicted decrease');
    expect(panels.some(({ id }) => id === 'predictedDecrease')).toBe(false);
  });

  test('rejected steps are marked where they were, whether counted a step or so far', () => {
    const rejectedAt = [3, 11, 12];
    const soFar = method(['rho', 'rejected'], (step, name) =>
      name === 'rho' ? 1 : rejectedAt.filter((at) => at <= step).length,
    );
    const ofStep = method(['gainRatio', 'rejections'], (step, name) =>
      name === 'gainRatio' ? 1 : Number(rejectedAt.includes(step)),
    );
    for (const [record, id] of [
      [soFar, 'rho'],
      [ofStep, 'gainRatio'],
    ] as const) {
      const { rejections, curve } = shown([record]).find((panel) => panel.id === id)!;
      const events = { curve: rejections!.curve(record)!, soFar: rejections!.soFar };
      const subject = { method: 0, curve: curve(record)!, bands: [], failed: false, events };
      expect(picture([subject], view, [0, 19]).drawings[0]!.events).toEqual(rejectedAt);
    }
  });

  test('the time of a method’s own work leaves out pauses and the turns of others', () => {
    const record = method([], () => 0);
    expect([...record.curves.loss.across('work').view()].slice(0, 4)).toEqual([0, 0.5, 1, 1.5]);
    expect(record.curves.loss.across('examples')).toBe(record.places.steps);
  });

  test('lines that hide each other are told, and no others', () => {
    const curveOf = (value: (step: number) => number) => {
      const curve = new Curve();
      for (let step = 0; step < 50; step++) {
        curve.add({ step, seconds: step, work: step, evaluations: step }, value(step));
      }
      return curve;
    };
    const values = [
      (step: number) => 1 / (1 + step),
      (step: number) => 1 / (1 + step) + 1e-6,
      (step: number) => 0.5 / (1 + step),
    ];
    const subjects = values.map((value, method) => ({
      method,
      curve: curveOf(value),
      bands: [],
      failed: false,
    }));
    expect(picture(subjects, view, [0, 49]).alike).toEqual([[0, 1]]);
  });
});
