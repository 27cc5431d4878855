import type { MethodDescription } from '../../../record/events.js';

/** What a frame passes: where it comes from, an operator, and what takes its step. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  /**
   * `source`: batches, or the function that is minimized; `operator`; `loop`: it holds the parameters, or the point, and
   * adds the update; `aside`: looks at the parameters now and then.
   */
  readonly kind: 'source' | 'operator' | 'loop' | 'aside';
  /** Which operator of the method's description it is. */
  readonly operator?: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `back`: the parameters go into the next frame; `round`: frames may be led round operators; `aside`: now and then. */
  readonly kind: 'frames' | 'back' | 'round' | 'aside';
}

export interface PipelineGraph {
  /** In the order in which a frame comes to them. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What of a run the graph of one of its methods depends on. */
export interface GraphedRun {
  readonly problem: string;
  readonly ofFunction: boolean;
  /** Whether the method has been evaluated on data not trained on, and whether checkpoints were written. */
  readonly evaluated: boolean;
  readonly checkpointed: boolean;
}

export const operatorId = (operator: number): string => `operator-${operator}`;

/**
 * The graph of a method as the run itself tells it: frames go from the source through the operators, each before those
 * inside it, to the loop, and what the loop holds goes into the next frame.
 */
export function pipelineGraph(operators: MethodDescription['operators'], run: GraphedRun): PipelineGraph {
  const source: GraphNode = run.ofFunction
    ? { id: 'source', name: run.problem, kind: 'source' }
    : { id: 'source', name: 'batches', kind: 'source' };
  const loop: GraphNode = { id: 'loop', name: run.ofFunction ? 'point' : 'parameters', kind: 'loop' };
  const asides: GraphNode[] = [
    ...(run.evaluated ? [{ id: 'evaluation', name: 'evaluation', kind: 'aside' } as const] : []),
    ...(run.checkpointed ? [{ id: 'checkpoint', name: 'checkpoint', kind: 'aside' } as const] : []),
  ];
  const nodes: GraphNode[] = [
    source,
    ...operators.map(({ name }, i) => ({ id: operatorId(i), name, kind: 'operator', operator: i }) as const),
    loop,
    ...asides,
  ];
  const idAt = (operator: number) => (operator < operators.length ? operatorId(operator) : 'loop');
  const passed: GraphEdge[] = operators.flatMap(({ inner = 0 }, i) => [
    { from: operatorId(i), to: idAt(i + 1), kind: 'frames' as const },
    ...(inner > 0 ? [{ from: operatorId(i), to: idAt(i + 1 + inner), kind: 'round' as const }] : []),
  ]);
  return {
    nodes,
    edges: [
      { from: 'source', to: idAt(0), kind: 'frames' },
      ...passed,
      // A function is asked again at the new point; a pipeline gets the new parameters with the next batch.
      ...(operators.length === 0
        ? []
        : [{ from: 'loop', to: run.ofFunction ? 'source' : idAt(0), kind: 'back' } as const]),
      ...asides.map(({ id }) => ({ from: 'loop', to: id, kind: 'aside' }) as const),
    ],
  };
}
