import type { GraphEdge, PipelineGraph } from '../data/pipeline-graph.js';
import type { Drawn, GraphPicture, Size } from './graph-layout.js';

/** Pixels between nodes of a row, between rows, and around all of them. */
const between = { nodes: 36, rows: 46 };
const margin = 8;
/** How far from the nodes ways run beside them: from row to row, and outside of that the way back. */
const lane = { row: 14, back: 26 };
const corner = 8;

/**
 * Lays a pipeline that is wider than its room out in rows, as words on a page: as few as there is room for, and about as
 * long as each other. What looks on aside stands behind the loop. The way back runs outside of all of them.
 */
export function inRows({ nodes, edges }: PipelineGraph, node: Size, room: number): GraphPicture {
  const [left, right] = [margin + lane.back, margin + lane.row];
  const fitting = Math.max(
    1,
    Math.floor((room - left - right + between.nodes) / (node.width + between.nodes)),
  );
  const rows = Math.ceil(nodes.length / fitting);
  const aRow = Math.ceil(nodes.length / rows);
  const places = new Map<string, Cell>();
  nodes.forEach(({ id }, i) => {
    const [row, column] = [Math.floor(i / aRow), i % aRow];
    const x = left + column * (node.width + between.nodes) + node.width / 2;
    const y = margin + lane.back + row * (node.height + between.rows) + node.height / 2;
    places.set(id, { row, column, x, y });
  });
  return {
    width: left + aRow * node.width + (aRow - 1) * between.nodes + right,
    height: margin + 2 * lane.back + rows * node.height + (rows - 1) * between.rows + margin,
    nodes: nodes.map(({ id }) => {
      const { x, y } = places.get(id)!;
      return { id, x: x - node.width / 2, y: y - node.height / 2 };
    }),
    edges: edges.map((edge) => drawn(edge, places.get(edge.from)!, places.get(edge.to)!, node)),
  };
}

/** Where a node is: its row, its place in it, and its middle. */
interface Cell {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

type Point = readonly [x: number, y: number];

function drawn({ from, to, kind }: GraphEdge, a: Cell, b: Cell, node: Size): Drawn {
  const [w, h] = [node.width / 2, node.height / 2];
  const points = wayOf(kind, a, b, w, h);
  const [[x0, y0], [x, y]] = points.slice(-2) as [Point, Point];
  return {
    from,
    to,
    kind,
    path: cornered(points),
    tip: { x, y, degrees: (Math.atan2(y - y0, x - x0) * 180) / Math.PI },
  };
}

/** From side to side of neighbours; else beside the nodes, from row to row in the gaps between them. */
function wayOf(kind: GraphEdge['kind'], a: Cell, b: Cell, w: number, h: number): readonly Point[] {
  if (kind === 'back') {
    const [below, above, beside] = [a.y + h + lane.back, b.y - h - lane.back, margin];
    return [
      [a.x, a.y + h],
      [a.x, below],
      [beside, below],
      [beside, above],
      [b.x, above],
      [b.x, b.y - h],
    ];
  }
  if (a.row === b.row && b.column === a.column + 1) {
    return [
      [a.x + w, a.y],
      [b.x - w, b.y],
    ];
  }
  if (a.row === b.row) {
    const beside = kind === 'round' ? a.y - h - lane.row : a.y + h + lane.row;
    const side = kind === 'round' ? -h : h;
    const out = a.x + w / 2; // not where the way back begins
    return [
      [out, a.y + side],
      [out, beside],
      [b.x, beside],
      [b.x, b.y + side],
    ];
  }
  const gap = b.y - h - between.rows / 2;
  if (kind === 'frames') {
    const [outer, inner] = [a.x + w + lane.row, margin + lane.back - lane.row];
    return [
      [a.x + w, a.y],
      [outer, a.y],
      [outer, gap],
      [inner, gap],
      [inner, b.y],
      [b.x - w, b.y],
    ];
  }
  const [out, beside] = [a.x + w / 2, gap + lane.row / 2];
  return [
    [out, a.y + h],
    [out, beside],
    [b.x, beside],
    [b.x, b.y - h],
  ];
}

/** Straight from point to point, round at the corners. */
function cornered(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const last = rest.at(-1)!;
  const bends = rest.slice(0, -1).map((at, i) => {
    const [before, after] = [towards(at, points[i]!), towards(at, rest[i + 1]!)];
    return `L${before}Q${at[0]} ${at[1]} ${after}`;
  });
  return `M${first[0]} ${first[1]}${bends.join('')}L${last[0]} ${last[1]}`;
}

/** The point so far from a corner, on the way to another point, where the bend begins. */
function towards([x, y]: Point, [toX, toY]: Point): string {
  const far = Math.hypot(toX - x, toY - y);
  const share = far === 0 ? 0 : Math.min(corner / far, 0.5);
  return `${x + share * (toX - x)} ${y + share * (toY - y)}`;
}
