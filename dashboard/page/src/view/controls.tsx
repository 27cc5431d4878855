import { signal } from '@preact/signals';
import type { Controlled } from '../../../record/events.js';
import { calmRevision, link, record, standing } from './state.js';

/** How an action reaches the run; set once, when the page is put together. */
export const send = signal<(action: Controlled['action']) => void>(() => {});

/** Pause or resume, one step, stop; disabled with the reason where the run cannot be acted on. */
export function Controls() {
  calmRevision.value;
  const reason = whyNot();
  const paused = record.paused;
  const buttons: readonly (readonly [Controlled['action'], string, boolean])[] = [
    paused ? ['resume', 'Resume', true] : ['pause', 'Pause', true],
    ['step', 'Step', paused],
    ['stop', 'Stop', true],
  ];
  return (
    <fieldset class="controls" title={reason}>
      <legend class="sr">Control of the run</legend>
      {buttons.map(([action, text, possible]) => {
        const why = reason ?? (possible ? undefined : 'Pause first, then go step by step');
        return (
          <button
            type="button"
            key={text}
            aria-disabled={why !== undefined}
            title={why}
            aria-description={why}
            onClick={() => {
              if (why === undefined) send.value(action);
            }}
          >
            {text}
          </button>
        );
      })}
    </fieldset>
  );
}

function whyNot(): string | undefined {
  if (record.ended) return 'The run has ended';
  if (link.value !== 'open') return 'Not connected to the run';
  if (!standing.value.live) return 'A replay: the run itself is not going on';
  if (!standing.value.control) return 'This page may only watch';
  return undefined;
}
