import { signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { LandscapeSampled, SliceDirections, SliceSampled } from '../../../record/events.js';
import type { Slice } from '../../../server/protocol.js';
import { chartOf, contoursOf, heightOf, place } from '../charts/landscape.js';
import { count, number } from '../data/format.js';
import { Axes, Lines } from './landscape-picture.js';
import { calmRevision, record, standing } from './state.js';
import { Swatch } from './swatch.js';
import { useWidth } from './use-width.js';

/** Asks the server for a slice. */
export const slice = signal<(asked: Omit<Slice, 'kind'>) => void>(() => {});

const directions: readonly (readonly [SliceDirections, string])[] = [
  ['update', 'Along the last update'],
  ['eigenvectors', 'Along top eigenvectors'],
];

/** The loss on planes around checkpoints: those recorded, and what asks for more. */
export function Slices() {
  calmRevision.value;
  const method = useSignal(0);
  /** How many there were when one was asked for. */
  const asked = useSignal<number | undefined>(undefined);
  const able = standing.value.slice
    ? record.methods.slice(0, record.ownMethods).flatMap(({ checkpointAt }, i) => (checkpointAt ? [i] : []))
    : [];
  const shown = record.methods.flatMap(({ slices }) => newest(slices));
  const all = record.methods.reduce((sum, { slices }) => sum + slices.length, 0);
  if (shown.length === 0 && able.length === 0) return null;
  const waits = asked.value !== undefined && all <= asked.value && standing.value.notice === '';
  const chosen = able.includes(method.value) ? method.value : able[0];
  return (
    <section class="slices" aria-labelledby="slices">
      <div class="slices-head">
        <h2 id="slices">Loss around a checkpoint</h2>
        {chosen !== undefined && (
          <div class="settings">
            {able.length > 1 && (
              <select
                value={String(chosen)}
                aria-label="Method whose checkpoint is looked around"
                onChange={({ currentTarget }) => (method.value = Number(currentTarget.value))}
              >
                {able.map((index) => (
                  <option key={index} value={String(index)}>
                    {record.methods[index]!.description.label}
                  </option>
                ))}
              </select>
            )}
            {directions.map(([along, text]) => (
              <button
                type="button"
                key={along}
                class="small"
                aria-disabled={waits}
                onClick={() => {
                  if (waits) return;
                  asked.value = all;
                  slice.value({ method: chosen, along });
                }}
              >
                {text}
              </button>
            ))}
            <output class="soft">{waits ? 'computing …' : ''}</output>
          </div>
        )}
      </div>
      {shown.length === 0 ? (
        <p class="soft slices-none">
          None was computed yet: a plane of losses along the last update, or along the directions in which the
          loss curves most, with the way of the method in it.
        </p>
      ) : (
        <div class="panels">
          {shown.map((one) => (
            <SlicePanel key={`${one.method} ${one.along}`} slice={one} />
          ))}
        </div>
      )}
    </section>
  );
}

/** The newest of each kind. */
function newest(slices: readonly SliceSampled[]): SliceSampled[] {
  return directions.flatMap(([along]) => slices.filter((one) => one.along === along).slice(-1));
}

function SlicePanel({ slice: one }: { readonly slice: SliceSampled }) {
  const { method, step, along, size, batches, eigenvalues, here, path } = one;
  const { label } = record.methods[method]!.description;
  const [first, second] = eigenvalues ?? [];
  return (
    <section class="panel" aria-label={`Loss around step ${step} of ${label}`}>
      <header class="panel-head">
        <h2>
          <Swatch method={method} /> {label} <span class="unit">step {count(step)}</span>
        </h2>
        <p class="notes soft">{along === 'update' ? 'last update, −g' : 'eigenvectors of the Hessian'}</p>
      </header>
      <SlicePicture slice={one} />
      <p class="soft slice-told">
        {eigenvalues && `λ₁ = ${number(first, 3)}, λ₂ = ${number(second, 3)}; `}
        in steps of ‖Δx‖ = {number(size, 3)}; mean of {batches} batches; ○ one step before, ● the checkpoint
        {path.length > here + 1 && `, · the ${path.length - here - 1} steps from there on, projected`}
      </p>
    </section>
  );
}

function SlicePicture({ slice: one }: { readonly slice: SliceSampled }) {
  const { host, width } = useWidth<HTMLDivElement>();
  const drawn = useMemo(() => {
    const { x0, x1, y0, y1, columns, rows, values } = one;
    const grid: LandscapeSampled = { kind: 'landscape', x0, x1, y0, y1, columns, rows, values, minima: [] };
    const chart = chartOf({ x0, x1, y0, y1 }, width.value);
    return { chart, contours: contoursOf(grid, chart), places: one.path.map((point) => place(chart, point)) };
  }, [one, width.value]);
  const { chart, contours, places } = drawn;
  const { area } = chart;
  const [before, here] = [places[one.here - 1], places[one.here]!];
  const id = `slice-${one.method}-${one.along}`;
  return (
    <div class="landscape-picture slice-picture" ref={host}>
      {width.value > 0 && (
        <svg
          width={area.left + area.width + 8}
          height={heightOf(chart)}
          role="img"
          aria-label={`Contours of the loss from ${number(Math.min(...one.values), 3)} to ${number(Math.max(...one.values), 3)}, and the path of the method`}
        >
          <clipPath id={id}>
            <rect x={area.left} y={area.top} width={area.width} height={area.height} />
          </clipPath>
          <g clip-path={`url(#${id})`}>
            <Lines contours={contours} />
            <path class="slice-ground" d={lineOf(places)} />
            <path class="slice-path" d={lineOf(places)} />
            {places.slice(one.here + 1).map(([x, y]) => (
              <circle key={`${x} ${y}`} class="slice-dot" cx={x} cy={y} r="2.2" />
            ))}
            {before && <circle class="start" cx={before[0]} cy={before[1]} r="5.5" />}
            <circle class="slice-here" cx={here[0]} cy={here[1]} r="5" />
          </g>
          <Axes
            chart={chart}
            names={
              one.along === 'update' ? ['last update', '−g, orthogonal'] : ['first eigenvector', 'second']
            }
          />
        </svg>
      )}
    </div>
  );
}

const lineOf = (places: readonly (readonly [number, number])[]) =>
  places.map(([x, y], k) => `${k === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
