import { useEffect, useRef } from 'preact/hooks';

const formats = [
  ['csv', 'CSV, a table'],
  ['parquet', 'Parquet, the same table'],
  ['jsonl', 'JSON lines, the events'],
] as const;

/** All numbers of the run as files; TensorBoard's, which are many, by the command. */
export function ExportMenu({ run }: { readonly run: string | null }) {
  const host = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const away = (event: Event) => {
      if (!host.current?.contains(event.target as Node)) host.current?.removeAttribute('open');
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, []);
  const query = (format: string) => new URLSearchParams({ format, ...(run !== null && { run }) });
  return (
    <details
      class="export"
      ref={host}
      onKeyDown={({ key }) => {
        if (key !== 'Escape') return;
        host.current?.removeAttribute('open');
        host.current?.querySelector('summary')?.focus();
      }}
    >
      <summary>Export</summary>
      <ul>
        {formats.map(([format, text]) => (
          <li key={format}>
            <a href={`/export?${query(format)}`} download>
              {text}
            </a>
          </li>
        ))}
        <li class="soft">
          TensorBoard: <code>npx fluxion export --format tensorboard</code>
        </li>
      </ul>
    </details>
  );
}
