import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.mjs';

const limit = 15 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while no other set-up of this checkout runs: two `npm ci` at once leave neither's packages. */
export async function withLock(work) {
  const name = createHash('sha256').update(`${userInfo().username}:${root}`).digest('hex').slice(0, 12);
  const file = join(tmpdir(), `tunel-setup-${name}.lock`);
  const start = Date.now();
  for (let isReported = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(file, { encoding: 'utf8', flag: 'a+' })) || 0;
    if ((owner && !isAlive(owner)) || Date.now() - start > limit) {
      rmSync(file, { force: true });
      continue;
    }
    if (!isReported) console.log(`· another set-up of this checkout is running (process ${owner}): waiting`);
    isReported = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
