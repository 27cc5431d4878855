/** What a page knows of a run, over all its connections. */
export class Page {
  /** The number of the newest event that has come, each after the one before it. */
  seq = 0;
  run: string | undefined;
  /** Whether the server had to wait for it. */
  wasFull = false;
  readonly faults: string[] = [];

  welcome(lastSeq: number, run: string | undefined): void {
    if (lastSeq !== 0 && lastSeq !== this.seq)
      this.faults.push(`${lastSeq} was taken for the newest, not ${this.seq}`);
    this.run = run;
    this.seq = lastSeq;
  }

  take(seq: number): void {
    if (seq !== this.seq + 1) this.faults.push(`event ${seq} came after event ${this.seq}`);
    this.seq = seq;
  }
}
