import { useEffect } from 'preact/hooks';
import { change, goTo, last, playing, restart, speed, step, study } from './state.js';

const icons = {
  reset: 'M2.5 3.5v9M14 4v8L9 8zM9 4v8L4 8z',
  back: 'M9.5 3.5v9L3.5 8zM13 3.5v9',
  play: 'M5 3.5v9L12.5 8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  forward: 'M6.5 3.5v9l6-4.5zM3 3.5v9',
};

/** Step forward and back, play, reset, speed, and the step as a slider. */
export function Transport() {
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => {
      if (step.value >= last.value) playing.value = false;
      else goTo(step.value + 1);
    }, 1000 / speed.value);
    return () => clearInterval(timer);
  }, [playing.value, speed.value]);
  const ended = step.value >= last.value;
  return (
    <div class="transport">
      <div class="controls">
        <Button name="To the start" icon="reset" off={step.value === 0} act={() => goTo(0)} />
        <Button name="Step back" icon="back" off={step.value === 0} act={() => goTo(step.value - 1)} />
        <Button
          name={playing.value ? 'Pause' : 'Play'}
          icon={playing.value ? 'pause' : 'play'}
          act={play}
          wide
        />
        <Button name="Step forward" icon="forward" off={ended} act={() => goTo(step.value + 1)} wide />
      </div>
      <input
        type="range"
        class="steps"
        aria-label="Step"
        aria-valuetext={`step ${step.value} of ${last.value}`}
        min="0"
        max={Math.max(1, last.value)}
        value={step.value}
        onInput={({ currentTarget }) => {
          playing.value = false;
          goTo(Number(currentTarget.value));
        }}
      />
      <output class="count">
        {step.value} / {last.value}
      </output>
      <label class="speed">
        <span class="sr">Speed</span>
        <select
          value={speed.value}
          onChange={({ currentTarget }) => {
            speed.value = Number(currentTarget.value);
          }}
        >
          {[0.5, 1, 2, 5, 20].map((one) => (
            <option key={one} value={one}>
              {one}/s
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={restart}>
        Reset
      </button>
    </div>
  );
}

export function play(): void {
  if (!playing.value && step.value >= last.value) goTo(0);
  playing.value = !playing.value;
}

interface ButtonProps {
  readonly name: string;
  readonly icon: keyof typeof icons;
  readonly off?: boolean;
  readonly wide?: boolean;
  act(): void;
}

function Button({ name, icon, off = false, wide = false, act }: ButtonProps) {
  return (
    <button
      type="button"
      class={wide ? 'icon wide' : 'icon'}
      aria-label={name}
      title={name}
      aria-disabled={off}
      onClick={() => {
        if (icon !== 'play' && icon !== 'pause') playing.value = false;
        if (!off) act();
      }}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d={icons[icon]} />
      </svg>
    </button>
  );
}

/** The keys that work wherever no field wants them. */
export function onKey(event: KeyboardEvent): void {
  const { target } = event;
  const typing = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
  const pressed =
    target instanceof HTMLButtonElement || (target instanceof Element && target.closest('summary, a'));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => goTo(step.value + 1),
    ArrowLeft: () => goTo(step.value - 1),
    Home: () => goTo(0),
    End: () => goTo(last.value),
    ...(!pressed && { ' ': play }),
  };
  const act = keys[event.key];
  if (act === undefined) return;
  event.preventDefault();
  if (event.key !== ' ') playing.value = false;
  act();
}

/** How many steps each method may take. */
export function Limit() {
  return (
    <label class="field">
      <span>steps at most</span>
      <input
        type="number"
        min="1"
        max="2000"
        value={study.value.limit}
        onChange={({ currentTarget }) => {
          const limit = Math.round(Number(currentTarget.value));
          if (limit >= 1 && limit <= 2000) change({ limit });
          else currentTarget.value = String(study.value.limit);
        }}
      />
    </label>
  );
}
