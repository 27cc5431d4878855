import { signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Controlled } from '../../../record/events.js';
import type { Adjustment } from '../../../server/protocol.js';
import { AdjustMenu, adjustableMethods } from './adjust-menu.js';
import { isUnderWay, runStanding } from './run-standing.js';
import { calmRevision, record, standing } from './state.js';

/** How an action reaches the run; set once, when the page is put together. */
export const send = signal<(action: Asking) => void>(() => {});
type Asking = Controlled['action'] | Adjustment;

/** Pause or resume, one step, stop: while the run can be acted on, and no longer. */
export function Controls() {
  calmRevision.value;
  const asking = useSignal(false);
  const asker = useRef<HTMLButtonElement>(null);
  const isPaused = runStanding.value === 'paused';
  const possible = isUnderWay.value && standing.value.control;
  useEffect(() => {
    if (!possible) asking.value = false;
  }, [possible]);
  if (!possible) return null;
  const needsPause = isPaused ? undefined : 'Pause first, then go step by step';
  return (
    <>
      {adjustableMethods().length > 0 && <AdjustMenu send={(adjustment) => send.value(adjustment)} />}
      <fieldset class="controls">
        <legend class="sr">Control of the run</legend>
        <button type="button" onClick={() => send.value(isPaused ? 'resume' : 'pause')}>
          {isPaused ? 'Resume' : 'Pause'}
        </button>
        <button
          type="button"
          aria-disabled={needsPause !== undefined}
          title={needsPause}
          aria-description={needsPause}
          onClick={() => {
            if (needsPause === undefined) send.value('step');
          }}
        >
          Step
        </button>
        {trainsModel() && (
          <button
            type="button"
            title="Writes a checkpoint of each method after its next step"
            onClick={() => send.value('checkpoint')}
          >
            Checkpoint
          </button>
        )}
        <button
          type="button"
          ref={asker}
          aria-expanded={asking.value}
          onClick={() => {
            asking.value = !asking.value;
          }}
        >
          Stop
        </button>
      </fieldset>
      {asking.value && (
        <StopQuestion
          answer={(stop) => {
            asking.value = false;
            asker.current?.focus();
            if (stop) send.value('stop');
          }}
        />
      )}
    </>
  );
}

/** Functions have no checkpoints: they are minimized from the start again. */
function trainsModel(): boolean {
  return record.started?.asked !== undefined && !record.ofFunction;
}

/** Asked once: what is stopped can go on, and this says how. */
function StopQuestion({ answer }: { readonly answer: (stop: boolean) => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []); // before it is seen, so that no key goes elsewhere
  const { resume } = standing.value;
  return (
    <div
      class="question"
      role="alertdialog"
      aria-label="Stop the run?"
      aria-describedby="stop-question"
      onKeyDown={({ key }) => {
        if (key === 'Escape') answer(false);
      }}
    >
      <p id="stop-question">
        Stop the run?{' '}
        {resume === undefined ? (
          'It does not go on after that.'
        ) : (
          <>
            It goes on later by <code>{resume}</code>
          </>
        )}
      </p>
      <button type="button" class="danger" onClick={() => answer(true)}>
        Stop
      </button>
      <button type="button" ref={first} onClick={() => answer(false)}>
        Keep running
      </button>
    </div>
  );
}
