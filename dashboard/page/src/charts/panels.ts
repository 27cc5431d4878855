import type { MeasureDescription } from '../../../../src/index.js';
import type { Column } from '../../../record/column.js';
import { type EveryStep, everyStep } from '../../../record/measures.js';
import type { Curve } from '../data/curve.js';
import { number, percent } from '../data/format.js';
import type { Evaluation, MethodRecord } from '../data/method-record.js';
import { emptyExtent, include } from '../data/series.js';

/** What a panel shows and how. */
export interface PanelKind {
  /** Tells panels apart, and is part of a name in the style sheet. */
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  /** One phrase for a person. */
  readonly meaning?: string;
  /** The curve of a method, where it has one. */
  readonly curve: (method: MethodRecord) => Curve | undefined;
  /** Pairs of curves that enclose it, the outermost first. */
  readonly bands?: (method: MethodRecord) => readonly (readonly [Curve, Curve])[];
  /** Whether the y axis may be logarithmic; whether it starts out so is up to the values. */
  readonly log: boolean;
  /** From which ratio of the greatest to the least value above zero on it starts out so; default 1. */
  readonly spread?: number;
  readonly format: (value: number | undefined) => string;
  readonly label?: (value: number) => string;
  readonly bounds?: readonly [number, number];
  /** Whether it is measured step by step, and so may be fetched more closely. */
  readonly stepwise: boolean;
  /** Measured now and then: drawn with dots, not smoothed. */
  readonly sparse?: boolean;
  /** Where a method has come to beyond its curve: the axis has to suit these values too. */
  readonly reached?: (method: MethodRecord) => Column;
  /** Whether only some methods measure it, of their own. */
  readonly own?: boolean;
  /** Shown only where there is anything of it. */
  readonly mayBeAbsent?: boolean;
}

/** What is not told by the description of what every step measures. */
const special: Partial<Record<EveryStep, Partial<PanelKind>>> = {
  loss: { reached: ({ points }) => points.values },
  milliseconds: { title: 'Step time' },
};

/** The panels of a run: of every step, of evaluations, then one for each measure of any method's own. */
export function panelsOf(methods: readonly MethodRecord[]): readonly PanelKind[] {
  const every = everyStep.map((measure) => ({
    ...described(measure, measure.name),
    curve: ({ curves }: MethodRecord) => curves[measure.name],
    ...special[measure.name],
  }));
  const [loss, gradientNorm, updateNorm, milliseconds] = every as [
    PanelKind,
    PanelKind,
    PanelKind,
    PanelKind,
  ];
  return [loss, ...evaluated, milliseconds, gradientNorm, updateNorm, ...ownPanels(methods)];
}

const evaluated: readonly PanelKind[] = [
  {
    ...evaluation('accuracy', 'Test accuracy'),
    format: (value) => percent(value, 2),
    label: (value) => percent(value, 4).replace(/\.?0+(?=\u2009)/, ''),
    bounds: [0, 1],
    log: false,
  },
  evaluation('testLoss', 'Test loss'),
  evaluation('squaredError', 'Squared error'),
];

function evaluation(id: Evaluation, title: string): PanelKind {
  return {
    id,
    title,
    curve: ({ curves }) => curves[id],
    log: true,
    format: (value) => number(value),
    stepwise: false,
    sparse: true,
    mayBeAbsent: true,
  };
}

/** Counts and ratios near 1 are read more easily on a linear axis. */
const ownSpread = 20;

/** Measures that have name, unit and kind in common share a panel. */
function ownPanels(methods: readonly MethodRecord[]): PanelKind[] {
  const panels = new Map<string, PanelKind>();
  for (const { description } of methods) {
    for (const measure of description.measures ?? []) {
      const { name, unit = '', kind } = measure;
      const key = `${kind} ${name} ${unit}`;
      if (!panels.has(key)) panels.set(key, ownPanel(measure, `own-${panels.size}`));
    }
  }
  return [...panels.values()];
}

function ownPanel(measure: MeasureDescription, id: string): PanelKind {
  const { name, kind, unit } = measure;
  const own = ({ description }: MethodRecord) =>
    description.measures?.some((one) => one.name === name && one.kind === kind && one.unit === unit) ?? false;
  const panel = { ...described(measure, id), spread: ownSpread, mayBeAbsent: true, own: true };
  if (kind === 'number')
    return { ...panel, curve: (method) => (own(method) ? method.own.get(name) : undefined) };
  const lists = (method: MethodRecord) => (own(method) ? method.lists.get(name) : undefined);
  return {
    ...panel,
    curve: (method) => lists(method)?.median,
    bands: (method) => lists(method)?.bands ?? [],
    stepwise: false,
    meaning: `${measure.meaning}: median, quartiles, outer tenths, extremes`,
  };
}

function described({ name, unit, meaning }: MeasureDescription, id: string): Omit<PanelKind, 'curve'> {
  const title = titleOf(name);
  return {
    id,
    title,
    ...(unit && { unit }),
    meaning,
    log: true,
    format: (value) => number(value),
    stepwise: true,
  };
}

/** `gainRatio` as a title: Gain ratio. */
export function titleOf(name: string): string {
  const words = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether the y axis starts out logarithmic: nothing is below zero, and the values are as far apart as `spread` says. */
export function startsLogarithmic(
  { log, spread = 1, curve, bands, reached }: PanelKind,
  methods: readonly MethodRecord[],
) {
  if (!log) return false;
  const all = emptyExtent();
  for (const method of methods) {
    const curves = bands?.(method)[0] ?? [curve(method) ?? []].flat();
    for (const { raw } of curves) raw.extent(0, raw.length, all);
    for (const value of reached?.(method).view() ?? []) include(all, value);
  }
  return !(all.low < 0) && !(all.high < spread * all.lowPositive);
}
