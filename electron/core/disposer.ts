/** Disposes what was opened, the newest first, also after a failure. Node 20 has no AsyncDisposableStack. */
export class Disposer {
  readonly #disposals: (() => unknown)[] = [];

  add(dispose: () => unknown): void {
    this.#disposals.push(dispose);
  }

  use<T extends { dispose(): unknown }>(resource: T): T {
    this.add(() => resource.dispose());
    return resource;
  }

  /** @throws the first failure, after everything else was disposed of */
  async dispose(): Promise<void> {
    const failures: unknown[] = [];
    for (const dispose of this.#disposals.splice(0).reverse()) {
      try {
        await dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
