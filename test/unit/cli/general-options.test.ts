import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { exitCodeOfError, exitCodes } from '../../../cli/exit-codes.ts';
import { formatBytes } from '../../../cli/format.ts';
import { commandsIn, nameOf, printsJson } from '../../../cli/general-options.ts';
import { jsonSchemaOf, outputSchemas } from '../../../cli/output-schemas.ts';
import { findSchemaCommand } from '../../../cli/print-schema.ts';
import { createProgram } from '../../../cli/program.ts';
import { describeProgress } from '../../../cli/progress-bar.ts';
import { paint } from '../../../cli/style.ts';
import { partsOfName } from '../../../cli/transfer/unpack-folder.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { AppError, errorCodes } from '../../../electron/shared/errors.ts';

afterEach(() => vi.unstubAllEnvs());

describe('every command', () => {
  const commands = commandsIn(createProgram());

  test.each(commands.map((command) => [nameOf(command), command] as const))(
    '%s has --quiet and a schema',
    (name, command) => {
      const longs = command.options.map(({ long }) => long);
      expect(longs).toContain('--quiet');
      expect(longs.includes('--schema')).toBe(printsJson(command));
      if (printsJson(command)) expect(jsonSchemaOf(name), name).toMatchObject({ title: `tunel ${name} --json` });
      else expect(Object.keys(outputSchemas)).not.toContain(name);
    },
  );

  test('its schema is found whatever else is missing or wrong', () => {
    const found = (line: string) => {
      const command = findSchemaCommand(createProgram(), line.split(' '));
      return command && nameOf(command);
    };
    expect(found('ps --schema')).toBe('ps');
    expect(found('clusters --schema')).toBe('clusters list');
    expect(found('clusters add --schema')).toBe('clusters add');
    expect(found('launch hpc jupyter --schema --json')).toBe('run-app');
    expect(found('files --schema')).toBeNull();
    expect(found('exec -- hpc --schema')).toBeNull();
    expect(found('ps')).toBeNull();
  });
});

describe('exit codes', () => {
  test('are in the documentation as they are here', () => {
    const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    for (const { code, meaning } of exitCodes) expect(page).toContain(`| ${code ?? '128 + N'} | ${meaning} |`);
    expect(page.match(/^\| (\d+|128 \+ N) \|/gm)).toHaveLength(exitCodes.length);
  });

  test('say whether it is worth to try again or to ask a person', () => {
    expect(exitCodeOfError(new UsageError('x'))).toBe(2);
    expect(exitCodeOfError(new AppError('bad-input', 'x'))).toBe(1);
    expect(exitCodeOfError(new AppError('sign-in-needed', 'x'))).toBe(3);
    expect(exitCodeOfError(new AppError('connection-refused', 'x'))).toBe(4);
    const named = exitCodes.flatMap(({ errors = [] }) => errors);
    expect(new Set(named).size).toBe(named.length);
    expect(errorCodes).toEqual(expect.arrayContaining(named));
  });
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [3 * 1024 ** 3, '3.0 GiB'],
])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('a progress bar says how much, how fast and how long still', () => {
  expect(describeProgress('a.bin', 1024, 4096, 2)).toBe('a.bin  [######                  ]  25 %  512 B/s  6 s left');
  expect(describeProgress('a.bin', 0, 0, 0)).toContain('100 %');
  expect(describeProgress('a.bin', 2048, null, 1)).toBe('a.bin  2.0 KiB  2.0 KiB/s');
});

test('colours are only for a terminal, and not where NO_COLOR is set', () => {
  vi.stubEnv('NO_COLOR', '');
  vi.stubEnv('TERM', 'xterm');
  expect(paint('red', 'x', { isTTY: true })).not.toBe('x');
  expect(paint('red', 'x', { isTTY: false })).toBe('x');
  vi.stubEnv('TERM', 'dumb');
  expect(paint('red', 'x', { isTTY: true })).toBe('x');
  vi.stubEnv('TERM', 'xterm');
  vi.stubEnv('NO_COLOR', '1');
  expect(paint('red', 'x', { isTTY: true })).toBe('x');
});

test('no name of an archive leads out of its folder', () => {
  expect(partsOfName('./a/b')).toEqual(['a', 'b']);
  for (const name of ['/etc/passwd', '../x', 'a/../../x', 'a\\..\\..\\x', 'C:\\x', 'a\0b'])
    expect(() => partsOfName(name)).toThrow(AppError);
});
