import type { KeyInput } from './view-keys-policy.ts';

/** How long Escape is held to leave the full screen, ms. A tap is the app's: editors and desktops live by it. */
const holdTime = 1000;

/** Watches the keys of a view and calls `held` once Escape was down for a while. */
export class HeldEscape {
  readonly #held: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(held: () => void) {
    this.#held = held;
  }

  /** A key that repeats goes on being held; any other key, or letting go, breaks it off. */
  take(input: Pick<KeyInput, 'type' | 'key'>): void {
    const isDown = input.type === 'keyDown' || input.type === 'rawKeyDown';
    if (input.key === 'Escape' && isDown) {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#held();
      }, holdTime);
    } else if (input.key === 'Escape' || isDown) this.stop();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
