import {
  type Expr,
  expressionsOf,
  type FilterExpr,
  type ForShape,
  type IfBranch,
  type Stmt,
  type StmtShape,
  statementsOf,
  type Target,
  type Template,
} from './ast.ts';
import { unsupported } from './fault.ts';
import { ExpressionParser } from './parse-expression.ts';

const without = new Set([
  'block',
  'extends',
  'macro',
  'import',
  'from',
  'call',
  'autoescape',
  'do',
  'break',
  'continue',
  'trans',
  'debug',
]);

/** @throws TemplateFault naming file and line */
export function parseTemplate(file: string, source: string): Template {
  return new Parser(file, source).template();
}

class Parser extends ExpressionParser {
  template(): Template {
    const body = this.statements([]);
    const [fault] = this.unknown;
    if (fault) throw fault;
    return { file: this.file, body };
  }

  /** Up to one of the end tags, whose name is then the current token. */
  private statements(ends: readonly string[]): Stmt[] {
    const body: Stmt[] = [];
    for (;;) {
      const { type, value, line } = this.next();
      if (type === 'data') body.push({ type: 'text', text: value, line });
      else if (type === 'variable_begin') {
        body.push({ type: 'output', expr: this.tuple(), line });
        this.expect('variable_end');
      } else if (type === 'block_begin') {
        if (this.current.type === 'name' && ends.includes(this.current.value)) return body;
        body.push(...this.nested(() => this.statement()).map((stmt) => ({ ...stmt, line })));
        this.expect('block_end');
      } else {
        if (ends.length === 0) return body;
        throw this.fail(`the file ends before {% ${ends.join(' %} or {% ')} %}`);
      }
    }
  }

  /** After a tag's head: its body and the end tag. */
  private body(...ends: string[]): Stmt[] {
    this.skip('operator', ':');
    this.expect('block_end');
    return this.statements(ends);
  }

  private bodyToEnd(end: string): Stmt[] {
    const body = this.body(end);
    this.next();
    return body;
  }

  private statement(): StmtShape[] {
    const tag = this.expect('name').value;
    switch (tag) {
      case 'if':
        return [this.lookedUpLate(() => this.if())];
      case 'for':
        return [this.for()];
      case 'set':
        return [this.set()];
      case 'include':
        return [this.include()];
      case 'with':
        return [this.with()];
      case 'filter':
        return [this.lookedUpNow(() => this.filtered())];
      case 'print':
        return this.print();
      default:
        if (without.has(tag)) throw unsupported(`{% ${tag} %}`).at(this.file, this.current.line);
        throw this.fail(`here is no place for {% ${tag} %}`);
    }
  }

  private if(): StmtShape {
    const branches: IfBranch[] = [];
    for (;;) {
      const test = this.tuple({ condition: false });
      branches.push({ test, body: this.body('elif', 'else', 'endif') });
      const { value } = this.next();
      if (value === 'elif') continue;
      return { type: 'if', branches, otherwise: value === 'else' ? this.bodyToEnd('endif') : [] };
    }
  }

  private for(): StmtShape {
    const target = this.target('in');
    this.expect('name', 'in');
    const iterable = this.tuple({ condition: false, end: 'recursive' });
    return this.lookedUpNow(() => this.loop(target, iterable));
  }

  private loop(target: Target, iterable: Expr): StmtShape {
    const test = this.skip('name', 'if') ? this.expression() : null;
    if (this.is('name', 'recursive')) throw unsupported('{% for ... recursive %}').at(this.file, this.current.line);
    const body = this.body('endfor', 'else');
    const otherwise = this.next().value === 'else' ? this.bodyToEnd('endfor') : [];
    const shape: ForShape = { type: 'for', target, iterable, test, body, otherwise, usesLoop: namesLoop(body) };
    if (setsLoop([{ ...shape, line: 0 }])) throw this.fail('“loop” cannot be set inside {% for %}');
    return shape;
  }

  private filtered(): StmtShape {
    const filter = this.filter(null, true);
    if (filter === null) throw this.unexpected('a filter');
    return { type: 'filtered', filter, body: this.bodyToEnd('endfilter') };
  }

  private set(): StmtShape {
    const target = this.target(undefined, true);
    if (this.skip('operator', '=')) return { type: 'set', target, value: this.tuple() };
    return this.lookedUpNow(() => {
      const filter: FilterExpr | null = this.filter(null);
      return { type: 'capture', target, filter, body: this.bodyToEnd('endset') };
    });
  }

  private include(): StmtShape {
    const template = this.expression();
    const ignoreMissing = this.is('name', 'ignore') && this.ahead.value === 'missing';
    if (ignoreMissing) {
      this.next();
      this.next();
    }
    let withContext = true;
    if ((this.is('name', 'with') || this.is('name', 'without')) && this.ahead.value === 'context') {
      withContext = this.next().value === 'with';
      this.next();
    }
    return { type: 'include', template, ignoreMissing, withContext };
  }

  private with(): StmtShape {
    const targets: Target[] = [];
    const values: Expr[] = [];
    while (!this.is('block_end')) {
      if (targets.length > 0) this.expect('operator', ',');
      targets.push(this.target());
      this.expect('operator', '=');
      values.push(this.expression());
    }
    return { type: 'with', targets, values, body: this.lookedUpNow(() => this.bodyToEnd('endwith')) };
  }

  private print(): StmtShape[] {
    const outputs: StmtShape[] = [];
    while (!this.is('block_end')) {
      if (outputs.length > 0) this.expect('operator', ',');
      outputs.push({ type: 'output', expr: this.expression() });
    }
    return outputs;
  }

  private target(end?: string, withNamespace = false): Target {
    if (withNamespace && this.ahead.type === 'operator' && this.ahead.value === '.') {
      const object = this.expect('name').value;
      this.next();
      return { kind: 'attribute', object, name: this.expect('name').value };
    }
    return this.assignable(this.tuple({ simple: true, ...(end === undefined ? {} : { end }) }));
  }

  private assignable(expr: Expr): Target {
    if (expr.type === 'name') return { kind: 'name', name: expr.name };
    if (expr.type === 'tuple') return { kind: 'tuple', items: expr.items.map((item) => this.assignable(item)) };
    throw this.fail('only a name, or several, can be set');
  }
}

function namesLoop(body: readonly Stmt[]): boolean {
  for (const expr of expressionsOf(body)) if (expr.type === 'name' && expr.name === 'loop') return true;
  return false;
}

function setsLoop(body: readonly Stmt[]): boolean {
  const names = (target: Target): boolean =>
    target.kind === 'tuple' ? target.items.some(names) : target.kind === 'name' && target.name === 'loop';
  for (const stmt of statementsOf(body)) if ('target' in stmt && names(stmt.target)) return true;
  return false;
}
