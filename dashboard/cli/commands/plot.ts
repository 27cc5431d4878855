import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkedSuffix, type DrawnLoss, lossPlot, PlotError, racePlot, writePlot } from '../../plot/index.js';
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
  const svg =
    setting.kind === 'function'
      ? pathsOf(setting.definition, state)
      : lossesOf(setting.name, state, directory);
  if (svg === undefined) return;
  await writePlot(file, svg).catch((error) => {
    throw error instanceof PlotError ? asMisuse(error, '--plot: ') : error;
  });
}

function lossesOf(title: string, { run, methods }: RunState, directory: string): string | undefined {
  const curves = lossCurves(run, eventsOf(directory));
  const drawn = methods.flatMap(({ description: { label }, outcome }, i): DrawnLoss[] =>
    curves[i].losses.length === 0 ? [] : [{ label, ...curves[i], ...(outcome && { outcome }) }],
  );
  const { smoothing = usualSmoothing } = run;
  return drawn.length === 0 ? undefined : lossPlot({ title, curves: drawn, smoothing });
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
