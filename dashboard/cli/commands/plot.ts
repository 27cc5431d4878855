import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkedSuffix, PlotError, racePlot, writePlot } from '../../plot/index.js';
import type { RunState } from '../../record/run-state.js';
import { asMisuse, blamingInput, Misuse } from '../arguments/misuse.js';
import type { FunctionSetting, Setting } from '../race/setting.js';

/** Where a picture is to be written, and of what function. */
export interface PlottedFile {
  readonly file: string;
  readonly definition: FunctionSetting['definition'];
}

/** @throws Misuse where the file has another ending than .svg or .png, or the problem is no function */
export function plottedFile(file: string, setting: Setting): PlottedFile {
  blamingInput(() => checkedSuffix(file), '--plot: ');
  if (setting.kind !== 'function') {
    throw new Misuse(
      `--plot: ${setting.name} is a model; only races on functions have a picture; leave it out`,
    );
  }
  if (!existsSync(dirname(resolve(file)))) {
    throw new Misuse(`--plot: expected a file in a folder that is there, got ${file}`);
  }
  return { file, definition: setting.definition };
}

/** @throws Misuse where PNG cannot be made on this machine */
export async function plotRace({ file, definition }: PlottedFile, { methods }: RunState): Promise<void> {
  const { name, start, minima, minimum } = definition;
  const svg = racePlot({
    title: name,
    paths: methods.map(({ description, path, values, evaluationsAt, outcome }) => ({
      label: description.label,
      points: path,
      values,
      ...(evaluationsAt.length === path.length && { evaluations: evaluationsAt }),
      ...(outcome && { outcome }),
    })),
    minima: minima ?? (minimum === undefined ? [] : [minimum]),
    ...(start.length === 2 && {
      value: (x: number, y: number) => definition.value(Float64Array.of(x, y)),
    }),
  });
  await writePlot(file, svg).catch((error) => {
    throw error instanceof PlotError ? asMisuse(error, '--plot: ') : error;
  });
}
