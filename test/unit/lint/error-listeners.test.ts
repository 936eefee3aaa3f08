import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

test('no error listener leaves with the first error: a second one would end the process', () => {
  const found = ['electron', 'cli'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => path.endsWith('.ts') && /\.once\(\s*'error'/.test(readFileSync(join(root, path), 'utf8'))),
  );
  expect(found).toEqual([]);
});
