import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { typesModule } from '../../../build/sdk/python-types.mjs';
import { pythonModules } from '../../../build/sdk/write-python.mjs';

test('the types and errors of the Python SDK are those of the contract: node build/sdk/write-python.mjs', async () => {
  for (const [path, text] of Object.entries(await pythonModules())) {
    expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8'), path).toBe(text);
  }
});

const run = (script: string): string =>
  execFileSync('python3', ['-B', '-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, PYTHONPATH: join(import.meta.dirname, '../../../python/src') },
  });

test('the package can be imported', () => {
  expect(run('import tunel_client.aio, tunel_client.types\nprint("ok")')).toBe('ok\n');
});

test('a field whose name is a word of Python has its type all the same', () => {
  const text = { type: 'string' };
  const module = typesModule({
    Whole: { type: 'object', properties: { not: text, only: text }, required: ['not', 'only'] },
    Part: { type: 'object', properties: { id: text, from: text }, required: ['id'] },
    Plain: { type: 'object', properties: { id: text, more: text }, required: ['id'] },
  });
  const shown = run(`${module}
print([sorted(each.__annotations__) for each in (Whole, Part, Plain)], sorted(Part.__optional_keys__), sorted(Plain.__required_keys__))
`);
  expect(shown).toBe("[['not', 'only'], ['from', 'id'], ['id', 'more']] ['from'] ['id']\n");
});
