import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { AppError } from '../../shared/errors.ts';

const constants = { true: true, True: true, false: false, False: false, none: null, None: null };
const maxDepth = 10;
const maxBytes = 1024 * 1024;

/** Gives the text of an included file, or null when there is none of that name. */
export type ReadInclude = (name: string) => string | null;

/**
 * Jinja2 as Tunel's recipes use it: no autoescape, no block trimming, one final newline stripped, undefined is empty,
 * falsy and iterable, booleans print `True` and `False`. Nothing of the template runs: it is interpreted.
 * @throws AppError `template-invalid` naming the file.
 */
export function renderTemplate(
  file: string,
  template: string,
  context: Readonly<Record<string, unknown>>,
  readInclude: ReadInclude,
): string {
  const source = expandIncludes(file, template, readInclude, []);
  if (source.length > maxBytes) throw invalid(file, `is larger than ${maxBytes / 1024} KiB with its includes`);
  try {
    const program = parse(tokenize(source));
    makeLoopsTolerant(program);
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...constants, ...context }))
      spellBooleans(environment.set(name, value));
    const result: unknown = new Interpreter(environment).run(program);
    if (!hasStringValue(result)) throw new Error('the template gave no text');
    return result.value;
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function invalid(file: string, reason: string, cause?: unknown): AppError {
  return new AppError('template-invalid', `The template ${file} cannot be rendered: ${reason}.`, {
    hint: 'Mend the template, then reload the recipes.',
    cause,
  });
}

const tag =
  /\{#[\s\S]*?#\}|\{%-?\s*raw\s*-?%\}[\s\S]*?\{%-?\s*endraw\s*-?%\}|\{%(-?)\s*include\s+(?:"([^"]*)"|'([^']*)')\s*(?:ignore missing\s*)?(?:with(?:out)? context\s*)?(-?)%\}/g;

/** Include tags are replaced by the text they name: the interpreter knows no files. Comments and raw blocks stay as they are. */
function expandIncludes(file: string, template: string, readInclude: ReadInclude, chain: readonly string[]): string {
  return template.replace(tag, (whole: string, open?: string, double?: string, single?: string, close?: string) => {
    const name = double ?? single;
    if (name === undefined) return whole;
    if (chain.includes(name) || chain.length >= maxDepth) {
      throw invalid(file, `it includes itself: ${[...chain, name].join(' → ')}`);
    }
    const text = readInclude(name);
    if (text === null) throw invalid(file, `there is no include named “${name}”`);
    const inner = expandIncludes(name, text.replace(/\n$/, ''), readInclude, [...chain, name]);
    // An `if` carries the whitespace control of the tag on both sides and adds nothing of its own.
    return `{%${open} if true %}${inner}{% endif ${close}%}`;
  });
}

interface Node {
  type: string;
}

/** `for x in undefined` is an empty loop in Jinja2 and an error in this library: the iterable becomes `iterable or []`. */
function makeLoopsTolerant(node: unknown): void {
  if (Array.isArray(node)) {
    for (const child of node) makeLoopsTolerant(child);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (isNode(node) && node.type === 'For' && 'iterable' in node) {
    const iterable: unknown = node.iterable;
    const tolerant = (left: unknown) => ({
      type: 'BinaryExpression',
      operator: { value: 'or', type: 'Identifier' },
      left,
      right: { type: 'ArrayLiteral', value: [] },
    });
    if (typeof iterable === 'object' && iterable !== null && 'lhs' in iterable) {
      iterable.lhs = tolerant(iterable.lhs);
    } else {
      node.iterable = tolerant(iterable);
    }
  }
  for (const child of Object.values(node)) makeLoopsTolerant(child);
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}

/** Python prints `True`, this library `true`; its values print themselves, so each boolean of the context is told how. */
function spellBooleans(value: unknown): void {
  if (typeof value !== 'object' || value === null || !('value' in value)) return;
  const inner: unknown = value.value;
  if (typeof inner === 'boolean') {
    Object.defineProperty(value, 'toString', { value: () => (inner ? 'True' : 'False') });
  } else if (inner instanceof Map || Array.isArray(inner)) {
    for (const child of inner.values()) spellBooleans(child);
  }
}

function hasStringValue(value: unknown): value is { value: string } {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string';
}
