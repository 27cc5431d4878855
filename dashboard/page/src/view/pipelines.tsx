import { frames, number } from '../data/format.js';
import { pace } from '../data/pace.js';
import { NodeDetails } from './node-details.js';
import { PipelinePicture } from './pipeline-picture.js';
import { graphed, graphOf } from './pipeline-state.js';
import { Routes } from './routes.js';
import { isRunning } from './run-standing.js';
import { calmRevision, focused, record, visible } from './state.js';
import { Swatch } from './swatch.js';

/** The pipeline of one method as a live graph: which one, the legend says or the buttons here. */
export function Pipelines() {
  calmRevision.value;
  const method = graphed.value;
  if (method === undefined) return null;
  const { description } = record.methods[method]!;
  return (
    <section class="pipelines" aria-labelledby="pipelines">
      <header class="pipelines-head">
        <h2 id="pipelines">Pipeline</h2>
        {visible.value.length > 1 && <MethodChoice chosen={method} />}
        <p class="soft">{flowText(method)}</p>
      </header>
      <div class="pipeline" data-method={description.label}>
        <PipelinePicture method={method} graph={graphOf(method)} />
        <NodeDetails method={method} />
      </div>
      {description.routes && <Routes routes={description.routes} />}
    </section>
  );
}

function MethodChoice({ chosen }: { readonly chosen: number }) {
  return (
    <fieldset class="graphed">
      <legend class="sr">Pipeline shown</legend>
      {visible.value.map((method) => (
        <button
          type="button"
          key={method}
          class="small"
          aria-pressed={method === chosen}
          onClick={() => {
            focused.value = method;
          }}
        >
          <Swatch method={method} /> {record.methods[method]!.description.label}
        </button>
      ))}
    </fieldset>
  );
}

/** How fast frames pass, and how many did. */
function flowText(method: number): string {
  const of = record.methods[method]!;
  const { rate } = pace(of, record.started?.steps ?? 0);
  const passed = frames(of.taken);
  return isRunning.value && of.outcome === undefined && rate !== undefined
    ? `${passed}, ${number(rate, 3)} a second`
    : passed;
}
