import { Undefined, type Value } from './values.ts';

/** Names of one block (a template, a loop's body, ...) within those around it. */
export class Scope {
  /** undefined: the block sets this name later; until then it is undefined here, see symbols.ts. */
  readonly vars: Map<string, Value | undefined>;
  readonly #parent: Scope | null;
  /** The first scope of an included template: names not set yet outside of it count for nothing in it. */
  readonly #included: boolean;

  constructor(parent: Scope | null, own: Iterable<string> = [], included = false) {
    this.#parent = parent;
    this.#included = included;
    this.vars = new Map(Array.from(own, (name) => [name, undefined]));
  }

  /** undefined: no block has the name. */
  find(name: string): Value | undefined {
    let inside = true;
    for (let scope: Scope | null = this; scope !== null; scope = scope.#parent) {
      const value = scope.vars.get(name);
      if (value !== undefined) return value;
      if (inside && scope.vars.has(name)) return new Undefined(`“${name}” is undefined`);
      if (scope.#included) inside = false;
    }
    return undefined;
  }
}
