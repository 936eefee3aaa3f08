import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SshFiles } from '../../../electron/core/proxies/ssh-files.ts';
import { SshConfigInclude } from '../../../electron/core/proxies/ssh-include.ts';
import { clusterSchema } from '../../../electron/shared/clusters.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';

let home = '';
let configFile = '';
const cluster = clusterSchema.parse({ id: 'c-1', createdAt: 0, name: 'HPC', host: 'hpc.test', user: 'ada' });
const running = fixtureInstance({ id: 'abcdefghij', title: 'Hello', clusterId: 'c-1', state: 'ready' });
const ended = fixtureInstance({ id: 'zzzzzzzzzz', title: 'Hello', clusterId: 'c-1', state: 'ended' });
let instances = [running, ended];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel ssh-'));
  configFile = join(home, '.ssh/config');
  instances = [running, ended];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const make = () => {
  const data = join(home, 'data');
  return new SshConfigInclude({
    files: new SshFiles(data),
    data,
    cli: join(home, 'cli.js'),
    clusters: () => [cluster],
    instances: () => instances,
    configFile,
  });
};

test('a preview changes nothing', () => {
  const { isIncluded, hosts, text } = make().describe();
  expect(isIncluded).toBe(false);
  expect(hosts.map(({ name }) => name)).toEqual(['tunel-hpc', 'tunel-abcdefghij']);
  expect(text).toContain('Host tunel-hpc\n  User ada\n');
  expect(() => lstatSync(configFile)).toThrow();
});

test('adding and removing the line leaves the rest of the configuration and its mode', () => {
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  const own = '# mine\nHost *\n  Compression yes';
  writeFileSync(configFile, own);
  chmodSync(configFile, 0o640);
  const include = make();
  expect(include.add()).toMatchObject({ isIncluded: true });
  include.add();
  const lines = readFileSync(configFile, 'utf8').split('\n');
  expect(lines[1]).toBe(`Include "${join(home, 'data/ssh/config')}"`);
  expect(lines.slice(2).join('\n')).toBe(own);
  expect(statSync(configFile).mode & 0o777).toBe(0o640);
  expect(statSync(join(home, 'data/ssh/config')).mode & 0o777).toBe(0o600);
  expect(include.remove()).toMatchObject({ isIncluded: false });
  expect(readFileSync(configFile, 'utf8')).toBe(own);
  expect(statSync(configFile).mode & 0o777).toBe(0o640);
});

test('keeps bytes that are not UTF-8, and the mode whatever the umask is', () => {
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  const own = Buffer.from([0x23, 0x20, 0xfc, 0xe4, 0x0a]);
  writeFileSync(configFile, own);
  chmodSync(configFile, 0o664);
  const before = process.umask(0o077);
  try {
    make().add();
    expect(readFileSync(configFile).includes(own)).toBe(true);
    make().remove();
  } finally {
    process.umask(before);
  }
  expect(readFileSync(configFile).equals(own)).toBe(true);
  expect(statSync(configFile).mode & 0o777).toBe(0o664);
});

test('a host name is one word of the command that ssh runs, and holds no quote', () => {
  // ssh itself refuses such names from 9.6 on, and in Debian's 9.2 (CVE-2023-51385).
  const lines = make().describe().text.split('\n');
  expect(lines).toContain(`Host tunel-* "!*'*"`);
  expect(lines.find((line) => line.includes('ProxyCommand'))).toMatch(/ --host '%n'$/);
});

test('a new configuration is private, and one that is a link stays a link', () => {
  make().add();
  expect(statSync(configFile).mode & 0o777).toBe(0o600);
  const dotfiles = join(home, 'dotfiles');
  writeFileSync(dotfiles, 'Host a\n');
  rmSync(configFile);
  symlinkSync(dotfiles, configFile);
  make().add();
  expect(lstatSync(configFile).isSymbolicLink()).toBe(true);
  expect(readFileSync(dotfiles, 'utf8')).toMatch(/^# .*\nInclude ".*"\nHost a\n$/);
});

test('our file follows clusters and apps once it is there', () => {
  const include = make();
  include.refresh();
  const file = join(home, 'data/ssh/config');
  expect(() => statSync(file)).toThrow();
  include.add();
  instances = [ended];
  include.refresh();
  expect(readFileSync(file, 'utf8')).not.toContain('tunel-abcdefghij');
});

test.skipIf(process.getuid?.() !== 0)('a configuration of another user is not touched', () => {
  mkdirSync(join(home, '.ssh'));
  const other = '/usr/bin/env';
  symlinkSync(other, configFile);
  expect(lstatSync(configFile).isSymbolicLink()).toBe(true);
  // A link that another user owns: only root can make one for a test.
  lchownSync(configFile, 65_534, 65_534);
  expect(() => make().add()).toThrow(/belongs to another user/);
});
