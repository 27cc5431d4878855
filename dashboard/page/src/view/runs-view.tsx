import { useEffect } from 'preact/hooks';
import { count } from '../data/format.js';
import { runAddress } from '../live/addresses.js';
import { ThemeSwitch } from './header.js';
import { brushedPaths, ParallelView, parallelShown } from './parallel-view.js';
import { RunRow } from './run-row.js';
import {
  deleted,
  picked,
  rowsShown,
  runsKnown,
  search,
  shownRuns,
  tell,
  withArchived,
} from './runs-state.js';
import { ShareLink } from './share-link.js';
import { link, refusal } from './state.js';

/** Columns whose digits stand below each other. */
const numeric: ReadonlySet<string> = new Set(['best', 'accuracy', 'steps']);

/** The first view of a folder: every run in it, to find, label, open and compare. */
export function RunsView() {
  const { folder, share, runs, listed, notice } = runsKnown.value;
  const left = brushedPaths.value;
  const shown = left === undefined ? shownRuns.value : shownRuns.value.filter(({ path }) => left.has(path));
  useEffect(() => {
    document.title = `${count(runs.length)} runs · Fluxion`;
  });
  const trouble = refusal.value || notice;
  return (
    <>
      <header class="page-head">
        <div class="title">
          <h1>Runs</h1>
          <span class="badge" data-kind={link.value === 'open' ? 'live' : 'waiting'} role="status">
            {link.value === 'open' ? (listed ? 'live' : 'loading') : link.value}
          </span>
          <p class="soft run">{folder}</p>
        </div>
        <div class="actions">
          {share && <ShareLink address={share} />}
          <ThemeSwitch />
        </div>
      </header>
      {trouble && (
        <p class="notice" role="alert">
          {trouble}
        </p>
      )}
      <main>
        <Finder />
        {parallelShown.value && <ParallelView />}
        <div class="methods runs">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
          <section class="scroll" aria-label="Runs" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">run</th>
                  {[
                    'when',
                    'problem',
                    'methods',
                    'outcome',
                    'best',
                    'accuracy',
                    'steps',
                    'loss',
                    'differs in',
                  ].map((name) => (
                    <th key={name} scope="col" data-column={name} data-number={numeric.has(name)}>
                      {name}
                    </th>
                  ))}
                  <th scope="col">
                    <span class="sr">actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.slice(0, rowsShown.value).map((run) => (
                  <RunRow key={run.path} run={run} />
                ))}
              </tbody>
            </table>
          </section>
          {shown.length === 0 && (
            <p class="empty soft">{listed ? 'No run is like that.' : 'The runs are being read.'}</p>
          )}
          {shown.length > rowsShown.value && (
            <p class="more">
              <button
                type="button"
                onClick={() => {
                  rowsShown.value *= 2;
                }}
              >
                Show more of the {count(shown.length)}
              </button>
            </p>
          )}
        </div>
      </main>
    </>
  );
}

/** What is searched for, and what is done with the runs that are picked. */
function Finder() {
  const archived = runsKnown.value.runs.filter((run) => run.archived).length;
  const chosen = picked.value.filter((path) => runsKnown.value.runs.some((run) => run.path === path));
  return (
    <search class="finder">
      <input
        type="search"
        aria-label="Search runs"
        placeholder="Search names, problems, methods, notes, outcomes, #tags"
        value={search.value}
        onInput={({ currentTarget }) => {
          search.value = currentTarget.value;
        }}
      />
      {archived > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={withArchived.value}
            onChange={() => {
              withArchived.value = !withArchived.value;
            }}
          />
          {count(archived)} archived
        </label>
      )}
      <button
        type="button"
        aria-pressed={parallelShown.value}
        title="Options and results of all runs found, in parallel coordinates"
        onClick={() => {
          parallelShown.value = !parallelShown.value;
        }}
      >
        Compare options
      </button>
      {chosen.length > 0 && (
        <a class="button" href={runAddress(chosen)}>
          {chosen.length === 1 ? 'Open it' : `Compare ${chosen.length} runs`}
        </a>
      )}
      {deleted.value !== undefined && (
        <p class="undo" role="status">
          Deleted {deleted.value}.{' '}
          <button
            type="button"
            class="small"
            onClick={() => {
              tell.value({ kind: 'restore', path: deleted.value! });
              deleted.value = undefined;
            }}
          >
            Undo
          </button>
        </p>
      )}
    </search>
  );
}
