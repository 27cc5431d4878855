import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alongWhich } from '../../../dashboard/page/src/charts/frame-way.js';
import { type GraphPicture, laidOut } from '../../../dashboard/page/src/charts/graph-layout.js';
import { inRows } from '../../../dashboard/page/src/charts/graph-rows.js';
import { operatorFigures } from '../../../dashboard/page/src/data/operator-figures.js';
import { adjustableThere, optionsNow } from '../../../dashboard/page/src/data/operator-options.js';
import { pipelineGraph } from '../../../dashboard/page/src/data/pipeline-graph.js';
import type { MethodDescription, OperatorsMeasured } from '../../../dashboard/record/events.js';

type Operators = MethodDescription['operators'];

/** Pipelines with operators inside operators, as a record lists them. */
const pipelines: fc.Arbitrary<Operators> = fc
  .letrec<{ level: Operators }>((tie) => ({
    level: fc.oneof(
      { depthSize: 'small' },
      fc.constant([{ name: 'a', options: {} }]),
      tie('level').map((inner) => [{ name: 'skipWhen', options: {}, inner: inner.length }, ...inner]),
      fc.tuple(tie('level'), tie('level')).map(([first, second]) => [...first, ...second]),
    ),
  }))
  .level.filter(({ length }) => length <= 12);
const runs = fc.record({
  problem: fc.constant('mnist'),
  ofFunction: fc.boolean(),
  evaluated: fc.boolean(),
  checkpointed: fc.boolean(),
});
const size = { width: 156, height: 78 };

