import { Column, lowerBound } from '../../../record/column.js';

/** What may be laid out from left to right; examples are steps times the size of a batch. */
export type Across = 'steps' | 'examples' | 'evaluations' | 'work' | 'seconds';

/** Where on each x axis the values of one or several curves stand: columns that grow together and never fall. */
export class Places {
  readonly steps = new Column();
  /** Evaluations of the function and its derivatives so far; NaN where they are not counted. */
  readonly evaluations = new Column();
  /** Seconds the method itself has computed: pauses and the turns of others are left out. */
  readonly work = new Column();
  /** Seconds since the run began. */
  readonly seconds = new Column();

  get length(): number {
    return this.steps.length;
  }

  column(across: Across): Column {
    return across === 'examples' ? this.steps : this[across];
  }

  push(place: Place): void {
    this.steps.push(place.step);
    this.evaluations.push(place.evaluations);
    this.work.push(place.work);
    this.seconds.push(place.seconds);
  }

  truncate(length: number): void {
    for (const column of [this.steps, this.evaluations, this.work, this.seconds]) column.truncate(length);
  }

  /** How many places lie before a step. */
  before(step: number): number {
    return lowerBound(this.steps, step);
  }

  /** The last place no later than `step`, at that step. */
  at(step: number, seconds: number): Place {
    const index = this.before(step + 1) - 1;
    const known = (column: Column) => (index < 0 ? 0 : column.at(index));
    return { step, seconds, work: known(this.work), evaluations: known(this.evaluations) };
  }
}

export interface Place {
  readonly step: number;
  readonly evaluations: number;
  readonly work: number;
  readonly seconds: number;
}
