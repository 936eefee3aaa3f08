import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readSections, remoteScript } from '../../../electron/core/launchers/common/remote-script.ts';
import { quote, quoteAll } from '../../../electron/shared/shell-quote.ts';

const nasty = [
  '',
  ' ',
  "'",
  "''",
  '"',
  '\\',
  '$(id)',
  '`id`',
  '$HOME',
  '*',
  '~',
  '-n',
  '--',
  '!',
  '#',
  ';',
  '&',
  '|',
  '<',
  '>',
  'a\nb',
  'a\tb',
  'a\rb',
  '{a,b}',
  '[x]',
  'é→🚀',
  "it's",
  "'; rm -rf /; '",
  '=x',
  '%s',
];

it('gives a shell every word as it is', () => {
  const output = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${quoteAll(nasty)}`], { encoding: 'utf8' });
  expect(output.split('\0').slice(0, -1)).toEqual(nasty);
});

it('refuses what no argument can hold', () => {
  expect(() => quote('a\0b')).toThrow(/NUL character/);
});

it('brings back what commands said and how they ended, and lets none of them eat the script', () => {
  const body = `section one cat\nsection two sh -c 'echo out; echo err >&2; exit 3'\nemit three 0 'a\n\nb'`;
  const stdout = execFileSync('/bin/sh', ['-s'], { input: remoteScript(body), encoding: 'utf8' });
  expect(readSections(stdout)).toEqual([
    { name: 'one', exitCode: 0, text: '' },
    { name: 'two', exitCode: 3, text: 'out\nerr' },
    { name: 'three', exitCode: 0, text: 'a\n\nb' },
  ]);
});
