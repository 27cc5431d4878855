import { useEffect } from 'preact/hooks';
import { groups } from '../charts/measure-panels.js';
import { BranchNotice } from './branch-form.js';
import { ComparedRuns } from './compared-runs.js';
import { Header } from './header.js';
import { Landscape } from './landscape.js';
import { choices } from './looking.js';
import { MethodsTable } from './methods-table.js';
import { Panel } from './panel.js';
import { Pipelines } from './pipelines.js';
import { PointsTable } from './points-table.js';
import { panels } from './readings.js';
import { Readouts } from './readouts.js';
import { SeedsTable } from './seeds-table.js';
import { Slices } from './slices.js';
import { calmRevision, record, refusal, standing } from './state.js';
import { Toolbar } from './toolbar.js';

export function App() {
  calmRevision.value;
  useEffect(() => {
    document.title = title();
  });
  const trouble = refusal.value || standing.value.notice;
  return (
    <>
      <Header />
      {trouble && (
        <p class="notice" role="alert">
          {trouble}
        </p>
      )}
      <BranchNotice />
      {record.started ? (
        <Run />
      ) : (
        !trouble && <p class="empty soft">Nothing has been written to this run yet.</p>
      )}
    </>
  );
}

/** The panels of a group: what tells how far each method has come stands first, above the table. */
function Run() {
  calmRevision.value;
  const { shown } = panels();
  const [progress, ...others] = groups.map((group) => ({
    group,
    kinds: shown.filter((kind) => kind.group === group),
  }));
  const first = progress!.kinds[0];
  return (
    <main>
      <Toolbar />
      <Readouts />
      <div class="panels first">
        <Landscape />
        {progress!.kinds.map((kind) => (
          <Panel key={kind.id} kind={kind} wide={kind === first && !record.ofFunction} />
        ))}
      </div>
      <MethodsTable />
      <SeedsTable />
      <ComparedRuns />
      <div class="groups">
        {others.map(
          ({ group, kinds }) =>
            kinds.length > 0 && (
              <section
                class="group"
                key={group}
                aria-label={group}
                data-count={kinds.reduce((sum, { id }) => sum + (choices.value[id]?.columns ?? 1), 0)}
              >
                <h2>{group}</h2>
                {kinds.map((kind) => (
                  <Panel key={kind.id} kind={kind} wide={false} />
                ))}
              </section>
            ),
        )}
      </div>
      <Slices />
      <PointsTable />
      <Pipelines />
    </main>
  );
}

function title(): string {
  const { taken, total } = record.progress;
  if (!record.started) return 'Fluxion';
  const progress = record.ended || total === 0 ? '' : `${Math.floor((100 * taken) / total)} % · `;
  return `${progress}${record.started.problem} · Fluxion`;
}
