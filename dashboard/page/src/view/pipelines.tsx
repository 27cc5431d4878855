import { useId } from 'preact/hooks';
import type { MethodDescription, OperatorsMeasured } from '../../../record/events.js';
import { bytes, count, number, option, percent } from '../data/format.js';
import { Routes } from './routes.js';
import { calmRevision, record, visible } from './state.js';
import { Swatch } from './swatch.js';

/** The pipeline of every method shown: its operators in the order a frame passes through them. */
export function Pipelines() {
  calmRevision.value;
  // A function's methods are not measured operator by operator, and what has ended will not be any more.
  const never = record.ofFunction || record.ended !== undefined;
  const unmeasured = never && record.methods.every(({ operators }) => operators === undefined);
  return (
    <section class="pipelines" aria-labelledby="pipelines">
      <h2 id="pipelines">
        Pipelines {!unmeasured && <span class="unit">share of time, time a frame, state held</span>}
      </h2>
      {visible.value.map((method) => {
        const { description, operators } = record.methods[method]!;
        return (
          <div class="pipeline" key={method}>
            <h3>
              <Swatch method={method} />
              {description.label}
            </h3>
            <Flow
              description={description}
              measured={operators?.operators}
              bare={operators === undefined && never}
            />
            {description.routes && <Routes routes={description.routes} />}
          </div>
        );
      })}
    </section>
  );
}

type Measured = OperatorsMeasured['operators'];
type Operator = MethodDescription['operators'][number];

interface FlowProps {
  readonly description: MethodDescription;
  readonly measured?: Measured;
  /** Whether there are no figures, and will be none. */
  readonly bare: boolean;
}

function Flow({ description, measured, bare }: FlowProps) {
  const whole = measured?.reduce((sum, { milliseconds }) => sum + milliseconds, 0) ?? 0;
  return (
    <ol class="flow" data-bare={bare}>
      {description.operators.map((operator, position) => (
        <Node key={position} operator={operator} figures={measured?.[position]} whole={whole} bare={bare} />
      ))}
    </ol>
  );
}

interface NodeProps {
  readonly operator: Operator;
  readonly figures?: Measured[number];
  /** Milliseconds of all operators together. */
  readonly whole: number;
  readonly bare: boolean;
}

/** An operator: name and options, how much of the time it takes, what it keeps between frames. */
function Node({ operator, figures, whole, bare }: NodeProps) {
  const share = figures && whole > 0 ? figures.milliseconds / whole : 0;
  const id = useId();
  const options = Object.entries(operator.options);
  const written = options.map(([name, value]) => `${name} ${option(value)}`).join(', ');
  const told = options.length > 0 || figures !== undefined;
  return (
    <li class="node">
      <button type="button" aria-describedby={told ? id : undefined}>
        <span class="node-name">{operator.name}</span>
        {(written || !bare) && <span class="node-options">{written}</span>}
        {!bare && <Figures figures={figures} share={share} />}
      </button>
      {told && (
        <dl class="node-more" id={id}>
          {options.map(([name, value]) => (
            <Entry key={name} name={name} value={option(value)} />
          ))}
          {figures && (
            <>
              <Entry name="frames" value={count(figures.frames)} />
              <Entry name="time" value={`${number(figures.milliseconds / 1000, 3)} s`} />
              <Entry name="state" value={`${count(figures.arrays)} arrays, ${bytes(figures.bytes)}`} />
            </>
          )}
        </dl>
      )}
    </li>
  );
}

interface FiguresProps {
  readonly figures?: Measured[number];
  readonly share: number;
}

function Figures({ figures, share }: FiguresProps) {
  return (
    <>
      <span class="share" aria-hidden="true">
        <span style={{ width: `${100 * share}%` }} />
      </span>
      <span class="node-figures">
        {figures ? (
          <>
            <span>{percent(share, share < 0.0995 ? 1 : 0)}</span>
            <span>{number(figures.milliseconds / Math.max(1, figures.frames), 3)} ms</span>
            <span>{figures.arrays > 0 ? bytes(figures.bytes) : 'no state'}</span>
          </>
        ) : (
          <span>not measured yet</span>
        )}
      </span>
    </>
  );
}

function Entry({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
