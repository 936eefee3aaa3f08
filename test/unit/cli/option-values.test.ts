import { expect, test } from 'vitest';
import { parseHop } from '../../../cli/cluster-input.ts';
import { readLimit, readSince } from '../../../cli/history-filter.ts';
import { requireJobLauncher, resourcesOf } from '../../../cli/launch-values.ts';
import { readChoice, readText } from '../../../cli/option-values.ts';
import { localEnd, targetOf } from '../../../cli/tunnel-policy.ts';
import { UsageError } from '../../../cli/usage-error.ts';

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no error';
}

test.each([
  [() => resourcesOf({ cpus: 'abc' }), '--cpus takes a number, not “abc”.'],
  [() => resourcesOf({ cpus: '' }), '--cpus takes a number, not “”.'],
  [() => resourcesOf({ cpus: '0' }), '--cpus takes a whole number from 1 to 100000, not “0”.'],
  [() => resourcesOf({ gpus: '1.5' }), '--gpus takes a whole number from 0 to 1000, not “1.5”.'],
  [() => resourcesOf({ memory: '4G' }), '--memory takes a number of MiB, not “4G”.'],
  [() => resourcesOf({ memory: 'Infinity' }), '--memory takes a whole number of at least 1, not “Infinity”.'],
  [() => resourcesOf({ time: '2h' }), '--time takes a number of minutes, not “2h”.'],
  [() => resourcesOf({ queue: 'q'.repeat(201) }), '--queue takes at most 200 characters, not 201.'],
  [() => readLimit('x'), '--limit takes a number, not “x”.'],
  [() => readLimit('0'), '--limit takes a whole number of at least 1, not “0”.'],
  [() => readSince('soon', 0), '--since takes a time, not “soon”.'],
  [() => targetOf({ port: '80x' }), '--port takes a port from 1 to 65535, not “80x”.'],
  [() => targetOf({ port: '0' }), '--port takes a port from 1 to 65535, not “0”.'],
  [() => targetOf({ socket: 's' }), '--socket takes a whole path, not “s”.'],
  [() => localEnd({ localPort: '65536' }), '--local-port takes a port from 0 to 65535, not “65536”.'],
  [() => parseHop('ada@host:99999'), 'An address takes a port from 1 to 65535, not “99999”.'],
  [() => readChoice('--listen', 'pipe', ['socket', 'port']), '--listen takes socket or port, not “pipe”.'],
  [() => readText('--title', 'x'.repeat(101), 100), '--title takes at most 100 characters, not 101.'],
])('%# is refused in one sentence', (read, sentence) => expect(messageOf(read)).toBe(sentence));

test('what fits is the value', () => {
  expect(resourcesOf({})).toEqual({});
  expect(resourcesOf({ cpus: '4', memory: '100', time: '30', gpus: '0', queue: 'q', account: 'a' })).toEqual({
    ...{ cpus: 4, memory: 100, time: 30, gpus: 0, queue: 'q', account: 'a' },
  });
  expect(readChoice('--listen', 'port', ['socket', 'port'])).toBe('port');
  expect(readLimit('250')).toBe(250);
});

test('the launcher of a job is one without a runtime', () => {
  expect([requireJobLauncher('slurm'), requireJobLauncher('login')]).toEqual(['slurm', 'login']);
  for (const name of ['slurm-docker', 'docker', 'nothing']) expect(() => requireJobLauncher(name)).toThrow(UsageError);
});
