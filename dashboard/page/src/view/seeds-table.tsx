import { critical } from '../../../record/seed-comparison.js';
import { seedVerdicts } from '../../../record/seed-verdicts.js';
import { number, percent } from '../data/format.js';
import { calmRevision, record } from './state.js';

/** How the methods of a race under several seeds compare once it has ended, and which is significantly faster. */
export function SeedsTable() {
  calmRevision.value;
  const { comparison } = record;
  if (comparison === undefined) return null;
  const verdicts = seedVerdicts(comparison, { number: (value) => number(value, 3), percent });
  return (
    <div class="methods">
      <h2 id="seeds">Over the seeds</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-labelledby="seeds" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {verdicts.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {verdicts.rows.map(([label, ...cells]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {cells.map((cell, i) => (
                  <td key={verdicts.head[i + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <table>
          <thead>
            <tr>
              <th scope="col">
                significantly faster ({verdicts.by}; z ≥ {critical})?
              </th>
              <th scope="col">than</th>
              <th scope="col">answer</th>
              <th scope="col">z</th>
            </tr>
          </thead>
          <tbody>
            {verdicts.pairs.map(({ faster, than, answer, z }) => (
              <tr key={`${faster} ${than}`}>
                <th scope="row">{faster}</th>
                <td>{than}</td>
                <td>{answer}</td>
                <td>{z}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
