import type { Expr } from '../jinja/ast.ts';
import { expressionsOf, statementsOf } from '../jinja/ast.ts';
import { type ReadInclude, readOrFault } from '../jinja/execute.ts';
import { limits } from '../jinja/meter.ts';
import { parseTemplate } from '../jinja/parse.ts';
import { templateInvalid } from './template.ts';

/**
 * Names of the arguments a template and its includes use: `args.NAME`, `args["NAME"]`, `args.get("NAME")`, in the order
 * they appear. Includes whose name is not written out, or that are not there, are passed over: rendering reports them.
 * @throws AppError `template-invalid` naming file and line; `recipe-invalid` for an include that leads out of its folder
 */
export function usedArgs(file: string, template: string, read: ReadInclude): string[] {
  const names = new Set<string>();
  let left: number = limits.source;
  const seen = new Set<string>();
  const visit = (at: string, text: string): void => {
    try {
      const { body } = parseTemplate(at, text);
      for (const expr of expressionsOf(body)) {
        const name = argOf(expr);
        if (name !== null) names.add(name);
      }
      for (const stmt of statementsOf(body)) {
        if (stmt.type === 'include') {
          for (const name of writtenNames(stmt.template)) include(name, at, stmt.line);
        }
      }
    } catch (error) {
      throw templateInvalid(at, error);
    }
  };
  const include = (name: string, at: string, line: number): void => {
    if (seen.has(name) || seen.size > maxIncludes) return;
    seen.add(name);
    const found = readOrFault(read, name, at, line);
    left -= found?.text.length ?? 0;
    if (found && left >= 0) visit(found.file, found.text);
  };
  visit(file, template);
  return [...names];
}

const maxIncludes = limits.includes * 10;
const isArgs = (expr: Expr): boolean => expr.type === 'name' && expr.name === 'args';
const dictMethods = new Set(['copy', 'get', 'items', 'keys', 'pop', 'setdefault', 'update', 'values']);

function argOf(expr: Expr): string | null {
  if (expr.type === 'attribute' && isArgs(expr.object)) return dictMethods.has(expr.name) ? null : expr.name;
  if (expr.type === 'item' && isArgs(expr.object)) return writtenNames(expr.index)[0] ?? null;
  if (expr.type !== 'call' || expr.target.type !== 'attribute') return null;
  const { object, name } = expr.target;
  const [first] = expr.args.positional;
  return isArgs(object) && name === 'get' && first ? (writtenNames(first)[0] ?? null) : null;
}

function writtenNames(expr: Expr): string[] {
  if (expr.type === 'const') return typeof expr.value === 'string' ? [expr.value] : [];
  return expr.type === 'list' || expr.type === 'tuple' ? expr.items.flatMap(writtenNames) : [];
}
