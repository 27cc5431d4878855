import { critical } from '../../../record/seed-comparison.js';
import { seedVerdicts } from '../../../record/seed-verdicts.js';
import { number, percent } from '../data/format.js';
import { SmallTable } from './small-table.js';
import { calmRevision, record } from './state.js';

/** How the methods of a race under several seeds compare once it has ended, and which is significantly faster. */
export function SeedsTable() {
  calmRevision.value;
  const { comparison } = record;
  if (comparison === undefined) return null;
  const { head, rows, by, pairs } = seedVerdicts(comparison, {
    number: (value) => number(value, 3),
    percent,
  });
  return (
    <div class="methods seeds">
      <h2 id="seeds">
        Over the seeds <span class="unit">mean ± standard deviation</span>
      </h2>
      <SmallTable
        labelledBy="seeds"
        columns={head.map((name) => ({ id: name, title: name }))}
        rows={rows.map(([label, ...cells]) => ({ id: label!, name: label, cells }))}
      />
      <h3 id="faster">
        Significantly faster?{' '}
        <span class="unit">
          {by}; z ≥ {critical}
        </span>
      </h3>
      <SmallTable
        labelledBy="faster"
        columns={['method', 'than', 'answer', 'z'].map((name) => ({ id: name, title: name }))}
        rows={pairs.map(({ faster, than, answer, z }) => ({
          id: `${faster} ${than}`,
          name: faster,
          cells: [than, answer, z],
        }))}
      />
    </div>
  );
}
