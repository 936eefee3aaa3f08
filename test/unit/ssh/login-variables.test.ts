import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  loginVariablesText,
  needLoginVariables,
  parseLoginVariables,
  readLoginVariables,
  takeFromLogin,
} from '../../../electron/core/ssh/shells/login-variables.ts';
import { LoginVariablesReading } from '../../../electron/core/ssh/shells/login-variables-reading.ts';
import { ScriptBatch } from '../../../electron/core/ssh/shells/script-batch.ts';
import type { RunOptions, Shell } from '../../../electron/core/ssh/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let home: string;
let started: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel-profile-'));
  started = join(home, 'started');
  writeFileSync(
    join(home, '.bash_profile'),
    `echo Welcome; echo x >>${started}
export SGE_ROOT="/opt/it's sge" SECRET_TOKEN=abc PATH=$HOME/sge/bin:$PATH
module() { :; }
`,
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** As a command of sshd: no login shell. */
function sh(script: string): string {
  const env = { HOME: home, PATH: process.env.PATH };
  return spawnSync('dash', ['-c', script], { env }).stdout.toString();
}
const starts = () => Number(spawnSync('sh', ['-c', `cat ${started} 2>/dev/null | wc -l`]).stdout.toString());

describe('variables of the login shell', () => {
  test('are read, without those that nothing here uses', () => {
    const variables = parseLoginVariables(sh(`${readLoginVariables}\nprintf '%s\\n' "$tunel_login"`));
    expect(variables).toMatchObject({ SGE_ROOT: "/opt/it's sge", tunel_module: 'yes' });
    expect(variables.PATH).toMatch(new RegExp(`^${home}/sge/bin:`));
    expect(JSON.stringify(variables)).not.toContain('abc');
  });

  test('reach a script without another login shell once they are known', () => {
    const script = `${takeFromLogin('[ -n "$SGE_ROOT" ]', ['SGE_ROOT', 'SGE_CELL'])}\nprintf '%s|%s' "$SGE_ROOT" "$SGE_CELL"`;
    const before = starts();
    expect(sh(script)).toBe("/opt/it's sge|");
    expect(starts()).toBe(before + 1);
    expect(sh(`${loginVariablesText({ SGE_ROOT: "/it's", PATH: '/bin' })}\n${script}`)).toBe("/it's|");
    expect(sh(`${needLoginVariables}\n${needLoginVariables}\n${script}`)).toBe("/opt/it's sge|");
    expect(starts()).toBe(before + 2);
  });
});

describe('scripts that run as one command', () => {
  const ran: string[] = [];
  const shell: Shell = {
    async run(script: string, options?: RunOptions) {
      ran.push(script);
      if (options?.timeoutMs === 1) throw new AppError('timeout', 'It took too long.');
      const { stdout, stderr, status } = spawnSync('dash', ['-c', script]);
      return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode: status ?? 1 };
    },
  };

  test('each have their own outputs and exit code, and run after the first text', async () => {
    ran.length = 0;
    const batch = new ScriptBatch(shell);
    const all = Promise.all([
      batch.run('echo "$shared"; exit 3'),
      batch.run('set -e; echo e >&2; false; echo no'),
      batch.run('cat; printf end'),
    ]);
    await batch.send({ together: 'shared=yes', apart: async () => 'shared=no' }, {});
    expect(await all).toEqual([
      { stdout: 'yes\n', stderr: '', exitCode: 3 },
      { stdout: '', stderr: 'e\n', exitCode: 1 },
      { stdout: 'end', stderr: '', exitCode: 0 },
    ]);
    expect(ran).toHaveLength(1);
    expect((await batch.run('echo later')).stdout).toBe('later\n');
  });

  test('run one by one where all together take too long, after one login shell for all of them', async () => {
    ran.length = 0;
    const batch = new ScriptBatch(shell);
    const reading = new LoginVariablesReading(shell);
    const all = Promise.all([batch.run('echo a'), batch.run(`${needLoginVariables}\necho "\${tunel_login%%=*}"`)]);
    await batch.send(reading, { timeoutMs: 1 });
    expect((await all).map(({ stdout }) => stdout)).toEqual(['a\n', 'PATH\n']);
    expect(ran).toHaveLength(4);
    expect(ran.filter((script) => script.startsWith('tunel_login='))).toHaveLength(2);
    expect(reading.hasFailed).toBe(false);
  });

  test('start no login shell of their own where the one for all of them fails', async () => {
    const failing: Shell = { run: async () => Promise.reject(new AppError('timeout', 'It took too long.')) };
    const reading = new LoginVariablesReading(failing);
    expect(await reading.apart()).toMatch(/^tunel_login=/);
    expect(reading.hasFailed).toBe(true);
  });
});
