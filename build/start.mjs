#!/usr/bin/env node
// Opens the app; where there is no display, or with --demo, runs its demo and shows what happened.
import { createWriteStream, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startXvfb } from './setup/display.mjs';
import { runGroup } from './setup/group.mjs';
import { isRoot, root } from './setup/paths.mjs';
import { explain, SetupError, seconds } from './setup/step.mjs';
import { hasDisplay, setup } from './setup.mjs';

const demoLimit = 3 * 60_000;
const sandbox = isRoot ? ['--no-sandbox'] : [];

async function openApp(electron, args) {
  const { code } = await runGroup(electron.path, [...sandbox, root, ...args], { cwd: root, endsItsOwn: true });
  return code;
}

function whyItFailed(log) {
  const text = readFileSync(log, 'utf8');
  if (/SUID sandbox|No usable sandbox/.test(text)) {
    return 'Chromium may not make its sandbox here (user namespaces are off). Ask an administrator for `sysctl kernel.unprivileged_userns_clone=1` (Ubuntu 24.04: `kernel.apparmor_restrict_unprivileged_userns=0`).';
  }
  const lines = text.split('\n').filter((line) => line.trim() && !/ERROR:(bus|viz_main_impl|gpu_\w+)\.cc/.test(line));
  return lines.length > 0 ? `The last lines of ${log}:\n${lines.slice(-15).join('\n')}` : `Electron's log is ${log}`;
}

async function runDemo(electron, args, start) {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-demo-'));
  const log = join(folder, 'electron.log');
  const display = hasDisplay() ? undefined : await startXvfb();
  try {
    // Chromium complains about buses and GPUs that a machine without a desktop has not: kept, but not shown.
    const { code, timedOut, interrupted } = await runGroup(
      electron.path,
      [...sandbox, root, `--demo=${folder}`, ...args],
      {
        cwd: root,
        env: { ...process.env, ...display?.env },
        stdio: ['ignore', 'inherit', 'pipe'],
        limit: demoLimit,
        // The demo's app is stopped through the engine, which a signal to all would end first.
        endsItsOwn: true,
        onSpawn: (child) => child.stderr.pipe(createWriteStream(log)),
      },
    );
    const pictures = readdirSync(folder).filter((name) => name.endsWith('.png'));
    console.log(`  ${code === 0 ? 'done' : 'failed'} after ${seconds(start)} in total`);
    if (interrupted) return 130;
    if (timedOut) throw new SetupError(`The demo was not over after ${demoLimit / 1000} s.`, { why: whyItFailed(log) });
    if (code !== 0) throw new SetupError(`The demo ended with ${code}.`, { why: whyItFailed(log) });
    if (pictures.length === 0) throw new SetupError('The demo saved no screenshot.', { why: whyItFailed(log) });
    return 0;
  } finally {
    await display?.stop();
  }
}

const start = performance.now();
try {
  const args = process.argv.slice(2);
  const isDemo = args.includes('--demo') || !hasDisplay();
  const electron = await setup({ for: 'start' });
  const others = args.filter((arg) => arg !== '--demo');
  process.exitCode = isDemo ? await runDemo(electron, others, start) : await openApp(electron, others);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
