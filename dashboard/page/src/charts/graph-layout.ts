import { Graph, layout } from '@dagrejs/dagre';
import type { PipelineGraph } from '../data/pipeline-graph.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a node stands: its upper left corner. */
export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** An edge as the path that an SVG draws. */
export interface Drawn {
  readonly from: string;
  readonly to: string;
  readonly kind: PipelineGraph['edges'][number]['kind'];
  readonly path: string;
  /** The tip: where it ends, and the direction from which it comes there. */
  readonly tip: { readonly x: number; readonly y: number; readonly degrees: number };
}

export interface GraphPicture extends Size {
  readonly nodes: readonly Placed[];
  readonly edges: readonly Drawn[];
}

export interface LaidOut {
  readonly node: Size;
  /** Whether frames go down, and not to the right. */
  readonly down: boolean;
}

/** Pixels between layers of nodes, between nodes of a layer, and around all of them. */
const between = { layers: 40, nodes: 20, edges: 14 };
const margin = 8;

/** How far from the nodes the way back runs, and how round its corners are. */
const lane = 20;
const corner = 10;

/**
 * Lays a pipeline out in layers (Sugiyama, Tagawa, Toda 1981), by dagre. The way back runs beside the nodes, so that the
 * way of a frame is straight.
 */
export function laidOut({ nodes, edges }: PipelineGraph, { node, down }: LaidOut): GraphPicture {
  const graph = new Graph();
  graph.setGraph({
    rankdir: down ? 'TB' : 'LR',
    ranksep: between.layers,
    nodesep: between.nodes,
    edgesep: between.edges,
    marginx: margin,
    marginy: margin,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...node });
  for (const { from, to, kind } of edges) {
    if (kind !== 'back') graph.setEdge(from, to, { weight: kind === 'frames' ? 8 : 1 });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  const middle = (id: string) => graph.node(id) as Point;
  const isBack = edges.some(({ kind }) => kind === 'back');
  const room = isBack ? lane : 0;
  // To the right there is room for the way back below; down, on the left, where all moves aside for it.
  const moved = down ? room : 0;
  const shift = ({ x, y }: Point): Point => ({ x: x + moved, y });
  return {
    width: width + moved,
    height: height + room - moved,
    nodes: nodes.map(({ id }) => {
      const { x, y } = shift(middle(id));
      return { id, x: x - node.width / 2, y: y - node.height / 2 };
    }),
    edges: edges.map(({ from, to, kind }) => {
      if (kind === 'back') {
        const chain = nodes.filter((one) => one.kind !== 'aside').map(({ id }) => shift(middle(id)));
        return { from, to, kind, ...wayBack(shift(middle(from)), shift(middle(to)), chain, { node, down }) };
      }
      const points = (graph.edge(from, to) as { readonly points: readonly Point[] }).points.map(shift);
      const [before, end] = points.slice(-2) as [Point, Point];
      const degrees = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
      return { from, to, kind, path: rounded(points), tip: { ...end, degrees } };
    }),
  };
}

/** From one node's side to another one's, beside all in between: below them, or on their left where frames go down. */
function wayBack(
  from: Point,
  to: Point,
  chain: readonly Point[],
  { node, down }: LaidOut,
): Pick<Drawn, 'path' | 'tip'> {
  if (down) {
    const side = node.width / 2;
    const x = Math.min(...chain.map((one) => one.x)) - side - lane;
    const path =
      `M${from.x - side} ${from.y}H${x + corner}q${-corner} 0 ${-corner} ${-corner}` +
      `V${to.y + corner}q0 ${-corner} ${corner} ${-corner}H${to.x - side}`;
    return { path, tip: { x: to.x - side, y: to.y, degrees: 0 } };
  }
  const side = node.height / 2;
  const y = Math.max(...chain.map((one) => one.y)) + side + lane;
  const path =
    `M${from.x} ${from.y + side}V${y - corner}q0 ${corner} ${-corner} ${corner}` +
    `H${to.x + corner}q${-corner} 0 ${-corner} ${-corner}V${to.y + side}`;
  return { path, tip: { x: to.x, y: to.y + side, degrees: -90 } };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Straight to the middle of the first stretch, then from middle to middle, each point between pulling the curve. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  if (rest.length < 2) return `M${at(first)}${rest.map((point) => `L${at(point)}`).join('')}`;
  const bends = rest.slice(0, -1).map((point, i) => `Q${at(point)} ${at(middle(point, rest[i + 1]!))}`);
  return `M${at(first)}L${at(middle(first, rest[0]!))}${bends.join('')}L${at(rest.at(-1)!)}`;
}
