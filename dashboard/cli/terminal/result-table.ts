import type { MethodResult } from '../../record/events.js';
import { wordsFor } from '../../record/outcome-words.js';
import { figure, percent } from './figures.js';
import { table } from './table.js';

/** The closing table: one row a method. */
export function resultTable(methods: readonly MethodResult[]): string {
  const byFunction = methods.some(({ x }) => x !== undefined);
  return byFunction ? functionTable(methods) : modelTable(methods);
}

function modelTable(methods: readonly MethodResult[]): string {
  const classified = methods.some(({ accuracy }) => accuracy !== undefined);
  const accuracy = classified ? ['test accuracy'] : [];
  const reconstructed = methods.some(({ squaredError }) => squaredError !== undefined);
  const milestones = classified ? ['steps to 90 %', '95 %', '97 %'] : [];
  const head = [
    'method',
    'steps',
    'smoothed train loss',
    'test loss',
    ...accuracy,
    ...(reconstructed ? ['squared error'] : []),
    'ms/step',
    ...milestones,
    'outcome',
  ];
  const rows = methods.map((method) => [
    method.label,
    String(method.steps),
    figure(method.trainLoss),
    figure(method.loss),
    ...(classified ? [percent(method.accuracy)] : []),
    ...(reconstructed ? [figure(method.squaredError)] : []),
    figure(method.millisecondsPerStep),
    ...(classified
      ? ['0.90', '0.95', '0.97'].map((key) => String(method.stepsToAccuracy?.[key] ?? '–'))
      : []),
    wordsFor(method.outcome).words,
  ]);
  return table([head, ...rows], [0, head.length - 1]);
}

function functionTable(methods: readonly MethodResult[]): string {
  const head = ['method', 'steps', 'value', 'x', 'values', 'gradients', 'Hessians', 'ms/step', 'outcome'];
  const rows = methods.map((method) => [
    method.label,
    String(method.steps),
    figure(method.value),
    method.x === undefined ? '–' : point(method.x),
    ...(['value', 'gradient', 'hessian'] as const).map((kind) => String(method.evaluations?.[kind] ?? '–')),
    figure(method.millisecondsPerStep),
    wordsFor(method.outcome).words,
  ]);
  return table([head, ...rows], [0, 3, head.length - 1]);
}

function point(x: readonly number[]): string {
  const shown = x.slice(0, 4).map((entry) => String(Number(entry.toPrecision(6))));
  return `(${shown.join(', ')}${x.length > 4 ? ', …' : ''})`;
}
