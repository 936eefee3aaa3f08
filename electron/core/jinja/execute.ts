import { AppError } from '../../shared/errors.ts';
import type { FilterExpr, ForStmt, Stmt, Target, Template, WithStmt } from './ast.ts';
import { Evaluator } from './evaluate.ts';
import { TemplateFault } from './fault.ts';
import { Loop } from './loop.ts';
import { limits, type Meter } from './meter.ts';
import { parseTemplate } from './parse.ts';
import { Scope } from './scope.ts';
import { namesOf, Symbols } from './symbols.ts';
import { str } from './text.ts';
import { iterate, listOf, Namespace, Stream, typeName, Undefined, type Value } from './values.ts';

interface IncludedFile {
  /** What errors call it. */
  file: string;
  text: string;
}
/** Gives the text of an included template, or null when there is none of that name. */
export type ReadInclude = (name: string) => IncludedFile | null;

/** What the templates of one rendering share. */
interface Rendering {
  meter: Meter;
  read: ReadInclude;
  /** Parsed includes by name. */
  parsed: Map<string, Template | null>;
  /** Characters of the includes read so far. */
  included: number;
  /** Names that a block sets later, by block. */
  own: WeakMap<object, Symbols>;
}

/** Renders a parsed template. @throws TemplateFault naming file and line */
export function execute(template: Template, context: ReadonlyMap<string, Value>, rendering: Rendering): string {
  return new Executor(template, context, rendering, null, 0).run();
}

class Executor {
  readonly #template: Template;
  readonly #context: ReadonlyMap<string, Value>;
  readonly #rendering: Rendering;
  readonly #depth: number;
  readonly #symbols: Symbols;
  readonly #evaluator: Evaluator;
  readonly #root: string[] = [];
  #output = this.#root;

  constructor(
    template: Template,
    context: ReadonlyMap<string, Value>,
    rendering: Rendering,
    parent: Scope | null,
    depth: number,
  ) {
    this.#template = template;
    this.#context = context;
    this.#rendering = rendering;
    this.#depth = depth;
    this.#symbols = this.#symbolsOf(template, () => new Symbols(null, rendering.meter).visit(template.body));
    this.#evaluator = new Evaluator(new Scope(parent, this.#symbols.own, true), context, rendering.meter);
  }

  run(): string {
    try {
      this.#body(this.#template.body, this.#symbols);
    } catch (error) {
      throw faultOf(error).at(this.#template.file, this.#evaluator.line);
    }
    return this.#root.join('');
  }

  #symbolsOf(block: object, make: () => Symbols): Symbols {
    const known = this.#rendering.own.get(block);
    if (known) return known;
    const symbols = make();
    this.#rendering.own.set(block, symbols);
    return symbols;
  }

