import { differencesBetween } from '../../../record/runs/differing-options.js';
import { SmallTable } from './small-table.js';
import { calmRevision, record } from './state.js';

/** Where runs are compared: the options in which they differ. */
export function ComparedRuns() {
  calmRevision.value;
  const { runs } = record;
  if (runs.length < 2) return null;
  // As typed, a problem tells its own options too.
  const differences = differencesBetween(
    runs.map(({ run }) => ({ ...run, problem: run.asked ?? run.problem })),
  );
  if (differences.length === 0) return null;
  return (
    <div class="compared">
      <SmallTable
        label="Options that differ"
        columns={[
          { id: '', title: 'options that differ' },
          ...differences.map(({ name }) => ({ id: name, title: name })),
        ]}
        rows={runs.map(({ run, name }, i) => ({
          id: run.run,
          name: name ?? run.run,
          title: run.run,
          cells: differences.map(({ values }) => values[i] ?? '–'),
        }))}
      />
    </div>
  );
}
