#!/usr/bin/env node
// Everything between a fresh checkout and a running app. Plain Node: it runs before any package is installed.
import { pathToFileURL } from 'node:url';
import { installElectron } from './setup/electron.mjs';
import { isBuilt } from './setup/inputs.mjs';
import { withLock } from './setup/lock.mjs';
import { installPackages } from './setup/packages.mjs';
import { explain, SetupError, seconds, step, UP_TO_DATE } from './setup/step.mjs';
import { installSystemPackages } from './setup/system.mjs';

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return UP_TO_DATE;
  throw new SetupError(`Node ${process.versions.node} is too old.`, {
    why: 'The build needs Node 20.19 or newer.',
    hint: 'Install a newer one, for example with nvm: `nvm install 22`.',
  });
}

async function build() {
  if (isBuilt()) return UP_TO_DATE;
  const { bundle } = await import('./bundle.mjs');
  return bundle();
}

/** True when windows can be shown here. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Sets everything up; each step prints one line with its time.
 * @param {{ for: 'start' | 'test' | 'package' }} options
 * @returns the Electron runtime to use
 */
export function setup({ for: purpose }) {
  return withLock(async () => {
    const start = performance.now();
    await step('Node', checkNode);
    await step('system packages', () => installSystemPackages(purpose, hasDisplay()));
    await step('npm packages', installPackages);
    const electron = await step('Electron', installElectron);
    await step('build', build);
    console.log(`  set-up took ${seconds(start)}`);
    return electron;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const purpose = process.argv[2] ?? 'test';
  if (!['start', 'test', 'package'].includes(purpose)) {
    console.error('usage: node build/setup.mjs [start|test|package]');
    process.exit(2);
  }
  await setup({ for: purpose }).catch((error) => {
    explain(error);
    process.exit(1);
  });
}
