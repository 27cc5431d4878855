import { type Options, type Saved, save } from '../src/index.js';
import type { Checkpoint } from './checkpoint.js';
import type { Slot } from './slot.js';

/** One operator of a checkpoint, those inside it gathered into it again. */
export interface SavedSlot {
  readonly name: string;
  readonly options: Options;
  readonly state: Saved;
  readonly inner: readonly SavedSlot[];
}

/** The operators as a checkpoint lists them: one after the other, the inner ones after the one they are in. */
export function saveSlots<T>(slots: readonly Slot<T>[]): Pick<Checkpoint, 'pipeline' | 'slots'> {
  const pipeline: { name: string; options: Options; inner?: number }[] = [];
  const states: Saved[] = [];
  const add = ({ name, options, algebra, state, inner }: Slot<T>): void => {
    const entry: (typeof pipeline)[number] = { name, options };
    pipeline.push(entry);
    states.push(save(algebra, state));
    inner.forEach(add);
    if (inner.length > 0) entry.inner = inner.reduce((count, slot) => count + 1 + within(slot), 0);
  };
  slots.forEach(add);
  return { pipeline, slots: states };
}

const within = <T>(slot: Slot<T>): number =>
  slot.inner.reduce((count, inner) => count + 1 + within(inner), 0);

/** The inverse of `saveSlots`, as far as plain data goes. */
export function readSlots({ pipeline, slots }: Pick<Checkpoint, 'pipeline' | 'slots'>): SavedSlot[] {
  if (pipeline.length !== slots.length) {
    throw new TypeError(
      `train(checkpoint): expected one state an operator, got ${slots.length} for ${pipeline.length}`,
    );
  }
  const read = (from: number, to: number): SavedSlot[] => {
    const found: SavedSlot[] = [];
    for (let i = from; i < to; ) {
      const { name, options, inner = 0 } = pipeline[i];
      found.push({ name, options, state: slots[i], inner: read(i + 1, i + 1 + inner) });
      i += 1 + inner;
    }
    return found;
  };
  return read(0, pipeline.length);
}

type Described = Pick<SavedSlot, 'name' | 'options'>;

/** @throws TypeError where the operator at a place of the pipeline is not the checkpoint's */
export function sameOperator(index: number, told: Described | undefined, is: Described | undefined): void {
  const [before, now] = [describe(told), describe(is)];
  if (before !== now) {
    throw new TypeError(
      `train(checkpoint): operator ${index + 1} of the pipeline was ${before} in the checkpoint, is ${now}`,
    );
  }
}

/** `momentum {"beta":0.9}` */
function describe(operator: Described | undefined): string {
  return operator === undefined ? 'absent' : `${operator.name} ${JSON.stringify(operator.options)}`;
}
