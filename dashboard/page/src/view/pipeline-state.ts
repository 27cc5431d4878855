import { computed, signal } from '@preact/signals';
import { operatorId, type PipelineGraph, pipelineGraph } from '../data/pipeline-graph.js';
import { forward } from './looking.js';
import { calmRevision, focused, record, visible } from './state.js';

/** The node whose panels and options are shown. */
export const chosenNode = signal<string | undefined>(undefined);

/** The method whose pipeline is shown: the one brought forward in the legend, else the one chosen, else the first. */
export const graphed = computed<number | undefined>(() => {
  const wanted = [forward.value, focused.value].filter((method) => method !== undefined);
  return wanted.find((method) => visible.value.includes(method)) ?? visible.value[0];
});

let made: { readonly of: string; readonly graph: PipelineGraph } | undefined;

/** The graph of a method; the same object as long as the run tells the same, so that nothing is laid out anew. */
export function graphOf(method: number): PipelineGraph {
  calmRevision.value;
  const { description, evaluatedAt, checkpointAt } = record.methods[method]!;
  const run = {
    problem: record.started?.problem ?? '',
    ofFunction: record.ofFunction,
    evaluated: evaluatedAt >= 0,
    checkpointed: checkpointAt !== undefined,
  };
  const of = JSON.stringify([record.started?.run, description.label, description.operators, run]);
  if (made?.of !== of) made = { of, graph: pipelineGraph(description.operators, run) };
  return made.graph;
}

/** How many frames came to a node since it was measured the last time; undefined where that is not known. */
export function passedNow(method: number, id: string): number | undefined {
  const { operators, operatorsBefore } = record.methods[method]!;
  const at = record.methods[method]!.description.operators.findIndex((_, i) => operatorId(i) === id);
  const now = operators?.operators[at]?.frames;
  const before = operatorsBefore?.operators[at]?.frames;
  return now === undefined || before === undefined ? undefined : now - before;
}
