import { count, duration, number, percent, unknown } from '../data/format.js';
import type { MethodRecord } from '../data/method-record.js';
import { pace } from '../data/pace.js';
import { troubled } from './legend.js';
import { calmRevision, hidden, record, span, standing } from './state.js';
import { Swatch } from './swatch.js';

/** Where each method stands, a row each. */
export function MethodsTable() {
  calmRevision.value;
  const total = record.started?.steps ?? 0;
  return (
    <section class="methods" aria-labelledby="methods">
      <h2 id="methods" class="sr">
        Methods
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too */}
      <section class="scroll" aria-labelledby="methods" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">method</th>
              <th scope="col">step</th>
              <th scope="col">loss{span.value > 1 && <span class="unit"> smoothed</span>}</th>
              <th scope="col">accuracy</th>
              <th scope="col">test loss</th>
              <th scope="col">steps/s</th>
              <th scope="col">ms/step</th>
              <th scope="col">left</th>
              <th scope="col" class="text">
                outcome
              </th>
            </tr>
          </thead>
          <tbody>
            {record.methods.map((method, index) => (
              <Row key={index} method={method} index={index} total={total} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Row({ method, index, total }: { method: MethodRecord; index: number; total: number }) {
  calmRevision.value;
  const { description, curves, outcome } = method;
  const result = record.ended?.methods.find(({ label }) => label === description.label);
  const speed = pace(method, total);
  const taken = result?.steps ?? speed.taken;
  const over = outcome !== undefined || record.ended !== undefined || !standing.value.live;
  const loss = curves.loss.smoothed(span.value);
  return (
    <tr data-hidden={hidden.value.has(index)}>
      <th scope="row">
        <Swatch method={index} />
        {description.label}
      </th>
      <td>
        {count(taken)}
        <span class="total"> / {count(total)}</span>
      </td>
      <td data-odd={loss.length > 0 && !Number.isFinite(loss.at(loss.length - 1))}>
        {number(loss.length > 0 ? loss.at(loss.length - 1) : undefined)}
      </td>
      <td>{percent(last(method, 'accuracy'), 2)}</td>
      <td>{number(last(method, 'testLoss'))}</td>
      <td>{over ? unknown : number(speed.rate, 3)}</td>
      <td>{number(result?.millisecondsPerStep ?? speed.millisecondsPerStep, 3)}</td>
      <td>{over ? unknown : duration(speed.secondsLeft)}</td>
      <td class="text">{ending(method)}</td>
    </tr>
  );
}

/** How a method ended, in a word and, where there is trouble, a sentence. */
function ending({ outcome, steps }: MethodRecord) {
  if (outcome === undefined) {
    const going = steps.length === 0 ? 'waiting' : 'running';
    return <span class="soft">{standing.value.live ? going : 'cut off'}</span>;
  }
  if (!troubled(outcome.kind)) {
    return <span title={outcome.message}>{endings[outcome.kind] ?? outcome.kind}</span>;
  }
  return (
    <span class="trouble">
      <strong>✕ {endings[outcome.kind] ?? outcome.kind}</strong> <span class="why">{outcome.message}</span>
    </span>
  );
}

const endings: Readonly<Record<string, string>> = {
  converged: 'converged',
  budget: 'all steps taken',
  stopped: 'stopped',
  nonFinite: 'diverged',
  diverged: 'diverged',
  lineSearchFailed: 'line search failed',
  singular: 'singular',
  timeout: 'timed out',
};

function last({ curves }: MethodRecord, quantity: 'testLoss' | 'accuracy'): number | undefined {
  const { raw } = curves[quantity];
  return raw.length === 0 ? undefined : raw.at(raw.length - 1);
}
