import { packedSteps, type StepColumns, stepColumns } from '../record/step-columns.js';
import type { Summary } from '../record/summary.js';

/**
 * The binary messages of the server, little-endian, columns in a row:
 *
 *     steps     u8 1 · u8 0 · u16 0      · u32 count · f64 seq of the first · the columns of step-columns.ts
 *     summary   u8 2 · u8 0 · u16 method · u32 count · f64 id · f64 width
 *               f64 step, min, max, mean, each [count] · u32 values [count] · u8 marks [count]
 *               · the name of the series in UTF-8
 *
 * The steps of one message have the sequence numbers `seq`, `seq + 1`, …
 */
export type BinaryMessage = StepsMessage | SummaryMessage;

export interface StepsMessage {
  readonly kind: 'steps';
  readonly seq: number;
  readonly steps: StepColumns;
}

/** The id of summaries nobody asked for: those that stand for what was `skipped`. */
export const unasked = 0;

export interface SummaryMessage extends Summary {
  readonly kind: 'summary';
  /** That of the request, or `unasked`. */
  readonly id: number;
  readonly method: number;
  readonly series: string;
}

const stepsHeader = 16;
const summaryHeader = 24;

export function encodeSteps(seq: number, ...parts: readonly StepColumns[]): Uint8Array<ArrayBuffer> {
  const count = parts.reduce((sum, { step }) => sum + step.length, 0);
  const buffer = packedSteps(parts, stepsHeader);
  const view = new DataView(buffer);
  view.setUint8(0, 1);
  view.setUint32(4, count, true);
  view.setFloat64(8, seq, true);
  return new Uint8Array(buffer);
}

export function encodeSummary(
  id: number,
  method: number,
  name: string,
  summary: Summary,
): Uint8Array<ArrayBuffer> {
  const count = summary.step.length;
  const text = new TextEncoder().encode(name);
  const buffer = new ArrayBuffer(summaryHeader + 37 * count + text.length);
  const view = new DataView(buffer);
  view.setUint8(0, 2);
  view.setUint16(2, method, true);
  view.setUint32(4, count, true);
  view.setFloat64(8, id, true);
  view.setFloat64(16, summary.width, true);
  const columns = summaryColumns(buffer, count);
  columns.step.set(summary.step);
  columns.min.set(summary.min);
  columns.max.set(summary.max);
  columns.mean.set(summary.mean);
  columns.values.set(summary.values);
  columns.marks.set(summary.marks);
  new Uint8Array(buffer, summaryHeader + 37 * count).set(text);
  return new Uint8Array(buffer);
}

/**
 * Reads a binary message; the columns are views over `buffer`.
 *
 * @throws RangeError where the length does not fit the header; TypeError on an unknown message
 */
export function decodeMessage(buffer: ArrayBuffer): BinaryMessage {
  const view = new DataView(buffer);
  const type = buffer.byteLength < stepsHeader ? 0 : view.getUint8(0);
  const count = type === 0 ? 0 : view.getUint32(4, true);
  if (type === 1) {
    return {
      kind: 'steps',
      seq: view.getFloat64(8, true),
      steps: stepColumns(buffer, stepsHeader, count),
    };
  }
  if (type === 2) {
    const end = summaryHeader + 37 * count;
    if (end > buffer.byteLength)
      throw new RangeError(`message: expected ${end} bytes, got ${buffer.byteLength}`);
    return {
      kind: 'summary',
      series: new TextDecoder().decode(new Uint8Array(buffer, end)),
      method: view.getUint16(2, true),
      id: view.getFloat64(8, true),
      width: view.getFloat64(16, true),
      ...summaryColumns(buffer, count),
    };
  }
  throw new TypeError(`message: expected the type 1 or 2, got ${type}`);
}

function summaryColumns(buffer: ArrayBuffer, count: number) {
  const column = (i: number) => new Float64Array(buffer, summaryHeader + 8 * i * count, count);
  return {
    step: column(0),
    min: column(1),
    max: column(2),
    mean: column(3),
    values: new Uint32Array(buffer, summaryHeader + 32 * count, count),
    marks: new Uint8Array(buffer, summaryHeader + 36 * count, count),
  };
}
