import { wordsFor } from '../../../record/outcome-words.js';
import type { ListedRun } from '../../../record/runs/run-index.js';
import type { MethodSummary } from '../../../record/runs/run-summary.js';
import { relativeHeights } from '../../../record/runs/sparkline.js';
import { count, number, percent } from '../data/format.js';
import { runAddress } from '../live/addresses.js';
import { RunEditor } from './run-editor.js';
import { deleted, differences, edited, pick, picked, runsKnown, search, tell } from './runs-state.js';

/** One run: how it is called, what it was asked for, how it ended. */
export function RunRow({ run }: { readonly run: ListedRun }) {
  const { path, name, tags, notes, problem, created, methods, standing, fault, archived } = run;
  const best = methods.toSorted((a, b) => (a.best ?? Infinity) - (b.best ?? Infinity))[0];
  const accuracies = methods.map(({ accuracy }) => accuracy).filter((one) => one !== undefined);
  const { change } = runsKnown.value;
  const called = name ?? path;
  const differs = differences.value.get(path)?.join(', ');
  const labels = { ...(name !== undefined && { name }), tags, notes, archived };
  return (
    <>
      <tr data-archived={archived}>
        <th scope="row">
          <span class="called">
            <input
              type="checkbox"
              aria-label={`Pick ${called}`}
              checked={picked.value.includes(path)}
              onChange={() => pick(path)}
            />
            <a href={runAddress([path])} title={path}>
              {called}
            </a>
          </span>
          {tags.map((tag) => (
            <button
              type="button"
              key={tag}
              class="tag"
              onClick={() => {
                search.value = `#${tag}`;
              }}
            >
              {tag}
            </button>
          ))}
          {notes && <span class="soft note">{notes}</span>}
        </th>
        <td>{shownTime(created)}</td>
        <td class="name" title={problem}>
          {problem}
        </td>
        <td class="names">{names(methods)}</td>
        <td class="names" data-odd={standing === 'unreadable'} title={fault}>
          {fault === undefined ? outcome(run) : fault.split(`${path}/`).at(-1)}
        </td>
        <td title={best?.label} data-number>
          {number(best?.best)}
        </td>
        <td data-number>{accuracies.length === 0 ? '' : percent(Math.max(...accuracies), 2)}</td>
        <td data-number>{count(Math.max(0, ...methods.map(({ steps }) => steps)))}</td>
        <td>{best && <Sparkline line={best.line} label={best.label} />}</td>
        <td class="names soft" title={differs}>
          <span class="few">{differs}</span>
        </td>
        <td class="acts">
          {change && (
            <>
              <button
                type="button"
                class="small"
                aria-expanded={edited.value === path}
                aria-label={`Label ${called}`}
                onClick={() => {
                  edited.value = edited.value === path ? undefined : path;
                }}
              >
                Label
              </button>
              <button
                type="button"
                class="small"
                aria-label={`${archived ? 'Take back' : 'Archive'} ${called}`}
                onClick={() =>
                  tell.value({ kind: 'label', path, labels: { ...labels, archived: !archived } })
                }
              >
                {archived ? 'Take back' : 'Archive'}
              </button>
              <button
                type="button"
                class="small"
                aria-label={`Delete ${called}`}
                aria-disabled={standing === 'running' || standing === 'paused'}
                onClick={() => {
                  if (standing === 'running' || standing === 'paused') return;
                  tell.value({ kind: 'delete', path });
                  deleted.value = path;
                }}
              >
                Delete
              </button>
            </>
          )}
        </td>
      </tr>
      {edited.value === path && (
        <tr>
          <td colSpan={11} class="editing">
            <RunEditor
              path={path}
              labels={labels}
              done={(changed) => {
                if (changed !== undefined) tell.value({ kind: 'label', path, labels: changed });
                edited.value = undefined;
              }}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function shownTime(created: string): string {
  const time = new Date(created);
  return Number.isNaN(time.getTime())
    ? ''
    : time.toLocaleString(undefined, {
        ...(time.getFullYear() !== new Date().getFullYear() && { year: 'numeric' }),
        month: 'short',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
      });
}

function names(methods: readonly MethodSummary[]): string {
  const labels = [...new Set(methods.map(({ label, contestant }) => contestant ?? label))];
  return labels.length <= 4
    ? labels.join(', ')
    : `${labels.slice(0, 3).join(', ')} and ${labels.length - 3} more`;
}

/** How the run stands, or how its methods ended, the same words once. */
function outcome({ standing, methods }: ListedRun): string {
  if (standing !== 'ended') return standing;
  const words = methods.map(({ outcome }) =>
    outcome ? wordsFor({ kind: outcome, message: '' }).words : 'stopped',
  );
  const different = [...new Set(words)];
  if (different.length === 1) return different[0]!;
  return different.map((one) => `${one} ×${words.filter((other) => other === one).length}`).join(', ');
}

const size = { width: 96, height: 22 };

function Sparkline({ line, label }: { readonly line: MethodSummary['line']; readonly label: string }) {
  const heights = relativeHeights(line);
  const step = size.width / Math.max(1, heights.length - 1);
  let path = '';
  heights.forEach((height, i) => {
    if (height === null) return;
    const begins = i === 0 || heights[i - 1] === null;
    path += `${begins ? 'M' : 'L'}${(i * step).toFixed(1)} ${(1 + (1 - height) * (size.height - 2)).toFixed(1)}`;
  });
  return (
    <svg
      class="sparkline"
      width={size.width}
      height={size.height}
      role="img"
      aria-label={`Course of ${label}`}
    >
      <path d={path} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
}
