import {
  type Code,
  call,
  either,
  f32,
  f32x4,
  get,
  i32,
  loopWhile,
  set,
  step,
  type,
  when,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';

const { i32: int, v128: four } = type;

/** Columns of the left operand taken at a time: a packed panel of eight of the right one is 8 KiB, in the first cache. */
export const innerBlock = 256;
/** The most rows and columns of the result that one item of work covers. */
export const blockRows = 64;
export const blockColumns = 256;
/** Bytes a thread packs into: left rows, right columns, the bias, a tile at an edge. */
export const packedBytes = 4 * (blockRows * innerBlock + innerBlock * blockColumns + (blockColumns + 8) + 32);

/** The 32-bit words of a product's job, in order. Strides in bytes; a bias of 0 is none. */
export const productWords = [
  ...['left', 'right', 'result', 'bias'],
  ...['rows', 'columns', 'inner'],
  ...['leftRow', 'leftColumn', 'rightRow', 'rightColumn', 'resultRow'],
  // Entry e of the stack is matrix e div heads, head e mod heads.
  ...['heads', 'leftMatrix', 'rightMatrix', 'resultMatrix', 'leftHead', 'rightHead', 'resultHead'],
  // An item of work is one block of one entry.
  ...['rowStep', 'columnStep', 'rowBlocks', 'columnBlocks', 'scratch'],
  // A matrix to add to, laid out as the result is, in place of a bias; 0 for none.
  'addend',
  // 1 where no more is asked for than what is on and above the diagonal of each matrix.
  'upper',
] as const;

const least = (x: Code, y: Code): Code => i32.select(x, y, i32.lessThan(x, y));

/**
 * pack4(to, toStep, from, lanes, inner, laneStride, innerStride): four rows or columns side by side.
 *
 * to[p·toStep + i] = from[i·laneStride + p·innerStride] for i < lanes, else 0: an edge is filled with zeros, which
 * reach only entries that are not stored. `lanes` may be 0 or negative. Addresses and strides in bytes.
 */
export const pack4: FunctionCode = {
  parameters: [int, int, int, int, int, int, int],
  body(local) {
    const [to, toStep, from, lanes, inner, laneStride, innerStride] = [0, 1, 2, 3, 4, 5, 6];
    const [at, lane] = [local(int), local(int)];
    const rows = [local(four), local(four), local(four), local(four)];
    const halves = [local(four), local(four), local(four), local(four)];
    const whole = i32.eq(get(lanes), i32.const(4));
    const one = i32.const(4);
    const halfway = (k: number, l: number, high: boolean): Code =>
      f32x4.shuffle(get(rows[k]), get(rows[l]), high ? [2, 6, 3, 7] : [0, 4, 1, 5]);
    const put = (k: number, high: boolean): Code[] => [
      f32x4.store(
        get(to),
        f32x4.shuffle(get(halves[k]), get(halves[k + 2]), high ? [2, 6, 3, 7] : [0, 4, 1, 5]),
      ),
      step(to, get(toStep)),
    ];
    return [
      // Lanes lie side by side: as they are.
      when(
        i32.and(whole, i32.eq(get(laneStride), one)),
        loopWhile(
          get(inner),
          f32x4.store(get(to), f32x4.load(get(from))),
          step(to, get(toStep)),
          step(from, get(innerStride)),
          step(inner, i32.const(-1)),
        ),
      ),
      // Each lane is a run: four of each at a time, transposed.
      when(
        i32.and(whole, i32.eq(get(innerStride), one)),
        loopWhile(
          i32.lessThan(i32.const(3), get(inner)),
          set(at, get(from)),
          ...rows.flatMap((row) => [set(row, f32x4.load(get(at))), step(at, get(laneStride))]),
          set(halves[0], halfway(0, 2, false)),
          set(halves[1], halfway(0, 2, true)),
          set(halves[2], halfway(1, 3, false)),
          set(halves[3], halfway(1, 3, true)),
          ...put(0, false),
          ...put(0, true),
          ...put(1, false),
          ...put(1, true),
          step(from, i32.const(16)),
          step(inner, i32.const(-4)),
        ),
      ),
      loopWhile(
        get(inner),
        f32x4.store(get(to), f32x4.const(0)),
        set(at, get(from)),
        set(lane, i32.const(0)),
        loopWhile(
          i32.lessThan(get(lane), get(lanes)),
          f32.store(i32.add(get(to), i32.shl(get(lane), i32.const(2))), f32.load(get(at))),
          step(at, get(laneStride)),
          step(lane, i32.const(1)),
        ),
        step(to, get(toStep)),
        step(from, get(innerStride)),
        step(inner, i32.const(-1)),
      ),
    ].flat();
  },
};

/**
 * tile(left, right, to, toRow, from, fromRow, inner): a tile of 4×8, from + L·R, by outer products.
 *
 * `left` holds four rows packed, `right` eight columns. `from` is what there is so far: the tile itself, or a bias,
 * one row with fromRow = 0. Addresses and strides in bytes.
 *
 * Source: Goto & van de Geijn 2008, the inner kernel; 8 sums, 2 of the right and 1 of the left are all that the 16
 * registers of an x86-64 hold without spilling.
 */
export const tile = (fused: boolean): FunctionCode => ({
  parameters: [int, int, int, int, int, int, int],
  body(local) {
    const [left, right, to, toRow, from, fromRow, inner] = [0, 1, 2, 3, 4, 5, 6];
    const sums = Array.from({ length: 8 }, () => local(four));
    const [low, high, entry] = [local(four), local(four), local(four)];
    const add = (sum: number, x: number): Code =>
      set(
        sum,
        fused
          ? f32x4.relaxedMultiplyAdd(get(entry), get(x), get(sum))
          : f32x4.add(get(sum), f32x4.mul(get(entry), get(x))),
      );
    const column = (k: number): Code[] => [
      set(low, f32x4.load(get(right), 32 * k)),
      set(high, f32x4.load(get(right), 32 * k + 16)),
      ...[0, 1, 2, 3].flatMap((row) => [
        set(entry, f32x4.loadSplat(get(left), 16 * k + 4 * row)),
        add(sums[2 * row], low),
        add(sums[2 * row + 1], high),
      ]),
    ];
    const columns = (count: number): Code =>
      loopWhile(
        i32.lessThan(i32.const(count - 1), get(inner)),
        ...Array.from({ length: count }, (_, k) => column(k)).flat(),
        step(left, i32.const(16 * count)),
        step(right, i32.const(32 * count)),
        step(inner, i32.const(-count)),
      );
    return [
      ...[0, 1, 2, 3].flatMap((row) => [
        set(sums[2 * row], f32x4.load(get(from))),
        set(sums[2 * row + 1], f32x4.load(get(from), 16)),
        step(from, get(fromRow)),
      ]),
      columns(4),
      columns(1),
      ...[0, 1, 2, 3].flatMap((row) => [
        f32x4.store(get(to), get(sums[2 * row])),
        f32x4.store(get(to), get(sums[2 * row + 1]), 16),
        step(to, get(toRow)),
      ]),
    ].flat();
  },
});

/** copyBlock(to, toRow, from, fromRow, rows, columns): float32 entries, strides in bytes. */
export const copyBlock: FunctionCode = {
  parameters: [int, int, int, int, int, int],
  body(local) {
    const [to, toRow, from, fromRow, rows, columns] = [0, 1, 2, 3, 4, 5];
    const [i, width] = [local(int), local(int)];
    return [
      set(width, i32.shl(get(columns), i32.const(2))),
      loopWhile(
        get(rows),
        set(i, i32.const(0)),
        loopWhile(
          i32.lessThan(get(i), get(width)),
          f32.store(i32.add(get(to), get(i)), f32.load(i32.add(get(from), get(i)))),
          step(i, i32.const(4)),
        ),
        step(to, get(toRow)),
        step(from, get(fromRow)),
        step(rows, i32.const(-1)),
      ),
    ].flat();
  },
};

/**
 * product(job, first, end, thread): the blocks first…end−1 of a stack of products C = A·B + bias, or + a matrix. Of an
 * upper triangle, only the tiles that have a part in it.
 *
 * Each block is packed and multiplied by whoever takes it, over all of the inner length in the same order, so that
 * the result does not depend on who that is.
 */
export const product: FunctionCode = {
  parameters: [int, int, int, int],
  body(local, indexOf) {
    const [job, item, end, thread] = [0, 1, 2, 3];
    const word = Object.fromEntries(productWords.map((name) => [name, local(int)])) as {
      [name in (typeof productWords)[number]]: number;
    };
    const [a, b, c, bias] = [local(int), local(int), local(int), local(int)];
    const [rest, matrix, head, row, column] = Array.from({ length: 5 }, () => local(int));
    const [rows, columns, packedLeft, packedRight, packedBias, edge] = Array.from({ length: 6 }, () =>
      local(int),
    );
    const [p, inner, i, j, panel, to, from, fromRow, tileRows, tileColumns, rowEnd] = Array.from(
      { length: 11 },
      () => local(int),
    );
    const times = (x: number, y: number): Code => i32.mul(get(x), get(y));
    const scaled = (x: Code, y: number): Code => i32.mul(x, get(y));
    const sum = (...terms: Code[]): Code => terms.reduce((x, y) => i32.add(x, y));
    const left = (count: number, at: number): Code => i32.sub(get(count), get(at));
    const pack = (...operands: Code[]): Code => call(indexOf('pack4'), ...operands);
    const copy = (...operands: Code[]): Code => call(indexOf('copyBlock'), ...operands);
    const edgeRow = i32.const(32);
    const multiply = (at: number, atRow: Code, begin: number, beginRow: Code): Code =>
      call(indexOf('tile'), get(panel), get(packedRight), get(at), atRow, get(begin), beginRow, get(inner));

    const packRight = loopWhile(
      i32.lessThan(get(j), get(columns)),
      ...[0, 4].map((lane) =>
        pack(
          sum(get(panel), i32.const(4 * lane)),
          i32.const(32),
          sum(get(b), times(p, word.rightRow), i32.mul(sum(get(j), i32.const(lane)), get(word.rightColumn))),
          least(i32.sub(left(columns, j), i32.const(lane)), i32.const(4)),
          get(inner),
          get(word.rightColumn),
          get(word.rightRow),
        ),
      ),
      step(panel, i32.shl(get(inner), i32.const(5))),
      step(j, i32.const(8)),
    );
    const packLeft = loopWhile(
      i32.lessThan(get(i), get(rows)),
      pack(
        get(panel),
        i32.const(16),
        sum(get(a), times(i, word.leftRow), times(p, word.leftColumn)),
        least(left(rows, i), i32.const(4)),
        get(inner),
        get(word.leftRow),
        get(word.leftColumn),
      ),
      step(panel, i32.shl(get(inner), i32.const(4))),
      step(i, i32.const(4)),
    );
    const oneTile: Code[] = [
      set(to, sum(get(c), times(i, word.resultRow), i32.shl(get(j), i32.const(2)))),
      set(
        from,
        i32.select(
          sum(get(to), i32.sub(get(word.addend), get(word.result))),
          sum(get(packedBias), i32.shl(get(j), i32.const(2))),
          get(word.addend),
        ),
      ),
      set(from, i32.select(get(to), get(from), get(p))),
      set(fromRow, i32.select(get(word.resultRow), i32.const(0), get(word.addend))),
      set(fromRow, i32.select(get(word.resultRow), get(fromRow), get(p))),
      set(tileRows, least(left(rows, i), i32.const(4))),
      set(tileColumns, least(left(columns, j), i32.const(8))),
      either(
        i32.and(i32.eq(get(tileRows), i32.const(4)), i32.eq(get(tileColumns), i32.const(8))),
        [multiply(to, get(word.resultRow), from, get(fromRow))],
        [
          copy(get(edge), edgeRow, get(from), get(fromRow), get(tileRows), get(tileColumns)),
          multiply(edge, edgeRow, edge, edgeRow),
          copy(get(to), get(word.resultRow), get(edge), edgeRow, get(tileRows), get(tileColumns)),
        ],
      ),
    ];
    return [
      ...productWords.map((name, at) => set(word[name], i32.load(get(job), 4 * at))),
      set(packedLeft, sum(get(word.scratch), i32.mul(get(thread), i32.const(packedBytes)))),
      set(edge, i32.add(get(packedLeft), i32.const(4 * blockRows * innerBlock))),
      set(packedBias, i32.add(get(edge), i32.const(4 * 32))),
      loopWhile(
        i32.lessThan(get(item), get(end)),
        set(rest, i32.div(get(item), get(word.columnBlocks))),
        set(column, scaled(i32.rem(get(item), get(word.columnBlocks)), word.columnStep)),
        set(row, scaled(i32.rem(get(rest), get(word.rowBlocks)), word.rowStep)),
        set(rest, i32.div(get(rest), get(word.rowBlocks))),
        set(matrix, i32.div(get(rest), get(word.heads))),
        set(head, i32.rem(get(rest), get(word.heads))),
        set(
          a,
          sum(
            get(word.left),
            times(matrix, word.leftMatrix),
            times(head, word.leftHead),
            times(row, word.leftRow),
          ),
        ),
        set(
          b,
          sum(
            get(word.right),
            times(matrix, word.rightMatrix),
            times(head, word.rightHead),
            times(column, word.rightColumn),
          ),
        ),
        set(
          c,
          sum(
            get(word.result),
            times(matrix, word.resultMatrix),
            times(head, word.resultHead),
            times(row, word.resultRow),
            i32.shl(get(column), i32.const(2)),
          ),
        ),
        set(rows, least(left(word.rows, row), get(word.rowStep))),
        set(columns, least(left(word.columns, column), get(word.columnStep))),
        // Rows that begin beyond the last column lie below the diagonal.
        when(get(word.upper), set(rows, least(get(rows), i32.sub(sum(get(column), get(columns)), get(row))))),
        // The bias of these columns, or zeros, by a packing of no lanes.
        pack(
          get(packedBias),
          i32.const(16),
          get(b),
          i32.const(0),
          i32.add(i32.div(get(columns), i32.const(4)), i32.const(2)),
          i32.const(0),
          i32.const(0),
        ),
        set(bias, i32.add(get(word.bias), i32.shl(get(column), i32.const(2)))),
        when(
          get(word.bias),
          copy(get(packedBias), i32.const(0), get(bias), i32.const(0), i32.const(1), get(columns)),
        ),
        // A block wholly below the diagonal has no rows left.
        set(p, i32.select(i32.const(0), get(word.inner), i32.lessThan(i32.const(0), get(rows)))),
        loopWhile(
          i32.lessThan(get(p), get(word.inner)),
          set(inner, least(left(word.inner, p), i32.const(innerBlock))),
          set(packedRight, i32.add(get(packedBias), i32.const(4 * (blockColumns + 8)))),
          set(panel, get(packedRight)),
          set(j, i32.const(0)),
          packRight,
          set(panel, get(packedLeft)),
          set(i, i32.const(0)),
          packLeft,
          set(j, i32.const(0)),
          loopWhile(
            i32.lessThan(get(j), get(columns)),
            set(panel, get(packedLeft)),
            set(i, i32.const(0)),
            set(rowEnd, get(rows)),
            when(
              get(word.upper),
              set(rowEnd, least(get(rows), i32.sub(sum(get(column), get(j), i32.const(8)), get(row)))),
            ),
            loopWhile(
              i32.lessThan(get(i), get(rowEnd)),
              ...oneTile,
              step(panel, i32.shl(get(inner), i32.const(4))),
              step(i, i32.const(4)),
            ),
            step(packedRight, i32.shl(get(inner), i32.const(5))),
            step(j, i32.const(8)),
          ),
          step(p, i32.const(innerBlock)),
        ),
        step(item, i32.const(1)),
      ),
    ].flat();
  },
};
