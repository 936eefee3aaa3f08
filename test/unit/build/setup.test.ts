import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInstalled } from '../../../build/setup/packages.mjs';
import { runtimeName } from '../../../build/setup/registry-runtime.mjs';
import { installedPackages, missingCommands, neededPackages } from '../../../build/setup/system.mjs';

describe('npm packages', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const optional = { version: '1.0.0', integrity: 'sha512-o', optional: true };

  it.each([
    ['the same', { '': {}, 'node_modules/a': a }, { 'node_modules/a': a }, true],
    [
      'an optional one for another platform',
      { 'node_modules/a': a, 'node_modules/o': optional },
      { 'node_modules/a': a },
      true,
    ],
    ['another version', { 'node_modules/a': a }, { 'node_modules/a': { ...a, version: '1.0.1' } }, false],
    ['another content', { 'node_modules/a': a }, { 'node_modules/a': { ...a, integrity: 'sha512-b' } }, false],
    ['a missing one', { 'node_modules/a': a }, {}, false],
    ['a left-over', {}, { 'node_modules/a': a }, false],
  ])('are compared with the lock file: %s', (_name, wanted, installed, expected) => {
    expect(isInstalled(wanted, installed)).toBe(expected);
  });
});

describe('Debian packages', () => {
  it('counts only what is fully installed', () => {
    const entry = (name: string, state: string) => `Package: ${name}\nStatus: install ok ${state}\nVersion: 1`;
    const status = [
      entry('xvfb', 'installed'),
      entry('dbus', 'unpacked'),
      'Package: old\nStatus: deinstall ok config-files',
    ];
    expect([...installedPackages(status.join('\n\n'))]).toEqual(['xvfb']);
  });

  it('asks for an X server only where there is no display', () => {
    const names = (purpose: 'start' | 'test' | 'package', hasDisplay: boolean) =>
      neededPackages(purpose, hasDisplay).flat();
    expect(names('start', true)).not.toContain('xvfb');
    expect(names('start', false)).toContain('xvfb');
    expect(names('test', true)).toContain('xvfb');
    expect(names('package', false)).toEqual([]);
  });
});

describe('commands', () => {
  it('are looked for in every folder of PATH', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunel-commands-'));
    try {
      writeFileSync(join(folder, 'shellcheck'), '');
      const path = ['/nonexistent', '', folder].join(delimiter);
      expect(missingCommands(['shellcheck', 'other'], path)).toEqual(['other']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the runtime of the registry', () => {
  it.each([
    ['Cypress/Cypress', 'electron'],
    ['Cypress/locales/de.pak', 'locales/de.pak'],
    ['Cypress/locales/', undefined],
    ['Cypress/resources/app/index.js', undefined],
    ['Cypress/resources/app-update.yml', undefined],
    ['Cypress/browser_v8_context_snapshot.bin', undefined],
    ['Cypress/../../etc/passwd', undefined],
    ['other/file', undefined],
  ])('takes %s as %s', (entry, name) => {
    expect(runtimeName(entry)).toBe(name);
  });
});
