import {
  atomic,
  type Code,
  call,
  callAt,
  get,
  i32,
  i64,
  loopWhile,
  set,
  step,
  type,
  when,
} from '../../wasm/assembler.js';
import type { FunctionCode } from '../../wasm/module.js';

const { i32: int } = type;

/**
 * Where a team's threads meet: a block of memory at an address that is a multiple of 64, the places that several
 * write on lines of the cache of their own. In bytes:
 */
export const place = {
  /** Chunks of the job that no one has taken. */
  untaken: 0,
  /** Chunks that are done. */
  done: 64,
  /** Workers that sleep, or are about to. */
  sleepers: 128,
  /** The kernel, by its place in the table; its items; how many of them make a chunk. */
  kernel: 192,
  items: 196,
  grain: 200,
  /** What the kernel reads: 32-bit words, then float32. */
  words: 256,
  numbers: 384,
  bytes: 448,
} as const;

/** Looks at `untaken` before a worker lies down, some 20 µs: kernels of one step follow each other faster. */
const looks = 20_000;
/** Looks at `done` before the leader lets others have its core for a while. */
const impatient = 50_000;
const nap = 50_000; // nanoseconds

const at = (team: number, offset: number): Code => i32.add(get(team), i32.const(offset));

/**
 * work(team, thread): takes chunks of the job and does them, until none is left.
 *
 * A chunk is taken by lowering `untaken`, and its job cannot end before `done` is raised for it: so what is read
 * after the taking belongs to that job, however late a thread comes.
 */
const work: FunctionCode = {
  parameters: [int, int],
  body(local, indexOf) {
    const [team, thread] = [0, 1];
    const [left, first, end, items] = [local(int), local(int), local(int), local(int)];
    const take = atomic.exchange(get(team), get(left), i32.sub(get(left), i32.const(1)));
    return [
      set(left, atomic.load(get(team))),
      loopWhile(
        get(left),
        when(
          i32.eq(take, get(left)),
          set(items, i32.load(get(team), place.items)),
          set(first, i32.mul(i32.sub(get(left), i32.const(1)), i32.load(get(team), place.grain))),
          set(end, i32.add(get(first), i32.load(get(team), place.grain))),
          set(end, i32.select(get(end), get(items), i32.lessThan(get(end), get(items)))),
          callAt(
            i32.load(get(team), place.kernel),
            indexOf('product'),
            at(team, place.words),
            get(first),
            get(end),
            get(thread),
          ),
          // What stood there before is of no use here.
          set(first, atomic.add(at(team, place.done), i32.const(1))),
        ),
        set(left, atomic.load(get(team))),
      ),
    ].flat();
  },
};

/** serve(team, thread): a worker's life. It never returns. */
const serve: FunctionCode = {
  parameters: [int, int],
  body(local, indexOf) {
    const [team, thread] = [0, 1];
    const [looked, ignored] = [local(int), local(int)];
    const idle = i32.eq(atomic.load(get(team)), i32.const(0));
    return loopWhile(
      i32.const(1),
      set(looked, i32.const(looks)),
      loopWhile(i32.and(idle, i32.lessThan(i32.const(0), get(looked))), step(looked, i32.const(-1))),
      when(
        idle,
        set(ignored, atomic.add(at(team, place.sleepers), i32.const(1))),
        // Returns at once where a job came in between.
        set(ignored, atomic.wait(get(team), i32.const(0), i64.const(-1))),
        set(ignored, atomic.add(at(team, place.sleepers), i32.const(-1))),
      ),
      call(indexOf('work'), get(team), get(thread)),
    );
  },
};

/**
 * lead(team, chunks, mayNap): opens the job, does its part, and returns when all is done.
 *
 * A worker that is asleep or elsewhere is not waited for: its chunks are done by others.
 */
const lead: FunctionCode = {
  parameters: [int, int, int],
  body(local, indexOf) {
    const [team, chunks, mayNap] = [0, 1, 2];
    const [looked, ignored, done] = [local(int), local(int), local(int)];
    const unfinished: Code = [
      ...set(done, atomic.load(at(team, place.done))),
      ...i32.sub(get(chunks), get(done)),
    ];
    return [
      atomic.store(at(team, place.done), i32.const(0)),
      atomic.store(get(team), get(chunks)),
      when(
        atomic.load(at(team, place.sleepers)),
        set(ignored, atomic.notify(get(team), i32.sub(get(chunks), i32.const(1)))),
      ),
      call(indexOf('work'), get(team), i32.const(0)),
      loopWhile(
        unfinished,
        step(looked, i32.const(1)),
        when(
          i32.and(get(mayNap), i32.lessThan(i32.const(impatient), get(looked))),
          set(ignored, atomic.wait(at(team, place.done), get(done), i64.const(nap))),
        ),
      ),
    ].flat();
  },
};

export const teamKernels = { work, serve, lead };