  #write(text: string): void {
    this.#rendering.meter.text(text.length);
    this.#output.push(text);
  }

  #body(body: readonly Stmt[], symbols: Symbols): void {
    for (const stmt of body) this.#statement(stmt, symbols);
  }

  #statement(stmt: Stmt, symbols: Symbols): void {
    const evaluator = this.#evaluator;
    this.#rendering.meter.step();
    evaluator.line = stmt.line;
    switch (stmt.type) {
      case 'text':
        this.#write(stmt.text);
        break;
      case 'output':
        this.#write(evaluator.text(stmt.expr));
        break;
      case 'if': {
        const branch = stmt.branches.find(({ test }) => evaluator.isTrue(test));
        this.#body(branch ? branch.body : stmt.otherwise, symbols);
        break;
      }
      case 'for':
        this.#for(stmt, symbols);
        break;
      case 'set':
        this.#assign(stmt.target, evaluator.value(stmt.value));
        break;
      case 'capture':
        this.#assign(stmt.target, this.#captured(stmt, stmt.body, symbols, stmt.filter));
        break;
      case 'filtered':
        this.#write(str(this.#captured(stmt, stmt.body, symbols, stmt.filter), this.#rendering.meter));
        break;
      case 'with':
        this.#with(stmt, symbols);
        break;
      case 'include':
        this.#include(evaluator.value(stmt.template), stmt.ignoreMissing, stmt.withContext);
    }
  }

  #with(stmt: WithStmt, symbols: Symbols): void {
    const values = stmt.values.map((value) => this.#evaluator.value(value));
    const inner = this.#symbolsOf(stmt, () => {
      const made = new Symbols(symbols, this.#rendering.meter);
      for (const target of stmt.targets) made.give(target);
      return made.visit(stmt.body);
    });
    this.#within(inner, () => {
      for (const [index, target] of stmt.targets.entries()) this.#assign(target, values[index] ?? null);
      this.#body(stmt.body, inner);
    });
  }

  /** Runs something in a scope of its own. */
  #within<T>({ own }: Symbols, work: () => T): T {
    const evaluator = this.#evaluator;
    const before = evaluator.scope;
    evaluator.scope = new Scope(before, own);
    try {
      return work();
    } finally {
      evaluator.scope = before;
    }
  }

  #captured(block: object, body: readonly Stmt[], symbols: Symbols, filter: FilterExpr | null): Value {
    const inner = this.#symbolsOf(block, () => new Symbols(symbols, this.#rendering.meter).visit(body));
    const before = this.#output;
    this.#output = [];
    return this.#within(inner, () => {
      this.#body(body, inner);
      const text = this.#output.join('');
      this.#output = before;
      return filter === null ? text : this.#filtered(filter, text);
    });
  }

  /** A chain of filters that has a text for its first input. */
  #filtered(filter: FilterExpr, text: string): Value {
    const input = filter.input?.type === 'filter' ? this.#filtered(filter.input, text) : text;
    this.#evaluator.line = filter.line;
    return this.#evaluator.filter(filter.name, input, this.#evaluator.args(filter.args));
  }

  #for(stmt: ForStmt, symbols: Symbols): void {
    const { meter } = this.#rendering;
    const evaluator = this.#evaluator;
    const value = evaluator.value(stmt.iterable);
    const chosen = stmt.test === null ? value : new Stream(this.#chosen(stmt, evaluator.scope, iterate(value, meter)));
    const inner = this.#symbolsOf(stmt, () => {
      const made = new Symbols(symbols, meter);
      if (stmt.usesLoop) made.give({ kind: 'name', name: 'loop' });
      made.give(stmt.target);
      return made.visit(stmt.body);
    });
    const loop = stmt.usesLoop ? new Loop(chosen, meter) : null;
    let empty = true;
    for (const item of loop ?? iterate(chosen, meter)) {
      empty = false;
      evaluator.line = stmt.line;
      this.#within(inner, () => {
        this.#assign(stmt.target, item);
        if (loop) evaluator.scope.vars.set('loop', loop);
        this.#body(stmt.body, inner);
      });
    }
    if (!empty || stmt.otherwise.length === 0) return;
    const other = this.#symbolsOf(stmt.otherwise, () => new Symbols(symbols, meter).visit(stmt.otherwise));
    this.#within(other, () => this.#body(stmt.otherwise, other));
  }

  /** Values the loop's test lets through. It may be asked from inside the body, but judges in the scope around the loop. */
  *#chosen({ test, target }: ForStmt, around: Scope, values: Iterable<Value>): Generator<Value> {
    const evaluator = this.#evaluator;
    for (const value of values) {
      const before = evaluator.scope;
      evaluator.scope = new Scope(around, namesOf(target));
      this.#assign(target, value);
      const yes = test !== null && evaluator.isTrue(test);
      evaluator.scope = before;
      if (yes) yield value;
    }
  }

  #assign(target: Target, value: Value): void {
    const evaluator = this.#evaluator;
    if (target.kind === 'name') {
      evaluator.scope.vars.set(target.name, value);
    } else if (target.kind === 'attribute') {
      const namespace = evaluator.name(target.object);
      if (!(namespace instanceof Namespace)) throw new TemplateFault(`“${target.object}” is no namespace()`);
      namespace.vars.set(target.name, value);
    } else {
      const values = listOf(value, this.#rendering.meter);
      if (values.length !== target.items.length) {
        throw new TemplateFault(`${values.length} values cannot be given to ${target.items.length} names`);
      }
      for (const [index, item] of target.items.entries()) this.#assign(item, values[index] ?? null);
    }
  }

  #include(name: Value, ignoreMissing: boolean, withContext: boolean): void {
    const { meter } = this.#rendering;
    if (name instanceof Undefined) throw name.fail();
    const names = typeof name === 'string' ? [name] : listOf(name, meter);
    const template = names.map((one) => (typeof one === 'string' ? this.#load(one) : null)).find((one) => one !== null);
    if (!template) {
      if (ignoreMissing) return;
      const asked = names.map((one) => `“${typeof one === 'string' ? one : typeName(one)}”`).join(' or ');
      throw new TemplateFault(`there is no include named ${asked || 'in an empty list'}`);
    }
    if (this.#depth >= limits.includes) {
      throw new TemplateFault(`includes are nested more than ${limits.includes} deep: does one include itself?`);
    }
    const parent = withContext ? this.#evaluator.scope : null;
    const context = withContext ? this.#context : new Map<string, Value>();
    const text = new Executor(template, context, this.#rendering, parent, this.#depth + 1).run();
    meter.text(text.length);
    // Jinja2 writes one without context past the block that captures it ({% filter %}, {% set %}).
    (withContext ? this.#output : this.#root).push(text);
  }

  #load(name: string): Template | null {
    const { parsed, read } = this.#rendering;
    const known = parsed.get(name);
    if (known !== undefined) return known;
    const found = readOrFault(read, name, this.#template.file, this.#evaluator.line);
    if (found) this.#rendering.included += found.text.length;
    if (this.#rendering.included > limits.source) {
      throw new TemplateFault(`its includes are larger than ${limits.source / 1024} KiB`);
    }
    const template = found && parseTemplate(found.file, found.text);
    parsed.set(name, template);
    return template;
  }
}

/** What cannot be read is the fault of the tag that includes it. */
export function readOrFault(read: ReadInclude, name: string, file: string, line: number): IncludedFile | null {
  try {
    return read(name);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new TemplateFault(error.message.replace(/\.$/, ''), error.hint ?? undefined).at(file, line);
  }
}

/** Beyond the stack or the memory of a string is a limit like the others. */
export function faultOf(error: unknown): TemplateFault {
  if (error instanceof TemplateFault) return error;
  if (error instanceof RangeError) return new TemplateFault('it is nested too deep, or makes something too large');
  throw error;
}
