import type { PanelKind } from '../charts/panels.js';
import { bytes, count, frames, milliseconds, number, option, percent } from '../data/format.js';
import { operatorFigures, sourceFigures } from '../data/operator-figures.js';
import { adjustableThere, optionsNow } from '../data/operator-options.js';
import type { GraphNode } from '../data/pipeline-graph.js';
import { AdjustForm } from './adjust-form.js';
import { send } from './controls.js';
import { choosePanel } from './looking.js';
import { chosenNode, graphOf } from './pipeline-state.js';
import { panels } from './readings.js';
import { isUnderWay } from './run-standing.js';
import { record, standing } from './state.js';

/** What is known of the chosen node, what can be changed of it, and the panels of what it makes. */
export function NodeDetails({ method }: { readonly method: number }) {
  const node = graphOf(method).nodes.find(({ id }) => id === chosenNode.value);
  if (node === undefined) {
    return <p class="node-hint soft">Choose a node for its options and panels.</p>;
  }
  const kinds = panelsOf(node, method);
  return (
    <section class="node-details" aria-label={`${node.name} of ${record.methods[method]!.description.label}`}>
      <header>
        <h3>{node.name}</h3>
        <button
          type="button"
          class="small"
          aria-label="Close"
          onClick={() => {
            chosenNode.value = undefined;
          }}
        >
          ✕
        </button>
      </header>
      <dl>
        {entriesOf(node, method).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Adjusting node={node} method={method} />
      {kinds.length > 0 && (
        <fieldset class="node-panels">
          <legend class="soft">Panels</legend>
          {kinds.map((kind) => (
            <button type="button" key={kind.id} class="small" onClick={() => goTo(kind)}>
              {kind.title}
              {kind.unit && <span class="unit"> {kind.unit}</span>}
            </button>
          ))}
        </fieldset>
      )}
    </section>
  );
}

function Adjusting({ node, method }: { readonly node: GraphNode; readonly method: number }) {
  const { description, outcome } = record.methods[method]!;
  const operator = description.operators[node.operator ?? -1];
  const possible = isUnderWay.value && standing.value.control && outcome === undefined;
  if (operator === undefined || !possible || method >= record.ownMethods) return null;
  return adjustableThere(description, operator).map(({ option: name }) => (
    <AdjustForm key={name} method={method} option={name} send={(adjustment) => send.value(adjustment)} />
  ));
}

function entriesOf({ kind, id, operator }: GraphNode, method: number): [string, string][] {
  const of = record.methods[method]!;
  if (kind === 'operator') {
    const description = of.description.operators[operator!]!;
    const options = optionsNow(of.description, description, of.adjustments);
    const figures = operatorFigures(of.operators, of.operatorsBefore)[operator!];
    const written = options.map(([name, value]): [string, string] => [name, option(value)]);
    if (figures === undefined) return written;
    const { share, millisecondsPerFrame, arrays, age } = figures;
    const state = arrays === 0 ? 'none' : `${bytes(figures.bytes)} in ${count(arrays)} arrays`;
    return [
      ...written,
      ['time a frame', `${milliseconds(millisecondsPerFrame)}, ${percent(share)} of all`],
      ['time so far', `${timeOf(figures.milliseconds)} in ${frames(figures.frames)}`],
      ['state', state],
      ...(age === undefined ? [] : [['made anew', anew(age)] as [string, string]]),
    ];
  }
  if (kind === 'loop') {
    const held = of.operators?.parameters;
    return [
      ['steps', count(of.taken)],
      ...(held
        ? [['parameters', `${bytes(held.bytes)} in ${count(held.arrays)} arrays`] as [string, string]]
        : []),
    ];
  }
  if (kind === 'aside') {
    return [['last after step', count(id === 'checkpoint' ? of.checkpointAt : of.evaluatedAt)]];
  }
  const { seed } = record.started!;
  const counts = Object.entries(of.points.evaluations ?? {});
  const figures = sourceFigures(of.operators, of.operatorsBefore);
  const time = figures && `${milliseconds(figures.millisecondsPerFrame)}, ${percent(figures.share)} of all`;
  return [
    ['seed', String(of.description.seed ?? seed)],
    ...(time === undefined ? [] : [['time a step', time] as [string, string]]),
    ...counts.map(([name, value]): [string, string] => [name, `${count(value)} times`]),
  ];
}

/** Of all steps together. */
function timeOf(spent: number): string {
  return spent < 100 ? milliseconds(spent) : `${number(spent / 1000, 3)} s`;
}

function anew(age: number): string {
  if (age === 0) return 'in the last step';
  return `${count(age)} ${age === 1 ? 'step' : 'steps'} ago, its oldest part`;
}

/** The panels of what a node makes. */
function panelsOf({ kind, id, name, operator }: GraphNode, method: number): PanelKind[] {
  const { description } = record.methods[method]!;
  const { shown, dropped } = panels();
  const all = [...shown, ...dropped];
  const pick = (...ids: readonly string[]) => all.filter((panel) => ids.includes(panel.id));
  if (kind === 'operator') {
    const { measures = [] } = description.operators[operator!]!;
    const own = measures.flatMap((measure) => pick(measure, `${measure}-list`));
    return name === 'gradient' ? [...pick('loss', 'gradientNorm'), ...own] : own;
  }
  if (kind === 'source') return pick('gap', 'value', 'gradientNorm');
  if (kind === 'loop') return pick('updateNorm', 'milliseconds');
  return id === 'evaluation' ? pick('accuracy', 'testLoss', 'squaredError') : [];
}

/** Shows a panel, brought back where it was dropped, and goes on from there with the keyboard. */
function goTo({ id }: PanelKind): void {
  choosePanel(id, { dropped: undefined });
  requestAnimationFrame(() => {
    const panel = document.querySelector(`.panel-${CSS.escape(id.replaceAll(' ', '-'))}`);
    panel?.scrollIntoView({ block: 'center' });
    panel?.querySelector<HTMLElement>('.chart')?.focus({ preventScroll: true });
  });
}
