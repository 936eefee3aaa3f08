import type { FolderLook } from './folder-look.ts';

export interface PythonFile {
  /** Below the folder. */
  file: string;
  /** As Python imports it from the folder, or from `src` of it. */
  module: string;
  text: string;
}

const isTest = (name: string): boolean =>
  /(^|\/)(tests?|docs?|examples?|build|dist)\//.test(name) ||
  /(^|\/)(test_\w*|\w*_test|tests|setup|conftest|noxfile)\.py$/.test(name);

/** Python files that may hold an app: no tests, and nothing deeper than a package below `src`. */
export function pythonFiles({ names, heads }: FolderLook): PythonFile[] {
  return names
    .filter((name) => /^(?:src\/)?[A-Za-z_]\w*(\/[A-Za-z_]\w*)?\.py$/.test(name) && !isTest(name))
    .map((file) => ({ file, module: moduleOf(file), text: heads.get(file) ?? '' }));
}

export const moduleOf = (file: string): string =>
  file
    .replace(/^\.\//, '')
    .replace(/^src\//, '')
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .replaceAll('/', '.');

export const importsModule = (text: string, name: string): boolean =>
  new RegExp(`^\\s*(?:import|from)\\s+${name}\\b`, 'm').test(text);

/** Whether another file of the folder imports this one: then it is a part of that app, not the app. */
export const isImported = ({ file, module }: PythonFile, others: readonly PythonFile[]): boolean =>
  others.some((other) => other.file !== file && importsModule(other.text, module.replaceAll('.', '\\.')));

interface Made {
  /** The variable, or a call of the function that makes it. */
  name: string;
  isFactory: boolean;
}

/**
 * What a file has for a server: a variable made by the class, one made by a function that makes it (of this file or of
 * another of the folder), else a function that makes it without being given anything.
 */
export function findApp(file: PythonFile, all: readonly PythonFile[], className: string): Made | null {
  const { text } = file;
  const direct = new RegExp(`^(\\w+)\\s*(?::[^=\\n]+)?=\\s*(?:\\w+\\.)?${className}\\(`, 'm').exec(text)?.[1];
  if (direct) return { name: direct, isFactory: false };
  const own = factoriesOf(text, className);
  const imported = [...text.matchAll(/^from\s+\.?([\w.]*)\s+import\s+([^\n#]+)/gm)].flatMap(
    ([, module, names = '']) => {
      const origin = all.find((other) => other.module === module || other.module.endsWith(`.${module}`));
      const made = origin ? factoriesOf(origin.text, className).map(({ name }) => name) : [];
      return names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => made.includes(name));
    },
  );
  const known = [...own.map(({ name }) => name), ...imported];
  for (const [, variable = '', callee = ''] of text.matchAll(/^(\w+)\s*(?::[^=\n]+)?=\s*(\w+)\(/gm)) {
    if (known.includes(callee)) return { name: variable, isFactory: false };
  }
  const free = own.find(({ needs }) => !needs);
  return free ? { name: `${free.name}()`, isFactory: true } : null;
}

/** Functions at the top of a file whose body makes the app, and whether they must be given something. */
function factoriesOf(text: string, className: string): { name: string; needs: boolean }[] {
  const makes = new RegExp(`\\b${className}\\(`);
  return [...text.matchAll(/^(?:async )?def (\w+) ?\(/gm)].flatMap(({ 0: head, 1: name = '', index }) => {
    const rest = text.slice(index + head.length);
    const parameters = rest.slice(0, Math.max(0, rest.indexOf(')')));
    const body = rest.slice(parameters.length + 1);
    const end = body.search(/\n[^\s#)]/);
    if (!makes.test(end < 0 ? body : body.slice(0, end))) return [];
    return [{ name, needs: parameters.split(',').some(isRequired) }];
  });
}

const isRequired = (parameter: string): boolean => /^\s*[A-Za-z_]/.test(parameter) && !parameter.includes('=');
