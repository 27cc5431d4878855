import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  checkedSuffix,
  type DrawnLoss,
  lossPlot,
  meanLoss,
  PlotError,
  racePlot,
  writePlot,
} from '../../plot/index.js';
import type { RunEvent } from '../../record/events.js';
import { readLog } from '../../record/log/index.js';
import { lossCurves } from '../../record/loss-curves.js';
import { usualSmoothing } from '../../record/method-state.js';
import type { RunState } from '../../record/run-state.js';
import { asMisuse, blamingInput, Misuse } from '../arguments/misuse.js';
import type { FunctionSetting, Setting } from '../race/setting.js';

/** Where a picture is to be written, and of what. */
export interface PlottedFile {
  readonly file: string;
  readonly setting: Setting;
}

/** @throws Misuse where the file has another ending than .svg or .png, or its folder is not there */
export function plottedFile(file: string, setting: Setting): PlottedFile {
  blamingInput(() => checkedSuffix(file), '--plot: ');
  if (!existsSync(dirname(resolve(file)))) {
    throw new Misuse(`--plot: expected a file in a folder that is there, got ${file}`);
  }
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new Misuse(`--plot: expected a new file or one to replace, got ${file}, which is none`);
  }
  return { file, setting };
}

/**
 * A race on a function as contours, paths and convergence; one on a model as its training losses, read from the record.
 *
 * @throws Misuse where PNG cannot be made on this machine
 */
export async function plotRace(
  { file, setting }: PlottedFile,
  state: RunState,
  directory: string,
): Promise<void> {
  const svg = pictureOf(setting, state, directory);
  if (svg === undefined) return;
  await writePlot(file, svg).catch((error) => {
    throw error instanceof PlotError ? asMisuse(error, '--plot: ') : error;
  });
}

function pictureOf(setting: Setting, state: RunState, directory: string): string | undefined {
  const overSeeds = state.methods.some(({ description }) => description.seed !== undefined);
  if (setting.kind === 'model') return lossesOf(setting.name, state, directory);
  return overSeeds ? gapsOf(setting.definition, state, directory) : pathsOf(setting.definition, state);
}

function lossesOf(title: string, state: RunState, directory: string): string | undefined {
  const { run, methods } = state;
  const { smoothing = usualSmoothing, target } = run;
  const curves = lossCurves(run, eventsOf(directory)).map((curve, i) => ({
    ...curve,
    outcome: methods[i].outcome,
  }));
  const drawn = drawnOf(state, curves);
  if (drawn.length === 0) return undefined;
  return lossPlot({
    title,
    curves: drawn,
    quantity: `training loss, mean of ${smoothing} steps`,
    ...(target !== undefined && { target }),
  });
}

/** Of a function under several seeds: f − f* after each step, where a run that has ended stays at its last value. */
function gapsOf(
  { name, minima, minimum }: FunctionSetting['definition'],
  state: RunState,
  directory: string,
): string | undefined {
  const methods = state.methods.map(({ points, outcome }) => ({
    values: [...points.values.view()],
    outcome,
  }));
  const seen = methods.flatMap(({ values }) => values.filter(Number.isFinite));
  const known = (minima?.[0] ?? minimum)?.value;
  const least = seen.reduce((low, value) => Math.min(low, value), known ?? Infinity);
  const gaps = seen.map((value) => value - least).filter((gap) => gap > 0);
  const floor = gaps.reduce((low, gap) => Math.min(low, gap), Infinity); // where f* is met: a log axis has no 0
  const longest = Math.max(...methods.map(({ values }) => values.length)) - 1;
  const curves = lossCurves(state.run, eventsOf(directory)).map(({ seconds }, i) => {
    const { values, outcome } = methods[i];
    const at = (k: number) => values[Math.min(k + 1, values.length - 1)];
    return {
      losses: Array.from({ length: values.length < 2 ? 0 : longest }, (_, k) =>
        Math.max(at(k) - least, floor),
      ),
      seconds: Array.from({ length: longest }, (_, k) => seconds[Math.min(k, seconds.length - 1)]),
      outcome,
    };
  });
  const drawn = drawnOf(state, curves);
  const quantity = known === undefined ? 'f − least f' : 'f − f*';
  return drawn.length === 0 ? undefined : lossPlot({ title: name, curves: drawn, quantity });
}

/** A curve a method; over several seeds their mean, with its band. */
function drawnOf(
  { methods }: RunState,
  curves: readonly Pick<DrawnLoss, 'losses' | 'seconds' | 'outcome'>[],
): DrawnLoss[] {
  const groups = new Map<string, Pick<DrawnLoss, 'losses' | 'seconds' | 'outcome'>[]>();
  for (const [i, { description }] of methods.entries()) {
    const { contestant = description.label } = description;
    const group = groups.get(contestant) ?? [];
    groups.set(contestant, group);
    if (curves[i].losses.length > 0) group.push(curves[i]);
  }
  return [...groups].flatMap(([label, runs]): DrawnLoss[] => {
    if (runs.length === 0) return [];
    return [runs.length === 1 ? { label, ...runs[0] } : meanLoss(label, runs)];
  });
}

function* eventsOf(directory: string): Generator<RunEvent> {
  for (const { event } of readLog(directory)) yield event;
}

function pathsOf(definition: FunctionSetting['definition'], { methods }: RunState): string {
  const { name, start, minima, minimum } = definition;
  return racePlot({
    title: name,
    paths: methods.map(({ description, points, outcome }) => {
      const evaluations = [...points.evaluationsAt.view()];
      return {
        label: description.label,
        points: points.path(),
        values: [...points.values.view()],
        ...(evaluations.every(Number.isFinite) && { evaluations }),
        ...(outcome && { outcome }),
      };
    }),
    minima: minima ?? (minimum === undefined ? [] : [minimum]),
    ...(start.length === 2 && {
      value: (x: number, y: number) => definition.value(Float64Array.of(x, y)),
    }),
  });
}
