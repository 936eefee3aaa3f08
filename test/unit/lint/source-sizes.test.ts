import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionSizes } from './source-sizes.ts';

/** A function fits a screen. */
const FUNCTION_LIMIT = 60;
const FILE_LIMIT = 350;

const root = join(import.meta.dirname, '../../..');

test('no function is longer than a screen, and no file longer than 350 lines', () => {
  expect(tooLarge()).toEqual({});
});

test('a function is measured from its first line to its last, nested ones too', () => {
  const source =
    'export const made = {\n  run() {\n    return () => {\n      f();\n    };\n  },\n};\nfunction f(): void {}\n';
  expect(functionSizes('a.ts', source)).toEqual([
    { name: 'run', line: 2, lines: 5 },
    { name: 'run', line: 3, lines: 3 },
    { name: 'f', line: 8, lines: 1 },
  ]);
});

function tooLarge(): Record<string, number> {
  const found: Record<string, number> = {};
  for (const file of sourceFiles()) {
    const source = readFileSync(join(root, file), 'utf8');
    const lines = source.trimEnd().split('\n').length;
    if (lines > FILE_LIMIT) found[file] = lines;
    for (const { name, lines } of functionSizes(file, source)) {
      const key = `${file} ${name}`;
      if (lines > FUNCTION_LIMIT) found[key] = Math.max(lines, found[key] ?? 0);
    }
  }
  return found;
}

function sourceFiles(): string[] {
  return ['electron', 'renderer', 'cli', 'sdk', 'build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.(tsx?|mjs|js)$/.test(path))
      .sort(),
  );
}
