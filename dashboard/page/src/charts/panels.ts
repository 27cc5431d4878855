import type { MeasureDescription } from '../../../../src/index.js';
import { type EveryStep, everyStep } from '../../../record/measures.js';
import type { Curve } from '../data/curve.js';
import { number, percent } from '../data/format.js';
import type { Evaluation, MethodRecord } from '../data/method-record.js';
import type { Across } from '../data/places.js';
import { emptyExtent } from '../data/series.js';
import { type HeatMap, histogramMap, histogramsIn, partsMap } from './heat.js';
import { besideNames, type Group, groups, measurePanel } from './measure-panels.js';

/** What a panel shows and how. */
export interface PanelKind {
  /** Tells panels apart, in the address too. */
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  readonly unit?: string;
  /** One phrase for a person. */
  readonly meaning?: string;
  /** The curve of a method, where it has one. */
  readonly curve: (method: MethodRecord) => Curve | undefined;
  /** Pairs of curves that enclose it, the outermost first. */
  readonly bands?: (method: MethodRecord) => readonly (readonly [Curve, Curve])[];
  /** In how many parts the lists of a method come: of all, and of each parameter. */
  readonly parts?: (method: MethodRecord) => number;
  /** In place of curves: a list of a method over a stretch of the x axis as a map; `parameters` are named in order. */
  readonly map?: (
    method: MethodRecord,
    stretch: {
      readonly across: Across;
      readonly low: number;
      readonly high: number;
      readonly part: number;
    },
    parameters: readonly string[],
  ) => HeatMap | undefined;
  /** A second quantity, drawn dotted. */
  readonly beside?: { readonly title: string; readonly curve: (method: MethodRecord) => Curve | undefined };
  /** A count of rejected steps, each marked at the foot: those of a step, or all so far. */
  readonly rejections?: {
    readonly curve: (method: MethodRecord) => Curve | undefined;
    readonly soFar: boolean;
  };
  /** Values to read the others by. */
  readonly references: readonly number[];
  /** Whether the y axis may be logarithmic; whether it starts out so is up to the values. */
  readonly log: boolean;
  /** From which ratio of the greatest to the least value above zero on it starts out so; default 1. */
  readonly spread?: number;
  /** Whether it starts out logarithmic even where some values are not above zero: these are marked at the foot. */
  readonly beginsLog?: boolean;
  readonly format: (value: number | undefined) => string;
  readonly label?: (value: number) => string;
  readonly bounds?: readonly [number, number];
  /** Whether it is measured step by step, and so may be fetched more closely. */
  readonly stepwise: boolean;
  /** Whether it is waited for in a run that goes on: by default every step's numbers, and evaluations of a model. */
  readonly expected?: boolean;
  /** Measured now and then, or known exactly: drawn with dots, not smoothed. */
  readonly exact?: boolean;
}

/** What of a run decides which panels it has. */
export interface Shown {
  readonly methods: readonly MethodRecord[];
  readonly ofFunction: boolean;
  /** Undefined while it may still go on. */
  readonly ended: unknown;
  /** With a size of batches where a model is trained, which is evaluated now and then. */
  readonly started: { readonly batch?: number } | undefined;
  /** Of what every step measures, what the steps of this run do not. */
  readonly leftOut?: readonly string[];
}

/**
 * The panels of a run in their groups, the most telling first: those for which there is anything or, so that nothing
 * moves when it comes, may still be.
 */
