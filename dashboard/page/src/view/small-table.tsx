import type { ComponentChildren } from 'preact';

interface Props {
  /** What it is called, or the id of the heading that says it. */
  readonly label?: string;
  readonly labelledBy?: string;
  readonly columns: readonly { readonly id: string | number; readonly title: ComponentChildren }[];
  readonly rows: readonly Row[];
}

interface Row {
  readonly id: string | number;
  readonly name: ComponentChildren;
  readonly title?: string;
  readonly cells: readonly ComponentChildren[];
}

/** A table as wide as what stands in it, which scrolls where there is less room; the first column names the rows. */
export function SmallTable({ label, labelledBy, columns, rows }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll from the keyboard too
    <section class="scroll" aria-label={label} aria-labelledby={labelledBy} tabIndex={0}>
      <table class="small-table">
        <thead>
          <tr>
            {columns.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, title, cells }) => (
            <tr key={id}>
              <th scope="row" title={title}>
                {name}
              </th>
              {cells.map((cell, i) => (
                <td key={columns[i + 1]!.id}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
