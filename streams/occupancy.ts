/** Whoever works with what a run owns enters and leaves; what is to be freed is freed when nobody is inside. */
export class Occupancy<How> {
  #inside = 0;
  #closing: { readonly how: How } | null = null;

  constructor(private readonly free: (how: How) => void) {}

  get busy(): boolean {
    return this.#inside > 0;
  }

  enter(): void {
    this.#inside++;
  }

  leave(): void {
    this.#inside--;
    if (this.#closing !== null && this.#inside === 0) this.free(this.#closing.how);
  }

  /** Frees as soon as nobody is inside; the first call counts. */
  close(how: How): void {
    if (this.#closing !== null) return;
    this.#closing = { how };
    if (this.#inside === 0) this.free(how);
  }
}
