import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Branch } from '../../../server/protocol.js';
import { branchOptions, changesTyped } from '../data/branch-options.js';
import { count } from '../data/format.js';
import { runAddress } from '../live/addresses.js';
import { calmRevision, record, standing } from './state.js';

/** How a new run is asked for; set once, when the page is put together. */
export const branch = signal<(asked: Omit<Branch, 'kind'>) => void>(() => {});

/** The own methods of the run that have a checkpoint, and were typed, so that they can be made anew. */
export function branchableMethods(): number[] {
  return record.methods
    .slice(0, record.ownMethods)
    .flatMap(({ checkpointAt, description }, method) =>
      checkpointAt === undefined || description.asked === undefined ? [] : [method],
    );
}

/** A new run from a checkpoint, with other options. */
export function BranchButton() {
  calmRevision.value;
  const open = useSignal(false);
  const host = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open.value) host.current?.showModal();
  }, [open.value]);
  const methods = branchableMethods();
  if (!standing.value.branch || methods.length === 0) return null;
  return (
    <>
      <button
        type="button"
        title="Begin a new run from a checkpoint, with other options"
        onClick={() => {
          open.value = true;
        }}
      >
        Branch
      </button>
      {open.value && (
        <dialog
          ref={host}
          class="branch"
          aria-labelledby="branch-title"
          onClose={() => {
            open.value = false;
          }}
        >
          <BranchForm methods={methods} close={() => host.current?.close()} />
        </dialog>
      )}
    </>
  );
}

function BranchForm({ methods, close }: { readonly methods: readonly number[]; readonly close: () => void }) {
  const chosen = useSignal(methods[0]!);
  const wrong = useSignal('');
  const of = record.methods[chosen.value]!;
  const { description, adjustments, checkpointAt = 0 } = of;
  const options = branchOptions(description);
  const now = (name: string, begun: unknown) =>
    adjustments.findLast(({ option, step }) => option === name && step <= checkpointAt)?.value ?? begun;
  const most = record.started?.steps ?? 0;
  return (
    <form
      key={chosen.value}
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget);
        const text = (name: string) => String(typed.get(name) ?? '');
        try {
          const changes = changesTyped(options, (name) => text(`option ${name}`));
          const steps = Number(text('steps'));
          if (!Number.isInteger(steps) || steps <= checkpointAt) {
            throw new RangeError(`steps: expected more than the ${count(checkpointAt)} of the checkpoint`);
          }
          branch.value({ method: chosen.value, changes, steps });
          close();
        } catch (error) {
          wrong.value = (error as Error).message;
        }
      }}
    >
      <h2 id="branch-title">Branch from a checkpoint</h2>
      <p class="soft">
        A new run goes on from step {count(checkpointAt)} with these options, in a process of its own. This
        one stays as it is.
      </p>
      <div class="branch-fields">
        <label>
          <span>method</span>
          <select
            name="method"
            value={chosen.value}
            onChange={({ currentTarget }) => {
              chosen.value = Number(currentTarget.value);
              wrong.value = '';
            }}
          >
            {methods.map((method) => (
              <option key={method} value={method}>
                {record.methods[method]!.description.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>steps in all</span>
          <input
            name="steps"
            inputMode="numeric"
            defaultValue={String(most > checkpointAt ? most : 2 * Math.max(1, checkpointAt))}
          />
        </label>
        {options.map(([name, begun]) => (
          <label key={name} htmlFor={`option-${name}`}>
            <span>{name}</span>
            {typeof begun === 'boolean' ? (
              <select id={`option-${name}`} name={`option ${name}`} defaultValue={String(begun)}>
                <option value="true">true</option>
                <option value="false">false</option>
              </select>
            ) : (
              <input
                id={`option-${name}`}
                name={`option ${name}`}
                inputMode={typeof begun === 'number' ? 'decimal' : 'text'}
                defaultValue={String(now(name, begun))}
                spellcheck={false}
                autocomplete="off"
              />
            )}
          </label>
        ))}
      </div>
      <p class="trouble" role="alert">
        {wrong.value}
      </p>
      <div class="branch-acts">
        <button type="submit" class="main">
          Begin
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** Says that a new run has begun, and leads to it. */
export function BranchNotice() {
  const { branched, path } = standing.value;
  if (branched === undefined) return null;
  const { directory, url } = branched;
  const name = branched.path ?? directory;
  return (
    <p class="news" role="status">
      <strong>{name}</strong> has begun.{' '}
      {path !== undefined && branched.path !== undefined ? (
        <a href={runAddress([path, branched.path])}>See both in one chart</a>
      ) : (
        <>
          See both by <code>npx fluxion watch {directory.replace(/[\\/][^\\/]*$/, '')}</code>
        </>
      )}
      {url && (
        <>
          {' · '}
          <a href={url} target="_blank" rel="noreferrer">
            Its own page, to act on it
          </a>
        </>
      )}
    </p>
  );
}
