import { allFaults, type FaultKind } from './faults.js';
import { History } from './history.js';
import type { Parts } from './parts.js';
import type { HistoryOptions, Report } from './report.js';

/** The history of a training, or of a race. */
export type Kind = new (seed: number, options?: HistoryOptions) => { run(): Promise<Report> };

/** What is left of a history that breaks when every kind of fault is left out that it breaks without. */
export interface Smallest {
  readonly without: readonly FaultKind[];
  readonly report: Report;
}

/** Leaves out one kind of fault after the other, as long as what is left still breaks. */
export async function smallest(report: Report, parts?: Parts, Of: Kind = History): Promise<Smallest> {
  let best: Smallest = { without: allFaults.filter((kind) => !report.faults.includes(kind)), report };
  for (const kind of report.faults) {
    const without = [...best.without, kind];
    const fewer = await new Of(report.seed, { without, parts }).run();
    if (fewer.violation !== undefined) best = { without, report: fewer };
  }
  return best;
}
