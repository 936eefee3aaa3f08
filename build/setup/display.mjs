import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './step.mjs';

/** An Xauthority file with one cookie that fits every display: the number is not known before the server runs. */
export function xauthority(cookie) {
  const text = (value) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const familyWild = Buffer.from([0xff, 0xff]);
  return Buffer.concat([familyWild, text(''), text(''), text('MIT-MAGIC-COOKIE-1'), text(cookie)]);
}

/**
 * Starts an X server without a screen on a free display. Only who holds the cookie may connect: another user of the machine
 * could otherwise watch the window and its keys.
 * @returns {Promise<{ env: { DISPLAY: string, XAUTHORITY: string }, stop: () => Promise<void> }>}
 */
export async function startXvfb({ width = 1440, height = 900 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-xvfb-'));
  const auth = join(folder, 'Xauthority');
  writeFileSync(auth, xauthority(randomBytes(16)), { mode: 0o600 });
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-auth', auth];
  // Its own group: Ctrl-C in a terminal must end the app before the display goes away.
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise((resolve) => server.once('close', resolve));
  const killNow = () => server.kill('SIGKILL');
  process.once('exit', killNow);
  const onSignal = () => process.exit(130);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let stderr = '';
  server.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const stop = async () => {
    process.off('exit', killNow);
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };

  const display = new Promise((resolve, reject) => {
    let number = '';
    const fail = (why) => {
      const hint = 'Install the package xvfb, or start the app where a display is.';
      reject(
        new SetupError('Xvfb did not start.', { why: why || stderr.trim().split('\n').slice(-3).join('\n'), hint }),
      );
    };
    const timer = setTimeout(() => fail('It named no display within 15 s.'), 15_000);
    server.stdio[3].on('data', (chunk) => {
      number += chunk;
      if (!number.endsWith('\n')) return;
      clearTimeout(timer);
      resolve(`:${number.trim()}`);
    });
    server.once('error', (error) => fail(error.message));
    ended.then(() => {
      clearTimeout(timer);
      fail('');
    });
  });
  try {
    return { env: { DISPLAY: await display, XAUTHORITY: auth }, stop };
  } catch (error) {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
