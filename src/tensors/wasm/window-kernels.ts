import {
  type Code,
  either,
  f32x4,
  get,
  i32,
  i32x4,
  loopWhile,
  set,
  step,
  type,
  v128,
  when,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';
import { across, type Lanes, wordAt } from './lanes.js';

const { i32: int, v128: four } = type;

/**
 * The words of a job over windows, whose items are images: the addresses of the images, of the rows of what windows see
 * (of which the largest have a row of places) and of the table; the bytes of the table, of an image, of its rows; and
 * for the largest the bytes of a pixel and of the places of a window in the table.
 */
const [ofImages, ofRows, ofTable, ofTableBytes, ofImageBytes, ofRowsBytes, ofPixelBytes, ofWindowBytes] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

/** Whether an offset of the table lies beyond the image. */
const beyond = (offset: number): Code => i32.lessThan(get(offset), i32.const(0));

interface Runs {
  /** What is 0 before the first run, if anything. */
  readonly cleared?: 'image' | 'rows';
  /** What becomes of entries of the image and of the row that belong together. */
  within(lanes: Lanes, image: number, row: number): Code;
  /** What becomes of entries of the row whose places lie beyond the image. */
  outside?(lanes: Lanes, row: number): Code;
}

/**
 * A kernel that goes through runs, entries which lie side by side in the image and in the row that sees them: for each
 * a table, one for all images, has the offset in the image (−1 beyond it), the bytes, and how far the row goes on. In
 * bytes.
 */
const overRuns = ({ cleared, within, outside }: Runs): FunctionCode => ({
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [image, row, place, run, stop, offset, bytes, i] = Array.from({ length: 8 }, () => local(int));
    const at = (base: number, stride: number): Code =>
      i32.add(wordAt(job, base), i32.mul(get(item), wordAt(job, stride)));
    const clear = (base: number, length: number): Code[] => [
      set(bytes, wordAt(job, length)),
      ...across(i, i32.const(0), bytes, ({ store }) => [store(base, f32x4.const(0))]),
    ];
    const inside = [
      set(place, i32.add(get(image), get(offset))),
      ...across(i, i32.const(0), bytes, (lanes) => [within(lanes, place, row)]),
    ];
    return loopWhile(
      i32.lessThan(get(item), get(end)),
      set(image, at(ofImages, ofImageBytes)),
      set(row, at(ofRows, ofRowsBytes)),
      ...(cleared === 'image' ? clear(image, ofImageBytes) : []),
      ...(cleared === 'rows' ? clear(row, ofRowsBytes) : []),
      set(run, wordAt(job, ofTable)),
      set(stop, i32.add(get(run), wordAt(job, ofTableBytes))),
      loopWhile(
        i32.lessThan(get(run), get(stop)),
        set(offset, i32.load(get(run))),
        set(bytes, i32.load(get(run), 4)),
        outside
          ? either(
              beyond(offset),
              across(i, i32.const(0), bytes, (lanes) => [outside(lanes, row)]),
              inside,
            )
          : when(i32.eq(beyond(offset), i32.const(0)), ...inside),
        step(row, i32.load(get(run), 8)),
        step(run, i32.const(12)),
      ),
      step(item, i32.const(1)),
    );
  },
});

/**
 * Where the largest entry of each window lies, channel by channel, counted through all images: the first of equals, a
 * NaN before all, −1 where the window sees nothing. The table has an offset for each place of each window.
 */
const largest: FunctionCode = {
  parameters: [int, int, int, int],
  body(local) {
    const [job, item, end] = [0, 1, 2];
    const [images, image, row, place, window, past, stop, offset, pixel, i] = Array.from({ length: 10 }, () =>
      local(int),
    );
    const [found, most, value, better] = Array.from({ length: 4 }, () => local(four));
    const chosen = (ifBetter: Code, otherwise: Code): Code =>
      v128.or(v128.and(ifBetter, get(better)), v128.andNot(otherwise, get(better)));
    const here = i32x4.add(
      i32x4.splat(i32.add(i32.sub(get(place), get(images)), get(i))),
      i32x4.const(0, 4, 8, 12),
    );
    const isNumber = f32x4.equal(get(most), get(most));
    const oneWindow = ({ load, store }: Lanes): Code[] => [
      set(found, i32x4.const(-1, -1, -1, -1)),
      set(most, f32x4.const(0)),
      set(window, get(past)),
      loopWhile(
        i32.lessThan(get(window), i32.add(get(past), wordAt(job, ofWindowBytes))),
        set(offset, i32.load(get(window))),
        when(
          i32.eq(beyond(offset), i32.const(0)),
          set(place, i32.add(get(image), get(offset))),
          set(value, load(place)),
          set(
            better,
            v128.or(
              i32x4.lessThan(get(found), i32x4.const(0, 0, 0, 0)),
              v128.andNot(isNumber, f32x4.atMost(get(value), get(most))),
            ),
          ),
          set(found, chosen(here, get(found))),
          set(most, chosen(get(value), get(most))),
        ),
        step(window, i32.const(4)),
      ),
      store(row, i32x4.shiftRightSigned(get(found), i32.const(2))),
    ];
    return [
      set(images, wordAt(job, ofImages)),
      set(pixel, wordAt(job, ofPixelBytes)),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(image, i32.add(get(images), i32.mul(get(item), wordAt(job, ofImageBytes)))),
        set(row, i32.add(wordAt(job, ofRows), i32.mul(get(item), wordAt(job, ofRowsBytes)))),
        set(past, wordAt(job, ofTable)),
        set(stop, i32.add(get(past), wordAt(job, ofTableBytes))),
        loopWhile(
          i32.lessThan(get(past), get(stop)),
          ...across(i, i32.const(0), pixel, oneWindow),
          step(row, get(pixel)),
          step(past, wordAt(job, ofWindowBytes)),
        ),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};

const add = ({ load, store }: Lanes, to: number, from: number): Code =>
  store(to, f32x4.add(load(to), load(from)));

export const windowKernels = {
  /** What each window sees, zeros beyond the image. */
  patches: overRuns({
    within: ({ load, store }, image, row) => store(row, load(image)),
    outside: ({ store }, row) => store(row, f32x4.const(0)),
  }),
  /** The same added up over the places of a window. */
  patchSums: overRuns({ cleared: 'rows', within: (lanes, image, row) => add(lanes, row, image) }),
  /** The transpose of both: rows added back to where they were seen. */
  fold: overRuns({ cleared: 'image', within: add }),
  largest,
};
