/** Holds what a test delays until it is time. */
export class Gate {
  #open = () => {};
  /** Resolves when the gate is opened. */
  readonly opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  open(): void {
    this.#open();
  }
}
