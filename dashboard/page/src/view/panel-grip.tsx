import { choices, choosePanel } from './looking.js';

interface Props {
  readonly id: string;
  readonly title: string;
  /** Columns that it takes where nothing was chosen. */
  readonly columns: number;
}

/** Pixels of height from one size to the next, and the ends. */
const height = { step: 20, least: 140, most: 900 };
/** More columns than any window has. */
const mostColumns = 4;

/** The corner of a panel: dragged, or by arrow keys, it makes the panel wider and higher; a double click undoes it. */
export function PanelGrip({ id, title, columns }: Props) {
  const size = choices.value[id] ?? {};
  const choose = (wide: number, high: number | undefined) => {
    const span = Math.min(mostColumns, Math.max(1, wide));
    choosePanel(id, {
      columns: span === columns ? undefined : span,
      height:
        high && Math.min(height.most, Math.max(height.least, height.step * Math.round(high / height.step))),
    });
  };
  const shown = (grip: Element) => {
    const panel = grip.closest<HTMLElement>('.panel')!;
    return {
      width: panel.offsetWidth,
      height: panel.querySelector<HTMLElement>('.chart')!.offsetHeight,
      columns: size.columns ?? columns,
    };
  };
  return (
    <button
      type="button"
      class="panel-grip"
      aria-label={`Size of ${title}: drag it, or arrow keys; double-click for the usual one`}
      title="Drag to size; double-click for the usual size"
      onPointerDown={(event) => {
        const grip = event.currentTarget;
        const begun = shown(grip);
        const gap = 12;
        const column = (begun.width + gap) / Math.min(begun.columns, columnsOf(grip));
        grip.setPointerCapture(event.pointerId);
        grip.onpointermove = ({ clientX, clientY }) => {
          if (Math.hypot(clientX - event.clientX, clientY - event.clientY) < 4) return;
          const wide = Math.round((begun.width + gap + clientX - event.clientX) / column);
          choose(Math.min(wide, columnsOf(grip)), begun.height + clientY - event.clientY);
        };
        grip.onpointerup = grip.onpointercancel = () => {
          grip.onpointermove = grip.onpointerup = grip.onpointercancel = null;
        };
      }}
      onDblClick={() => choosePanel(id, { columns: undefined, height: undefined })}
      onKeyDown={(event) => {
        const now = shown(event.currentTarget);
        const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
          event.key
        ];
        if (step === undefined) return;
        event.preventDefault();
        choose(now.columns + step[0]!, step[1] === 0 ? size.height : now.height + height.step * step[1]!);
      }}
    >
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <path d="M9 1 1 9M9 5.5 5.5 9" fill="none" stroke="currentColor" stroke-width="1.2" />
      </svg>
    </button>
  );
}

/** How many columns the window has room for. */
function columnsOf(element: Element): number {
  return Number(getComputedStyle(element).getPropertyValue('--columns')) || 1;
}
