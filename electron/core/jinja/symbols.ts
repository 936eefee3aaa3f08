import { type Expr, expressionsOf, type Stmt, type Target } from './ast.ts';
import type { Meter } from './meter.ts';

/**
 * Jinja2 decides while compiling where a name comes from. A name that a block sets before it reads it, and that no
 * block around it sets, is the block's own from its first line: until it is set it is undefined, whatever the context
 * says. This finds those names; all others are looked up as one would think. (jinja2/idtracking.py)
 */
export class Symbols {
  readonly #parent: Symbols | null;
  readonly #meter: Meter;
  /** name -> where its first value comes from */
  #loads = new Map<string, 'own' | 'outside' | 'given'>();
  #stores = new Set<string>();
  #own: string[] | null = null;

  constructor(parent: Symbols | null, meter: Meter) {
    this.#parent = parent;
    this.#meter = meter;
  }

  /** Names that are undefined until the block sets them; asked for when the block was visited. */
  get own(): readonly string[] {
    this.#own ??= [...this.#loads].filter(([, from]) => from === 'own').map(([name]) => name);
    return this.#own;
  }

  has(name: string): boolean {
    return this.#loads.has(name) || (this.#parent?.has(name) ?? false);
  }

  give(target: Target): void {
    for (const name of namesOf(target)) {
      this.#stores.add(name);
      this.#loads.set(name, 'given');
    }
  }

  read(...exprs: (Expr | null)[]): void {
    for (const expr of expressionsOf(exprs)) {
      if (expr.type === 'name' && !this.has(expr.name)) this.#loads.set(expr.name, 'outside');
    }
  }

  #set(target: Target): void {
    if (target.kind === 'attribute') {
      if (!this.has(target.object)) this.#loads.set(target.object, 'outside');
      return;
    }
    for (const name of namesOf(target)) {
      this.#stores.add(name);
      if (!this.#loads.has(name)) this.#loads.set(name, this.#parent?.has(name) ? 'outside' : 'own');
    }
  }

  /** What lies in blocks of their own (a loop's body, say) is left out: they have symbols of their own. */
  visit(body: readonly Stmt[]): this {
    for (const stmt of body) {
      if (stmt.type === 'output') this.read(stmt.expr);
      else if (stmt.type === 'include') this.read(stmt.template);
      else if (stmt.type === 'for') this.read(stmt.iterable);
      else if (stmt.type === 'with') this.read(...stmt.values);
      else if (stmt.type === 'filtered') this.read(stmt.filter);
      else if (stmt.type === 'capture') this.#set(stmt.target);
      else if (stmt.type === 'set') {
        this.read(stmt.value);
        this.#set(stmt.target);
      } else if (stmt.type === 'if') this.#visitIf(stmt.branches, stmt.otherwise);
    }
    return this;
  }

  #visitIf(branches: readonly { test: Expr; body: Stmt[] }[], otherwise: readonly Stmt[]): void {
    const [first, ...elifs] = branches;
    if (!first) return;
    this.read(first.test);
    // Jinja2 takes all elif branches as one.
    const others = this.#copy();
    // Each is an `if` of its own in there.
    for (const elif of elifs) others.#visitIf([elif], []);
    const copies = [this.#copy().visit(first.body), others, this.#copy().visit(otherwise)];
    const counts = new Map<string, number>();
    for (const copy of copies) {
      for (const name of copy.#stores) if (!this.#stores.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const copy of copies) {
      for (const [name, from] of copy.#loads) this.#loads.set(name, from);
      for (const name of copy.#stores) this.#stores.add(name);
    }
    for (const [name, count] of counts) if (count < copies.length) this.#loads.set(name, 'outside');
  }

  #copy(): Symbols {
    this.#meter.step(1 + this.#loads.size);
    const copy = new Symbols(this.#parent, this.#meter);
    copy.#loads = new Map(this.#loads);
    copy.#stores = new Set(this.#stores);
    return copy;
  }
}

export function namesOf(target: Target): string[] {
  if (target.kind === 'tuple') return target.items.flatMap(namesOf);
  return target.kind === 'name' ? [target.name] : [];
}
