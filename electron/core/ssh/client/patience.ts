/** Stops while the user is asked: only the server's own silence counts. */
export class Patience {
  #timer: NodeJS.Timeout | undefined;
  #asking = 0;
  #again: () => void = () => undefined;

  /** Starts over: after `seconds` without another call `onSilence` runs. */
  expect(seconds: number, onSilence: () => void): void {
    clearTimeout(this.#timer);
    this.#again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onSilence, seconds * 1000);
    };
    if (this.#asking === 0) this.#again();
  }

  async whileAsking<T>(question: () => Promise<T>): Promise<T> {
    this.#asking++;
    clearTimeout(this.#timer);
    try {
      return await question();
    } finally {
      this.#asking--;
      if (this.#asking === 0) this.#again();
    }
  }

  get asking(): boolean {
    return this.#asking > 0;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#again = () => undefined;
  }
}
