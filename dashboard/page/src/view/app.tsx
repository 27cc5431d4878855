import { useEffect, useMemo } from 'preact/hooks';
import { panelsOf } from '../charts/panels.js';
import { Header } from './header.js';
import { Landscape } from './landscape.js';
import { MethodsTable } from './methods-table.js';
import { Panel } from './panel.js';
import { Pipelines } from './pipelines.js';
import { PointsTable } from './points-table.js';
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
      {record.started ? <Run /> : <p class="empty soft">Nothing has been written to this run yet.</p>}
    </>
  );
}

function Run() {
  const { methods } = record;
  const panels = useMemo(() => panelsOf(methods), [methods]);
  const present = panels.filter(({ curve, mayBeAbsent }) => !mayBeAbsent || record.has(curve));
  const shown = present.filter(({ own }) => !own);
  const own = present.filter(({ own }) => own);
  return (
    <main>
      <MethodsTable />
      <Toolbar />
      <div class="panels" data-count={shown.length}>
        {shown.map((kind) => (
          <Panel key={kind.id} kind={kind} />
        ))}
      </div>
      <Landscape />
      {own.length > 0 && (
        <section class="own" aria-label="What the methods measure of their own">
          <div class="panels">
            {own.map((kind) => (
              <Panel key={kind.id} kind={kind} />
            ))}
          </div>
        </section>
      )}
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