export function panelsOf(run: Shown): readonly PanelKind[] {
  const all = [
    ...(run.ofFunction ? ofFunction(run.methods.map(({ minimum }) => minimum)) : ofModel),
    ...ownPanels(run.methods),
    cost,
  ];
  const mayStillCome = ({ stepwise, expected = stepwise || run.started?.batch !== undefined }: PanelKind) =>
    run.ended === undefined && expected;
  const present = all.filter(
    (kind) =>
      !run.leftOut?.includes(kind.id) &&
      (mayStillCome(kind) || run.methods.some((method) => (kind.curve(method)?.raw.length ?? 0) > 0)),
  );
  return present.sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

/** Runs that are compared may be of different functions, whose least values are not all known. */
function ofFunction(minima: readonly (number | undefined)[]): PanelKind[] {
  const value = {
    ...everyPanel('loss'),
    id: 'value',
    title: 'Value',
    meaning: 'the value of the function where the method has come to',
    curve: ({ valueCurve }: MethodRecord) => valueCurve,
    exact: true,
    stepwise: false,
  };
  const gap = {
    ...value,
    id: 'gap',
    title: 'Above the minimum',
    unit: 'f − f*',
    meaning: 'how far the value lies above the least one known of the function',
    curve: (method: MethodRecord) => method.gap,
    beginsLog: true,
  };
  const norm = { ...everyPanel('gradientNorm'), exact: true };
  const rest = { ...everyPanel('updateNorm'), exact: true, group: 'Every step' } as const;
  if (minima.every((minimum) => minimum === undefined)) return [value, norm, rest];
  // Where the least value is 0, the two panels would be one.
  const own = minima.every((minimum) => minimum === 0)
    ? []
    : [{ ...value, group: 'Every step' as const, spread: 50 }];
  return [gap, norm, ...own, rest];
}

const ofModel: readonly PanelKind[] = [
  everyPanel('loss'),
  {
    ...evaluation('accuracy', 'Test accuracy'),
    format: (value) => percent(value, 2),
    label: (value) => percent(value, 4).replace(/\.?0+(?=\u2009)/, ''),
    bounds: [0, 1],
    log: false,
  },
  evaluation('testLoss', 'Test loss'),
  { ...evaluation('squaredError', 'Squared error'), expected: false },
  everyPanel('gradientNorm'),
  everyPanel('updateNorm'),
];

const cost: PanelKind = { ...everyPanel('milliseconds'), title: 'Time of a step', group: 'Every step' };

function everyPanel(name: EveryStep): PanelKind {
  const signs: Partial<Record<EveryStep, string>> = {
    gradientNorm: '‖g‖',
    updateNorm: '‖Δx‖',
    milliseconds: 'ms',
  };
  return {
    ...described(everyStep.find((measure) => measure.name === name)!, name),
    ...(name === 'loss' && { title: 'Training loss' }),
    ...(signs[name] && { unit: signs[name] }),
    group: 'Progress',
    curve: ({ curves }: MethodRecord) => curves[name],
  };
}

function evaluation(id: Evaluation, title: string): PanelKind {
  return {
    id,
    group: 'Progress',
    title,
    meaning: 'on data not trained on',
    curve: ({ curves }) => curves[id],
    references: [],
    log: true,
    spread: 4,
    format: (value) => number(value),
    stepwise: false,
    exact: true,
  };
}

/** Counts and ratios near 1 are read more easily on a linear axis. */
const ownSpread = 20;

/** Measures that have name, unit and kind in common share a panel; what stands beside another has none. */
function ownPanels(methods: readonly MethodRecord[]): PanelKind[] {
  const panels = new Map<string, PanelKind>();
  for (const { description } of methods) {
    const measures = description.measures ?? [];
    const beside = new Set(measures.map((measure) => measurePanel(measure).beside));
    for (const measure of measures) {
      const { name, unit = '', kind } = measure;
      const key = `${kind} ${name} ${unit}`;
      if (!beside.has(name) && !panels.has(key)) panels.set(key, ownPanel(measure));
    }
  }
  return [...panels.values()];
}

function ownPanel(measure: MeasureDescription): PanelKind {
  const { name, kind, unit } = measure;
  const {
    group,
    title = titleOf(name),
    sign,
    references = [],
    beside,
    rejections,
    exact,
    kernel = 0,
  } = measurePanel(measure);
  const own = ({ description }: MethodRecord) =>
    description.measures?.some((one) => one.name === name && one.kind === kind && one.unit === unit) ?? false;
  const panel = {
    ...described(measure, kind === 'number' ? name : `${name}-list`),
    group,
    title,
    references,
    // What is read against 0 is read on a linear axis.
    spread: references.includes(0) ? Infinity : ownSpread,
    ...((unit ?? sign) && { unit: unit ?? sign }),
    ...(exact && { exact }),
  };
  if (kind === 'list') {
    const lists = (method: MethodRecord) => (own(method) ? method.lists.get(name) : undefined);
    const { entries } = measure;
    if (entries !== undefined) {
      return {
        ...panel,
        log: false,
        curve: (method) => lists(method)?.median,
        ...(entries === 'signedLog' && {
          parts: (method: MethodRecord) => {
            const of = lists(method);
            return of === undefined ? 0 : histogramsIn(of);
          },
        }),
        map: (method, { across, low, high, part }, parameters) => {
          const of = lists(method);
          if (of === undefined) return undefined;
          if (entries === 'signedLog') {
            return histogramMap(of, across, low, high, part < histogramsIn(of) ? part : 0, kernel);
          }
          return partsMap(of, entries === 'layers' ? layersOf(method) : parameters, across, low, high);
        },
        stepwise: false,
      };
    }
    return {
      ...panel,
      curve: (method) => lists(method)?.median,
      bands: (method) => lists(method)?.bands ?? [],
      stepwise: false,
      meaning: `${measure.meaning}: median, quartiles, outer tenths, extremes`,
    };
  }
  const of = (other: string) => (method: MethodRecord) => (own(method) ? method.own.get(other) : undefined);
  return {
    ...panel,
    curve: of(name),
    ...(beside && {
      beside: { title: besideNames[beside] ?? titleOf(beside).toLowerCase(), curve: of(beside) },
    }),
    ...(rejections && { rejections: { curve: of(rejections.name), soFar: rejections.soFar } }),
  };
}

/** The layers that have a block of their own, in the order of the routes. */
function layersOf({ description: { routes = [] } }: MethodRecord): string[] {
  return routes.filter(({ block, sides }) => block === 'kronecker' && sides).map(({ path }) => path);
}

function described(
  { name, unit, meaning }: MeasureDescription,
  id: string,
): Omit<PanelKind, 'curve' | 'group'> {
  return {
    id,
    title: titleOf(name),
    ...(unit && { unit }),
    meaning,
    references: [],
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
  { log, spread = 1, beginsLog = false, curve, bands }: PanelKind,
  methods: readonly MethodRecord[],
) {
  if (!log) return false;
  const all = emptyExtent();
  for (const method of methods) {
    const curves = bands?.(method)[0] ?? [curve(method) ?? []].flat();
    for (const { raw } of curves) raw.extent(0, raw.length, all);
  }
  if (all.lowPositive === Infinity) return false;
  return beginsLog || (!(all.low < 0) && all.high >= spread * all.lowPositive);
}
