/** A latch, which holds what a test delays until it is time. */
export class Latch {
  #open = () => {};
  /** Resolves when the latch is opened. */
  readonly opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  open(): void {
    this.#open();
  }
}
