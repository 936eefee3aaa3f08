import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonModules } from '../../../build/sdk/write-python.mjs';

test('the types and errors of the Python SDK are those of the contract: node build/sdk/write-python.mjs', async () => {
  for (const [path, text] of Object.entries(await pythonModules())) {
    expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8'), path).toBe(text);
  }
});
