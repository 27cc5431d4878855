import { count, duration } from '../data/format.js';
import { pace } from '../data/pace.js';
import { chooseTheme, type ThemeChoice, themeChoice } from '../style/theme.js';
import { BranchButton } from './branch-form.js';
import { Controls } from './controls.js';
import { ExportMenu } from './export-menu.js';
import { isRunning, runStanding } from './run-standing.js';
import { ShareLink } from './share-link.js';
import { calmRevision, record, standing } from './state.js';

/** What runs, how far it is, and the buttons that act on it. */
export function Header() {
  calmRevision.value;
  const { started, ended } = record;
  const { taken, total } = record.progress;
  const share = ended ? 1 : total > 0 ? Math.min(1, taken / total) : 0;
  return (
    <header class="page-head">
      <div class="title">
        {listAddress() && (
          <a class="back" href={listAddress()}>
            All runs
          </a>
        )}
        <h1>{started?.problem ?? 'Fluxion'}</h1>
        <Badge />
        <p class="soft run">{started ? describe() : 'waiting for the run'}</p>
      </div>
      <div class="actions">
        <p class="soft amount">
          {total > 0 && `${count(taken)} of ${count(total)} steps`}
          {ended ? ` · ${duration(ended.seconds)}` : left()}
        </p>
        <Controls />
        <BranchButton />
        {started && <ExportMenu run={new URLSearchParams(location.search).get('run')} />}
        {standing.value.share && <ShareLink address={standing.value.share} />}
        <ThemeSwitch />
      </div>
      <div
        class="progress"
        role="progressbar"
        aria-label="Steps taken by all methods"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * share)}
      >
        <div style={{ transform: `scaleX(${share})` }} data-ended={ended !== undefined} />
      </div>
    </header>
  );
}

/** Where the list of runs is, if there is one: it comes first, or beside the run that is served. */
function listAddress(): string | undefined {
  if (document.documentElement.dataset.first === 'runs') return './';
  return standing.value.path === undefined ? undefined : './?runs';
}

function Badge() {
  const text = runStanding.value;
  return (
    <span class="badge" data-kind={text} role="status">
      {text}
    </span>
  );
}

function describe(): string {
  const { run, seed, batch, backend, from } = record.started!;
  const parts = [run, `seed ${seed}`];
  if (from !== undefined) parts.push(`from step ${count(from.step)} of ${from.method} in ${from.run}`);
  if (batch !== undefined) parts.push(`batch ${batch}`);
  if (backend !== undefined) parts.push(backend);
  return parts.join(' · ');
}

/** The methods share the machine, so the run lasts until the slowest is done. */
function left(): string {
  const rest = record.methods.map((method) => pace(method, record.started?.steps ?? 0).secondsLeft ?? 0);
  const most = Math.max(0, ...rest);
  return isRunning.value && most > 0 ? ` · ${duration(most)} left` : '';
}

const themes: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

export function ThemeSwitch() {
  const next = themes[(themes.indexOf(themeChoice.value) + 1) % themes.length]!;
  return (
    <button
      type="button"
      class="theme"
      aria-label={`Colours: ${themeChoice.value}. Change to ${next}.`}
      title={`Colours: ${themeChoice.value}`}
      onClick={() => chooseTheme(next)}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d={glyphs[themeChoice.value]} fill="currentColor" />
      </svg>
    </button>
  );
}

const glyphs: Readonly<Record<ThemeChoice, string>> = {
  auto: 'M8 2a6 6 0 0 1 0 12z',
  light: 'M8 5.5a2.5 2.5 0 0 1 0 5a2.5 2.5 0 0 1 0-5z',
  dark: 'M8 2a6 6 0 0 1 0 12a6 6 0 0 1 0-12z',
};
