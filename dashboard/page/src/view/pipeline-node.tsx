import { bytes, count, milliseconds, number, option, percent } from '../data/format.js';
import { type OperatorFigures, sourceFigures } from '../data/operator-figures.js';
import { optionsNow } from '../data/operator-options.js';
import type { GraphNode } from '../data/pipeline-graph.js';
import { chosenNode } from './pipeline-state.js';
import { record } from './state.js';

interface Props {
  readonly node: GraphNode;
  readonly method: number;
  readonly place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly figures?: OperatorFigures;
}

/** A node: what it is called, its options or what it does, what it costs and holds. A press opens its panels and options. */
export function PipelineNode({ node, method, place, figures }: Props) {
  const { x, y, width, height } = place;
  const told = toldOf(node, method, figures);
  const isChosen = chosenNode.value === node.id;
  return (
    <li style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}>
      <button
        type="button"
        class="node"
        data-kind={node.kind}
        aria-pressed={isChosen}
        onClick={() => {
          chosenNode.value = isChosen ? undefined : node.id;
        }}
      >
        <span class="node-name" title={node.name}>
          {node.name}
        </span>
        {told.age && <span class="node-age">{told.age}</span>}
        <span class="node-options">{told.under}</span>
        {told.share !== undefined && (
          <span class="share">
            <span style={{ width: `${100 * told.share}%` }} />
            <span class="sr">{percent(told.share, 0)} of the time</span>
          </span>
        )}
        <span class="node-figures">
          {told.figures.map((figure) => (
            <span key={figure}>{figure}</span>
          ))}
        </span>
      </button>
    </li>
  );
}

interface Told {
  readonly under: string;
  readonly figures: readonly string[];
  readonly share?: number;
  readonly age?: string;
}

function toldOf(
  { kind, id, operator }: GraphNode,
  method: number,
  figures: OperatorFigures | undefined,
): Told {
  const of = record.methods[method]!;
  if (kind === 'operator') {
    const description = of.description.operators[operator!]!;
    const options = optionsNow(of.description, description, of.adjustments);
    const under = options.map(([name, value]) => `${name} ${option(value)}`).join(', ');
    if (figures === undefined) {
      if (record.ofFunction) return { under, figures: [] }; // one with the operator before it, or an older record
      return { under, figures: [record.ended ? 'not measured' : 'not measured yet'] };
    }
    return {
      under,
      share: figures.share,
      figures: [
        milliseconds(figures.millisecondsPerFrame),
        ...(figures.arrays > 0 ? [bytes(figures.bytes)] : []),
      ],
      ...(figures.age && { age: `${count(figures.age)} ${figures.age === 1 ? 'step' : 'steps'} old` }),
    };
  }
  if (kind === 'loop') {
    if (record.ofFunction) return { under: `after step ${count(of.taken)}`, figures: [] };
    const held = of.operators?.parameters;
    return {
      under: 'adds the update',
      figures: held ? [bytes(held.bytes), `${count(held.arrays)} arrays`] : [],
    };
  }
  if (kind === 'source') {
    const { evaluations } = of.points;
    if (record.ofFunction) {
      const { value, gradient } = evaluations ?? { value: 0, gradient: 0 };
      const figures = sourceFigures(of.operators, of.operatorsBefore);
      return {
        under: evaluations ? `${count(value)} f · ${count(gradient)} ∇f` : '',
        figures: figures === undefined ? [] : [milliseconds(figures.millisecondsPerFrame)],
        ...(figures && { share: figures.share }),
      };
    }
    const batch = record.started?.batch;
    return {
      under: batch === undefined ? '' : `${count(batch)} examples`,
      figures: [`${count(of.taken)} passed`],
    };
  }
  if (id === 'checkpoint') return { under: `after step ${count(of.checkpointAt)}`, figures: [] };
  const { accuracy, loss } = of;
  return {
    under: `after step ${count(of.evaluatedAt)}`,
    figures: [accuracy === undefined ? `loss ${number(loss)}` : percent(accuracy, 2)],
  };
}
