import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { MarkedOutput, readTimes, wrapScript } from '../../../electron/core/ssh/shells/run-protocol.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';

const nonce = 'f00d'.repeat(8);
const shells = ['dash', 'bash', 'mksh'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

function run(shell: string, script: string, noise = '') {
  const { stdout, stderr } = spawnSync(shell, ['-s'], { input: noise + wrapScript(script, nonce, null) });
  const out = new MarkedOutput(nonce, 1 << 20);
  out.push(stdout);
  const err = new MarkedOutput(nonce, 1 << 20);
  err.push(stderr);
  return { stdout: out.bytes.toString(), stderr: err.bytes.toString(), exitCode: out.exitCode };
}

describe.each(shells)('a wrapped script in %s', (shell) => {
  test('gives outputs and exit code, whatever the script does to its shell', () => {
    expect(run(shell, 'echo a; echo b >&2; exit 5')).toEqual({ stdout: 'a\n', stderr: 'b\n', exitCode: 5 });
    expect(run(shell, 'set -e; false; echo no')).toMatchObject({ stdout: '', exitCode: 1 });
    expect(run(shell, 'exec echo gone')).toMatchObject({ stdout: 'gone\n', exitCode: 0 });
    expect(run(shell, 'printf "no newline"')).toMatchObject({ stdout: 'no newline', exitCode: 0 });
    expect(run(shell, 'exec >/dev/null 2>&1; echo hidden')).toMatchObject({ stdout: '', exitCode: 0 });
    expect(run(shell, 'cat; echo end')).toMatchObject({ stdout: 'end\n' });
    expect(run(shell, "trap 'echo bye' EXIT; exit 3")).toMatchObject({ stdout: 'bye\n', exitCode: 3 });
    expect(run(shell, 'if then').exitCode).not.toBe(0);
    expect(run(shell, 'cat <<X\n$((1+1))\nX')).toMatchObject({ stdout: '2\n' });
  });

  test('drops what login files print', () => {
    expect(run(shell, 'echo clean', 'echo noise; printf more; echo noise >&2\n')).toEqual({
      stdout: 'clean\n',
      stderr: '',
      exitCode: 0,
    });
  });

  test('leaves bytes that follow to the script, and runs none of them', async () => {
    const child = spawn(shell, ['-s']);
    const out = new MarkedOutput(nonce, 1 << 20);
    const input = Buffer.from(`12345\necho hacked\n${'touch /tmp/hacked\n'.repeat(1000)}`);
    child.stdin.write(wrapScript('head -c 5', nonce, input.byteLength));
    child.stdout.on('data', (chunk: Buffer) => {
      const before = out.begun;
      out.push(chunk);
      if (!before && out.begun) child.stdin.end(input);
    });
    child.stdin.on('error', () => undefined);
    await once(child, 'close');
    expect(out.bytes.toString()).toBe('12345');
    expect(out.exitCode).toBe(0);
    expect(out.isClosed).toBe(true);
  });
});

describe('marks', () => {
  test('are found wherever the chunks are cut', () => {
    const whole = Buffer.from(`noise${nonce}:begin\nbytes\0\n${nonce}:en${nonce}:end:12\nlate`);
    for (let size = 1; size < whole.length; size++) {
      const out = new MarkedOutput(nonce, 1000);
      for (let at = 0; at < whole.length; at += size) out.push(whole.subarray(at, at + size));
      expect(out.bytes.toString()).toBe(`bytes\0\n${nonce}:en`);
      expect(out.exitCode).toBe(12);
    }
  });

  test('show where nothing can write any more, and a script that never ended', () => {
    const out = new MarkedOutput(nonce, 1000);
    out.push(Buffer.from(`${nonce}:begin\na${nonce}:end:0\n0m0.5s 0m1.25s\n1m0s 0m0.0s\n`));
    expect(out.isClosed).toBe(false);
    out.push(Buffer.from(`${nonce}:eof\n`));
    expect(out.isClosed).toBe(true);
    expect(readTimes(out.after)).toBe(61.75);
    const broken = new MarkedOutput(nonce, 1000);
    broken.push(Buffer.from(`${nonce}:begin\na${nonce}:eof\n`));
    expect(broken.isClosed).toBe(true);
    expect(broken.exitCode).toBe(null);
    expect(broken.bytes.toString()).toBe('a');
  });

  test('count what is too much', () => {
    const out = new MarkedOutput(nonce, 10);
    out.push(Buffer.from(`${nonce}:begin\n${'x'.repeat(100)}`));
    expect(out.tooMuch).toBe(true);
  });
});

test('a NUL is refused', () => {
  expect(() => quote('a\0b')).toThrow('NUL');
});
