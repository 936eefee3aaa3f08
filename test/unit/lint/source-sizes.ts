import { parseAst } from 'vite';

export interface FunctionSize {
  /** Its own name, or that of what holds it. */
  name: string;
  line: number;
  lines: number;
}

/** Every function of a TypeScript or JavaScript file, nested ones too, from its first line to its last. */
export function functionSizes(file: string, source: string): FunctionSize[] {
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length;
  const found: FunctionSize[] = [];
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each, name);
      return;
    }
    if (!isNode(value)) return;
    const own = nameOf(value.id) ?? nameOf(value.key) ?? name;
    if (/Function/.test(value.type) && isNode(value.body)) {
      const line = lineAt(value.start);
      found.push({ name: own, line, lines: lineAt(value.end) - line + 1 });
    }
    for (const each of Object.values(value)) visit(each, own);
  };
  visit(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file).body, 'anonymous');
  return found;
}

type Node = Record<string, unknown> & { type: string; start: number; end: number };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function nameOf(value: unknown): string | null {
  return isNode(value) && typeof value.name === 'string' ? value.name : null;
}