describe('the graph of a pipeline', () => {
  it('leads a frame through every operator in order, and round each that has others inside', () => {
    fc.assert(
      fc.property(pipelines, runs, (operators, run) => {
        const { nodes, edges } = pipelineGraph(operators, run);
        const next = new Map(edges.filter(({ kind }) => kind === 'frames').map(({ from, to }) => [from, to]));
        const way = ['source'];
        while (next.has(way.at(-1)!)) way.push(next.get(way.at(-1)!)!);
        expect(way).toEqual(['source', ...operators.map((_, i) => `operator-${i}`), 'loop']);
        expect(nodes.slice(0, way.length).map(({ id }) => id)).toEqual(way);
        const jumps = edges.filter(({ kind }) => kind === 'round');
        expect(jumps.map(({ from, to }) => way.indexOf(to) - way.indexOf(from) - 1)).toEqual(
          operators.flatMap(({ inner = 0 }) => (inner > 0 ? [inner] : [])),
        );
      }),
    );
  });

  it('is drawn with its way straight, no two nodes on each other, and every edge from node to node', () => {
    fc.assert(
      fc.property(pipelines, runs, fc.boolean(), (operators, run, down) => {
        const graph = pipelineGraph(operators, run);
        const picture = laidOut(graph, { node: size, down });
        for (const [i, one] of picture.nodes.entries()) {
          expect(within(picture, one)).toBe(true);
          for (const other of picture.nodes.slice(i + 1)) expect(apart(one, other)).toBe(true);
        }
        for (const { kind, to, tip } of picture.edges) {
          const { x, y } = picture.nodes.find(({ id }) => id === to)!;
          const inside =
            tip.x > x - 1 && tip.x < x + size.width + 1 && tip.y > y - 1 && tip.y < y + size.height + 1;
          expect(inside, `${kind} ends at ${to}`).toBe(true);
        }
        if (operators.some(({ inner }) => inner)) return; // frames led round others make it bend
        const chain = picture.nodes.filter((_, i) => graph.nodes[i]!.kind !== 'aside');
        const across = new Set(chain.map(({ x, y }) => Math.round(down ? x : y)));
        expect(across.size).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('is laid out in rows of about one length where there is less room, each edge from node to node', () => {
    fc.assert(
      fc.property(pipelines, runs, fc.integer({ min: 560, max: 1400 }), (operators, run, room) => {
        const graph = pipelineGraph(operators, run);
        const picture = inRows(graph, size, room);
        expect(picture.width).toBeLessThanOrEqual(room);
        for (const [i, one] of picture.nodes.entries()) {
          expect(within(picture, one)).toBe(true);
          for (const other of picture.nodes.slice(i + 1)) expect(apart(one, other)).toBe(true);
        }
        const rows = [...new Set(picture.nodes.map(({ y }) => y))];
        const lengths = rows.map((row) => picture.nodes.filter(({ y }) => y === row).length);
        expect(new Set(lengths.slice(0, -1)).size).toBeLessThanOrEqual(1);
        expect(lengths.at(-1)).toBeLessThanOrEqual(lengths[0]!);
        const place = (id: string) => picture.nodes.find((node) => node.id === id)!;
        for (const { path, from, to, tip } of picture.edges) {
          const [x, y] = path
            .match(/^M(\S+) ([^LQ]+)/)!
            .slice(1)
            .map(Number);
          expect(onEdgeOf(place(from), { x: x!, y: y! }), `${path} begins at ${from}`).toBe(true);
          expect(onEdgeOf(place(to), tip), `${path} ends at ${to}`).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows a frame on the edges that it went along', () => {
    const { edges } = pipelineGraph(
      [
        { name: 'gradient', options: {} },
        { name: 'skipWhen', options: {}, inner: 1 },
        { name: 'momentum', options: {} },
        { name: 'learningRate', options: {} },
      ],
      { problem: 'mnist', ofFunction: false, evaluated: true, checkpointed: false },
    );
    const drawn = laidOut(
      { nodes: pipelineNodes(4), edges: edges.filter(({ kind }) => kind !== 'aside') },
      { node: size, down: false },
    );
    const along = (inner: number | undefined) =>
      alongWhich(drawn.edges, (id) =>
        inner === undefined ? undefined : id === 'operator-2' ? inner : 10,
      ).map(({ from, to }) => `${from} ${to}`);
    const round = 'operator-1 operator-3';
    expect(along(10)).not.toContain(round);
    expect(along(0)).toContain(round);
    expect(along(0)).not.toContain('operator-1 operator-2');
    expect(along(undefined)).toContain(round); // not measured twice yet: both ways are possible
  });

  it('tells what operators cost between two measurements, and since the start where there is but one', () => {
    const measured = (step: number, ...milliseconds: number[]): OperatorsMeasured => ({
      kind: 'operators',
      method: 0,
      step,
      seconds: step,
      operators: milliseconds.map((time) => ({
        name: 'a',
        frames: step,
        milliseconds: time,
        arrays: 0,
        bytes: 0,
      })),
    });
    const of = (now: OperatorsMeasured, before?: OperatorsMeasured) =>
      operatorFigures(now, before).map(({ share, millisecondsPerFrame }) => [share, millisecondsPerFrame]);
    expect(operatorFigures(undefined, undefined)).toEqual([]);
    expect(of(measured(10, 30, 10))).toEqual([
      [0.75, 3],
      [0.25, 1],
    ]);
    expect(of(measured(20, 40, 40), measured(10, 30, 10))).toEqual([
      [0.25, 1],
      [0.75, 3],
    ]);
    const again = measured(5, 40, 40); // a resumed run begins at an earlier step
    expect(of(again, measured(10, 30, 10))).toEqual(of(again));
  });

  it('knows an option that can be adjusted in the operator that has it, with the value it has now', () => {
    const description: MethodDescription = {
      name: 'adam',
      label: 'adam',
      options: { learningRate: 0.1 },
      operators: [
        { name: 'gradient', options: {} },
        { name: 'learningRate', options: { rate: 0.1 } },
      ],
    };
    const [gradient, rate] = description.operators as [Operators[0], Operators[0]];
    expect(adjustableThere(description, gradient)).toEqual([]);
    expect(adjustableThere(description, rate)).toEqual([{ option: 'learningRate', there: 'rate' }]);
    const to = (value: number) =>
      ({
        kind: 'control',
        action: 'adjust',
        method: 0,
        step: 3,
        seconds: 1,
        option: 'learningRate',
        value,
      }) as const;
    expect(optionsNow(description, rate, [])).toEqual([['rate', 0.1]]);
    expect(optionsNow(description, rate, [to(0.2), to(0.05)])).toEqual([['rate', 0.05]]);
  });
});

function pipelineNodes(operators: number) {
  return pipelineGraph(
    Array.from({ length: operators }, () => ({ name: 'a', options: {} })),
    { problem: 'mnist', ofFunction: false, evaluated: false, checkpointed: false },
  ).nodes;
}

interface At {
  readonly x: number;
  readonly y: number;
}

const onEdgeOf = ({ x, y }: At, at: At) => {
  const [across, down] = [at.x - x, at.y - y];
  const beside = (across === 0 || across === size.width) && down >= 0 && down <= size.height;
  return beside || ((down === 0 || down === size.height) && across >= 0 && across <= size.width);
};
const apart = (a: At, b: At) => Math.abs(a.x - b.x) >= size.width || Math.abs(a.y - b.y) >= size.height;
const within = ({ width, height }: GraphPicture, { x, y }: At) =>
  x >= 0 && y >= 0 && x + size.width <= width && y + size.height <= height;
