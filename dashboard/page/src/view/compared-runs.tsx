import { differencesBetween } from '../../../record/runs/differing-options.js';
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-label="Options that differ" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">options that differ</th>
              {differences.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map(({ run, name }, i) => (
              <tr key={run.run}>
                <th scope="row" title={run.run}>
                  {name ?? run.run}
                </th>
                {differences.map(({ name: option, values }) => (
                  <td key={option}>{values[i] ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
