import { effect, signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { colour } from '../../../plot/colours.js';
import { alongWhich } from '../charts/frame-way.js';
import { type GraphPicture, laidOut } from '../charts/graph-layout.js';
import { inRows } from '../charts/graph-rows.js';
import { operatorFigures } from '../data/operator-figures.js';
import type { PipelineGraph } from '../data/pipeline-graph.js';
import { theme } from '../style/theme.js';
import { dashes, GraphPulses } from './graph-pulses.js';
import { PipelineNode } from './pipeline-node.js';
import { chosenNode, passedNow } from './pipeline-state.js';
import { isRunning } from './run-standing.js';
import { calmRevision, record, revision } from './state.js';

interface Props {
  readonly method: number;
  readonly graph: PipelineGraph;
}

/** Pixels of a node. */
const nodeWidth = 156;
const height = 78;
/** What two nodes beside each other need besides their widths, the way back included. */
const besideTwo = 60;
/** From which room on a graph that is too wide is laid out in rows, and not down. */
const enoughForRows = 560;

const unwanted = matchMedia('(prefers-reduced-motion: reduce)');

/** Nodes and edges, and frames on their way: to the right where there is room, else in rows, on a phone down. */
export function PipelinePicture({ method, graph }: Props) {
  calmRevision.value;
  const host = useRef<HTMLDivElement>(null);
  const room = useSignal(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      room.value = Math.floor(entry!.contentRect.width);
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const wide = useMemo(() => laidOut(graph, { node: { width: nodeWidth, height }, down: false }), [graph]);
  const available = room.value;
  const down = available < wide.width && available < enoughForRows;
  const width = down ? Math.min(nodeWidth, Math.floor((available - besideTwo) / 2)) : nodeWidth;
  const picture = useMemo(() => {
    if (available >= wide.width || width <= 0) return wide;
    const node = { width, height };
    return down ? laidOut(graph, { node, down }) : inRows(graph, node, available);
  }, [graph, wide, available, down, width]);
  const { operators, operatorsBefore, description } = record.methods[method]!;
  const figures = operatorFigures(operators, operatorsBefore);
  return (
    <div class="graph-room" ref={host}>
      <fieldset
        class="graph"
        style={{ width: `${picture.width}px`, height: `${picture.height}px` }}
        onKeyDown={onKey}
      >
        <legend class="sr">Pipeline of {description.label}: arrow keys go from node to node</legend>
        <Edges method={method} picture={picture} />
        <ol>
          {graph.nodes.map((one, i) => (
            <PipelineNode
              key={one.id}
              node={one}
              method={method}
              place={{ ...picture.nodes[i]!, width, height }}
              figures={one.operator === undefined ? undefined : figures[one.operator]}
            />
          ))}
        </ol>
      </fieldset>
    </div>
  );
}

function Edges({ method, picture }: { readonly method: number; readonly picture: GraphPicture }) {
  const host = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const inSight = signal(true);
    const sight = new IntersectionObserver(([entry]) => (inSight.value = entry!.isIntersecting));
    sight.observe(host.current!);
    const pulses = new GraphPulses(() => unwanted.matches || document.hidden);
    const path = (from: string, to: string) =>
      host.current?.querySelector<SVGPathElement>(`[data-pulse="${from} ${to}"]`);
    const of = () => record.methods[method];
    let [taken, evaluated, saved] = [of()?.taken, of()?.evaluatedAt, of()?.checkpointAt];
    const stop = effect(() => {
      revision.value;
      const now = of();
      if (now === undefined || !inSight.value) return;
      if (now.taken !== taken) {
        const edges = alongWhich(picture.edges, (id) => passedNow(method, id));
        pulses.frame(edges.map(({ from, to }) => path(from, to)));
      }
      if (now.evaluatedAt !== evaluated) pulses.aside(path('loop', 'evaluation'));
      if (now.checkpointAt !== saved) pulses.aside(path('loop', 'checkpoint'));
      [taken, evaluated, saved] = [now.taken, now.evaluatedAt, now.checkpointAt];
    });
    return () => {
      stop();
      sight.disconnect();
    };
  }, [method, picture]);
  return (
    <svg
      ref={host}
      width={picture.width}
      height={picture.height}
      aria-hidden="true"
      data-running={isRunning.value}
    >
      {picture.edges.map(({ from, to, kind, path, tip }) => (
        <g key={`${from} ${to} ${kind}`} class="edge" data-kind={kind}>
          <path d={path} class="edge-line" />
          <path
            d="M-7 -4L0 0L-7 4z"
            class="edge-tip"
            transform={`translate(${tip.x} ${tip.y}) rotate(${tip.degrees})`}
          />
          <path
            d={path}
            class="edge-pulse"
            data-pulse={`${from} ${to}`}
            pathLength={1}
            stroke={colour(theme.value, method)}
            stroke-dasharray={dashes}
          />
        </g>
      ))}
    </svg>
  );
}

/** From node to node in the order in which a frame comes to them; Escape lets the chosen one go. */
function onKey(event: KeyboardEvent): void {
  if (event.key === 'Escape') chosenNode.value = undefined;
  const strides: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowDown: 1,
    ArrowLeft: -1,
    ArrowUp: -1,
  };
  const nodes = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.node')];
  const at = nodes.indexOf(event.target as HTMLElement);
  const next = { Home: 0, End: nodes.length - 1 }[event.key] ?? at + (strides[event.key] ?? 0);
  if (next === at || nodes[next] === undefined) return;
  event.preventDefault();
  nodes[next].focus();
}
