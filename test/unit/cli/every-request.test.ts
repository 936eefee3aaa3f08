import { describe, expect, test } from 'vitest';
import { commandsIn, nameOf, printsJson } from '../../../cli/general-options.ts';
import { createProgram } from '../../../cli/program.ts';
import { engineRequests, streams } from '../../../electron/shared/contract/index.ts';
import { readCallsOfCommands } from '../../helpers/cli-calls.ts';

/** Calls without a command, and why a command line has no use for them. */
const withoutCommand: Readonly<Record<string, string>> = {
  'clusters.connectAtStart': 'The start of the desktop app; `clusters connect` does it for the cluster that is named.',
  'instances.viewAccess': 'The secret of a view in the window; `open` makes a link for the browser.',
};

/** Commands whose output is that of another program, bytes, or a protocol. */
const withoutJson: Readonly<Record<string, string>> = {
  'run-singularity': 'passes on what the container prints',
  'run-docker': 'passes on what the container prints',
  shell: 'a terminal',
  'terminals attach': 'a terminal',
  exec: 'passes on what the command prints',
  proxy: 'the bytes of a connection',
  'files cat': 'the bytes of a file',
  'folder watch': 'has no result, stays until Ctrl-C',
  'mcp serve': 'a protocol',
  'mcp setup': 'prints JSON, which an agent takes as it is',
  'engine log': 'the bytes of a file',
  'api openapi': 'prints JSON, whose shape is OpenAPI',
  completion: 'a script for a shell',
};

const calls = new Set([...Object.keys(engineRequests), ...Object.keys(streams)]);
const callsOfCommands = readCallsOfCommands(calls);

describe('every request and stream of the engine', () => {
  const commandsOf = (call: string) =>
    [...callsOfCommands].flatMap(([command, own]) => (own.has(call) ? [command] : []));

  test.each([...calls])('%s has a command, or a reason why not', (call) => {
    if (withoutCommand[call] === undefined) expect(commandsOf(call), call).not.toEqual([]);
    else expect(commandsOf(call)).toEqual([]);
  });

  test('is called by the command that is meant for it', () => {
    const expected: Record<string, string[]> = {
      'clusters.copy': ['clusters copy'],
      'clusters.save': ['clusters add', 'clusters edit', 'clusters import'],
      'jobs.update': ['jobs edit'],
      'tunnels.open': ['tunnel'],
      'tunnels.close': ['tunnels close'],
      'presets.rename': ['presets rename'],
      'recipes.preview': ['run-app'],
      'instances.remove': ['remove-app'],
      'history.transitions': ['events'],
      'files.uploadArchive': ['files put'],
    };
    for (const [call, commands] of Object.entries(expected))
      expect([call, commandsOf(call).sort()]).toEqual([call, commands]);
  });

  test('no reason is left of a request that is gone', () => {
    expect([...calls]).toEqual(expect.arrayContaining(Object.keys(withoutCommand)));
  });
});

test('every command prints JSON, or cannot', () => {
  const without = commandsIn(createProgram()).filter((command) => !printsJson(command));
  expect(without.map(nameOf).sort()).toEqual(Object.keys(withoutJson).sort());
});
