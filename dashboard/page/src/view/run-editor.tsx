import { useEffect, useRef } from 'preact/hooks';
import type { RunLabels } from '../../../record/runs/labels.js';

interface Props {
  readonly path: string;
  readonly labels: RunLabels;
  /** Told the new labels, or nothing where all stays. */
  readonly done: (labels?: RunLabels) => void;
}

/** Name, tags and notes of a run, to be changed. */
export function RunEditor({ path, labels, done }: Props) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <form
      class="editor"
      aria-label={`Labels of ${path}`}
      onKeyDown={({ key }) => {
        if (key === 'Escape') done();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const name = String(data.get('name')).trim();
        const tags = String(data.get('tags'))
          .split(/[\s,]+/)
          .map((tag) => tag.replace(/^#/, ''))
          .filter(Boolean);
        done({ ...(name && { name }), tags, notes: String(data.get('notes')), archived: labels.archived });
      }}
    >
      <label>
        <span class="soft">name</span>
        <input ref={first} name="name" maxLength={200} placeholder={path} defaultValue={labels.name ?? ''} />
      </label>
      <label>
        <span class="soft">tags</span>
        <input name="tags" placeholder="good, talk" defaultValue={labels.tags.join(', ')} />
      </label>
      <label class="wide">
        <span class="soft">notes</span>
        <textarea name="notes" rows={2} maxLength={20000} defaultValue={labels.notes} />
      </label>
      <button type="submit">Save</button>
      <button type="button" onClick={() => done()}>
        Leave as it is
      </button>
    </form>
  );
}
