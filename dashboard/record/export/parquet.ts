import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Cell, RecordTable, Row, TableColumn } from './record-table.js';

/** So many rows are encoded together: each row group is read without the others. */
const rowsInAGroup = 1 << 16;

/** The table as a file of Apache Parquet: text as strings, numbers as float64, lists as lists of float64. */
export function* parquet({ run, columns, rows }: RecordTable): Generator<Uint8Array, void> {
  const writer = new EmptiedWriter();
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(schemaOf),
  ];
  const kvMetadata = [{ key: 'fluxion.run', value: JSON.stringify(run) }];
  const file = new ParquetWriter({ writer, schema, kvMetadata, createdBy: 'fluxion' });
  const encode = (group: readonly Row[]) => {
    const columnData = columns.map(({ name, type }) => ({
      name,
      data: group.map((row) => stored(row[name], type)),
    }));
    file.write({ columnData, rowGroupSize: rowsInAGroup });
  };
  let group: Row[] = [];
  for (const row of rows()) {
    group.push(row);
    if (group.length < rowsInAGroup) continue;
    encode(group);
    group = [];
    yield writer.emptied();
  }
  if (group.length > 0) encode(group);
  file.finish();
  yield writer.emptied();
}

/** Hands out what has been written so far, and goes on with an empty buffer. */
class EmptiedWriter extends ByteWriter {
  emptied(): Uint8Array {
    const bytes = new Uint8Array(this.getBytes());
    this.index = 0;
    return bytes;
  }
}

function stored(cell: Cell, type: TableColumn['type']): string | number | readonly number[] | null {
  if (cell === undefined) return null;
  return type === 'list' && typeof cell === 'number' ? [cell] : cell;
}

function schemaOf({ name, type }: TableColumn): SchemaElement[] {
  const repetition_type = 'OPTIONAL';
  if (type === 'number') return [{ name, type: 'DOUBLE', repetition_type }];
  if (type === 'text') return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }];
  return [
    { name, repetition_type, num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'DOUBLE', repetition_type: 'REQUIRED' },
  ];
}
