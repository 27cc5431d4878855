import { Menu } from './menu.js';

const formats = [
  ['csv', 'CSV, a table'],
  ['parquet', 'Parquet, the same table'],
  ['jsonl', 'JSON lines, the events'],
  ['tensorboard', 'TensorBoard event files, in a tar'],
] as const;

/** All numbers of the run as files. */
export function ExportMenu({ run }: { readonly run: string | null }) {
  const query = (format: string) => new URLSearchParams({ format, ...(run !== null && { run }) });
  return (
    <Menu title="Export" class="export">
      {formats.map(([format, text]) => (
        <li key={format}>
          <a href={`/export?${query(format)}`} download>
            {text}
          </a>
        </li>
      ))}
    </Menu>
  );
}
