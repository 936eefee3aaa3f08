import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../../cli/program.ts';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));

const leaves = ({ commands }: Command, above: string): string[] =>
  commands.length === 0 ? [above] : commands.flatMap((each) => leaves(each, `${above} ${each.name()}`.trim()));

test('the page has a row with an example for each command, and for no other', () => {
  const commands = leaves(createProgram(), '');
  const named = rows.map((row) => /^\| `([a-z -]+)`/.exec(row)?.[1]);
  expect(named).toEqual(expect.arrayContaining(commands));
  expect(named.filter((name) => !commands.includes(name ?? ''))).toEqual([]);
  for (const row of rows) expect(row).toMatch(/\| `tunel [^`]+` \|$/);
});

test('what the examples call is there', () => {
  const program = createProgram();
  for (const row of rows) {
    const name = /^\| `([a-z -]+)`/.exec(row)?.[1] ?? '';
    const example = /`tunel ([^`]+)` \|$/.exec(row)?.[1] ?? '';
    expect(`${example} `.startsWith(`${name} `), row).toBe(true);
    const command = name
      .split(' ')
      .reduce<Command | undefined>((at, word) => at?.commands.find((each) => each.name() === word), program);
    const known = command?.options.flatMap(({ long, short }) => [long, short]) ?? [];
    const own = example.split(' -- ')[0]?.match(/ --?[a-z][a-z-]*(?==| |$)/g) ?? [];
    // A recipe's arguments, which these take, are the recipe's.
    if (['run-app', 'render', 'lint'].includes(name)) continue;
    for (const option of own) expect(known, row).toContain(option.trim());
  }
});
