import { TemplateFault } from './fault.ts';

/** What one rendering may cost. Real recipes stay thousands of times below; a hostile one is refused well within a second. */
export const limits = {
  /** Characters of one template, and of all its includes together. */
  source: 256 * 1024,
  /** Characters of the rendered script. */
  output: 1024 * 1024,
  /** Evaluated nodes, loop rounds, elements made. */
  steps: 200_000,
  /** Characters made or searched, over all strings. */
  characters: 4 * 1024 * 1024,
  /** Templates within templates. */
  includes: 20,
  /** Tags or brackets within each other. */
  nesting: 100,
  /** Operators, attributes or filters in a row. */
  chain: 500,
  /** Characters of a dictionary's key as it is looked up; a tuple's grows with each tuple within it. */
  key: 2000,
  /** Python 3.11 prints no longer integers either. */
  digits: 4300,
} as const;

/** Counts what a rendering costs and ends it beyond the limits. */
export class Meter {
  #steps = 0;
  #characters = 0;

  step(count = 1): void {
    this.#steps += count;
    if (!(this.#steps <= limits.steps)) {
      throw new TemplateFault(`it takes more than ${limits.steps} steps`, 'A loop or a list in it is too long.');
    }
  }

  /** Called before a string of this length is made or searched; returns the length. */
  text(length: number): number {
    this.#characters += length;
    if (!(this.#characters <= limits.characters)) {
      throw new TemplateFault(
        `it makes more than ${limits.characters / 1024 / 1024} Mi characters of text`,
        'A repetition in it is too long.',
      );
    }
    return length;
  }
}
