import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../electron/core/launchers/common/job-answer.ts';
import { login } from '../../../electron/core/launchers/login/index.ts';
import { parseLoginId, readLoginJob } from '../../../electron/core/launchers/login/parse.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { StubNode } from '../../helpers/stub-shell.ts';

const lines = (fields: Record<string, string | number>) =>
  Object.entries({ found: 'dead', here: 'login1', started: 1000, ended: '', exit: '', cancelled: '', ...fields })
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
const read = (fields: Record<string, string | number>) => readLoginJob('7.9@login1', 'login1', lines(fields));
const status = (fields: Record<string, string | number>) => statusOf('7.9@login1', read(fields));

describe('a job id of the login launcher', () => {
  it.each([
    ['123.4567@login1.example.org', { pid: 123, start: '4567', node: 'login1.example.org' }],
    ['123.Sat-Nov-22-06-18-19-2026@mac', { pid: 123, start: 'Sat-Nov-22-06-18-19-2026', node: 'mac' }],
  ])('%s is read', (id, parts) => expect(parseLoginId(id)).toEqual(parts));
  it.each(['', '123', '0.1@n', '-1.1@n', '1.1@', '1.$(id)@n', '1.1@n;reboot', '123 .4@n'])('%j is none', (id) =>
    expect(parseLoginId(id)).toBeNull(),
  );
});

describe('what is known of a process', () => {
  it.each([
    ['runs', { found: 'alive' }, { state: 'running', startedAt: 1_000_000, endedAt: null }],
    ['ran well', { exit: 0, ended: 2000 }, { state: 'completed', exitCode: 0, signal: null, endedAt: 2_000_000 }],
    ['failed', { exit: 3, ended: 2000 }, { state: 'failed', exitCode: 3, signal: null }],
    ['was killed by a signal', { exit: 139 }, { state: 'failed', exitCode: null, signal: 11 }],
    ['has a large code that is no signal', { exit: 255 }, { state: 'failed', exitCode: 255, signal: null }],
    ['left no word', {}, { state: 'failed', exitCode: null, signal: null, reason: expect.stringMatching(/restarted/) }],
    ['was stopped', { cancelled: 'now' }, { state: 'cancelled', exitCode: null }],
    ['was asked and still runs', { found: 'alive', cancelled: 'ask' }, { state: 'running' }],
    ['was asked and ended well', { cancelled: 'ask', exit: 0 }, { state: 'cancelled', exitCode: 0 }],
    [
      'is elsewhere',
      { found: 'elsewhere', here: 'login2' },
      { state: 'unknown', reason: expect.stringMatching(/^runs on login1; .*login2/) },
    ],
    ['ended elsewhere', { found: 'elsewhere', here: 'login2', exit: 0 }, { state: 'completed', exitCode: 0 }],
  ])('%s', (_, fields, expected) => expect(status(fields)).toMatchObject(expected));

  it('is not taken for ended where it cannot be seen, or where nothing was said', () => {
    expect(read({ found: 'elsewhere', here: 'login2' }).kind).toBe('unreadable');
    expect(readLoginJob('7.9@login1', 'login1', '').kind).toBe('unreadable');
  });
});

it('says when a process began by its own note, which a stop does not change', async () => {
  const node = new StubNode();
  try {
    const id = `2000000001.5@${hostname()}`;
    const directory = node.directory('app', {
      started: '1795338000 login1\n',
      exit: '0\n',
      pid: `${id}\nsetsid\ncancelled ask\n`,
    });
    const old = node.directory('old', { exit: '0\n', pid: `${id}\nsetsid\ncancelled ask\n` });
    const begun = async (at: string) => (await pollStatuses(login, node.shell, [{ id, directory: at }])).get(id);
    expect(await begun(directory)).toMatchObject({ state: 'cancelled', startedAt: 1_795_338_000_000 });
    expect(await begun(old)).toMatchObject({ state: 'cancelled', startedAt: null });
  } finally {
    node.remove();
  }
});
