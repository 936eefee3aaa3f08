export interface CallNode {
  positional: Expr[];
  named: [string, Expr][];
  /** `*list` and `**mapping` of a call. */
  list: Expr | null;
  mapping: Expr | null;
}

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
export type BinaryOp = '+' | '-' | '*' | '/' | '//' | '%' | '**';

type ExprShape =
  | { type: 'const'; value: null | boolean | bigint | number | string }
  | { type: 'name'; name: string }
  | { type: 'tuple' | 'list' | 'concat'; items: Expr[] }
  | { type: 'dict'; pairs: [Expr, Expr][] }
  | { type: 'attribute'; object: Expr; name: string }
  | { type: 'item'; object: Expr; index: Expr }
  | { type: 'slice'; object: Expr; start: Expr | null; stop: Expr | null; step: Expr | null }
  | { type: 'call'; target: Expr; args: CallNode }
  | { type: 'filter'; input: Expr | null; name: string; args: CallNode }
  | { type: 'test'; input: Expr; name: string; args: CallNode }
  | { type: 'not' | 'negate' | 'plus'; operand: Expr }
  | { type: 'and' | 'or'; left: Expr; right: Expr }
  | { type: 'binary'; op: BinaryOp; left: Expr; right: Expr }
  | { type: 'compare'; first: Expr; rest: [CompareOp, Expr][] }
  | { type: 'condition'; test: Expr; then: Expr; otherwise: Expr | null };
export type Expr = ExprShape & { line: number };
export type FilterExpr = Extract<Expr, { type: 'filter' }>;

export type Target =
  | { kind: 'name'; name: string }
  | { kind: 'attribute'; object: string; name: string }
  | { kind: 'tuple'; items: Target[] };

export interface IfBranch {
  test: Expr;
  body: Stmt[];
}

export type StmtShape =
  | { type: 'text'; text: string }
  | { type: 'output'; expr: Expr }
  | { type: 'if'; branches: IfBranch[]; otherwise: Stmt[] }
  | ForShape
  | { type: 'set'; target: Target; value: Expr }
  | { type: 'capture'; target: Target; filter: FilterExpr | null; body: Stmt[] }
  | { type: 'filtered'; filter: FilterExpr; body: Stmt[] }
  | { type: 'with'; targets: Target[]; values: Expr[]; body: Stmt[] }
  | { type: 'include'; template: Expr; ignoreMissing: boolean; withContext: boolean };
export interface ForShape {
  type: 'for';
  target: Target;
  iterable: Expr;
  test: Expr | null;
  body: Stmt[];
  otherwise: Stmt[];
  /** The body names `loop`: only then Jinja2 makes one, which an include in it sees. */
  usesLoop: boolean;
}
export type Stmt = StmtShape & { line: number };
export type ForStmt = ForShape & { line: number };
export type WithStmt = Extract<Stmt, { type: 'with' }>;

export interface Template {
  file: string;
  body: Stmt[];
}

/** Every expression in these nodes, with those inside each other, in the order they are written. */
export function* expressionsOf(nodes: unknown): Generator<Expr> {
  const left = [nodes];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null) continue;
    if (isExpr(node)) yield node;
    for (const child of Object.values(node).reverse()) left.push(child);
  }
}

/** Every statement, with those inside each other. */
export function* statementsOf(body: readonly Stmt[]): Generator<Stmt> {
  for (const stmt of body) {
    yield stmt;
    if (stmt.type === 'if') {
      for (const branch of stmt.branches) yield* statementsOf(branch.body);
      yield* statementsOf(stmt.otherwise);
    } else if (stmt.type === 'for') {
      yield* statementsOf(stmt.body);
      yield* statementsOf(stmt.otherwise);
    } else if ('body' in stmt) yield* statementsOf(stmt.body);
  }
}

const statements = ['text', 'output', 'if', 'for', 'set', 'capture', 'filtered', 'with', 'include'];
const isExpr = (node: object): node is Expr =>
  'type' in node && typeof node.type === 'string' && !statements.includes(node.type);
