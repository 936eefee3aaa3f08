import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkAddress } from '../../../electron/core/sites/fetch-policy.ts';
import { parseSite } from '../../../electron/core/sites/site-file.ts';
import { createSites } from '../../../electron/core/sites/sites.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { siteProfileSchema } from '../../../electron/shared/sites.ts';

const folder = join(import.meta.dirname, '../../../sites');

function failure(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    return AppError.from(error);
  }
  throw new Error('it went well');
}

test('reads a whole profile', () => {
  const profile = parseSite(
    'x.yaml',
    `site: X
docs: https://x.example/
host: login.x.example
message: |
  Two
  lines.
launcher: slurm
runtime: apptainer
queues: [{ name: cpu, description: Most work, maxTime: 60, maxMemory: 1024, maxCpus: 8, maxGpus: 0 }]
accounts: [a]
modules: [python/3.12]
workDirectory: /scratch/\${USER}
forbiddenRoutes: [port]
pollInterval: 5
`,
  );
  expect(profile).toMatchObject({ site: 'X', message: 'Two\nlines.', queues: [{ name: 'cpu', maxGpus: 0 }] });
  expect(siteProfileSchema.parse(profile)).toEqual(profile);
});

const header = 'site: X\n';
test.each<[string, string, RegExp]>([
  ['an unknown field, with its line', `${header}\nqueue: cpu\n`, /line 3: queue: Unrecognized key/],
  [
    'a field of a queue, with its line',
    `${header}queues:\n  - name: a\n    maxTime: soon\n`,
    /line 4: queues\.0\.maxTime: /,
  ],
  ['no name', 'launcher: slurm\n', /site: /],
  ['an unknown launcher', `${header}launcher: moab\n`, /line 2: launcher: /],
  ['an unknown route', `${header}forbiddenRoutes: [ftp]\n`, /forbiddenRoutes\.0: /],
  ['too short a poll interval', `${header}pollInterval: 0.1\n`, /line 2: pollInterval: /],
  ['a queue twice', `${header}queues: [{ name: a }, { name: a }]\n`, /queues: Each queue only once/],
  ['a key twice', `${header}launcher: slurm\nlauncher: login\n`, /line 3: Map keys must be unique/],
  ['a command in the work directory', `${header}workDirectory: /x/$(id)\n`, /workDirectory: Of variables only \$USER/],
  ['another variable', `${header}workDirectory: /x/$HOME\n`, /workDirectory: Of variables only \$USER/],
  ['a relative work directory', `${header}workDirectory: scratch\n`, /workDirectory: Begins with/],
  ['a NUL', `${header}message: "\0"\n`, /NUL character/],
  ['an escape sequence for the terminal', `${header}message: "\\e[2J"\n`, /message: Printable text only/],
  ['text turned round', `site: "abc\\u202edef"\n`, /site: One line of printable text/],
  ['a second line in a module', `${header}modules: ["a\\nrm"]\n`, /modules\.0: One line/],
  ['a script address', `${header}docs: "javascript:alert(1)"\n`, /docs: /],
  ['not YAML', '{', /./],
  ['a list', '- a\n', /expected object/],
  ['nothing', '', /expected object/],
  ['a web page', '<!DOCTYPE html>\n<html>', /is a web page/],
  ['too much', `${header}# ${'x'.repeat(65 * 1024)}`, /Larger than 64 KiB/],
  [
    'aliases that would grow without end',
    `${header}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n`,
    /Excessive alias count/,
  ],
])('refuses %s', (_, text, message) => {
  const error = failure(() => parseSite('x.yaml', text));
  expect(error.code).toBe('site-invalid');
  expect(`${error.message}\n${error.detail}`).toMatch(message);
});

test('a key that would write to the terminal is shown harmless', () => {
  const error = failure(() => parseSite('x.yaml', `${header}"\\e[2Jx": 1\n`));
  expect(JSON.stringify(error.serialize())).not.toMatch(/\\u001b/);
});

test('every shipped profile can be read, and says that it is an example', () => {
  const names = readdirSync(folder);
  const list = createSites(folder).list();
  expect(names.every((name) => name.endsWith('.yaml'))).toBe(true);
  expect(list).toHaveLength(names.length);
  for (const { profile } of list) {
    expect(profile.site).toMatch(/example/i);
    expect(profile.docs).toMatch(/^https:/);
  }
  expect(new Set(list.map(({ profile }) => profile.launcher))).toEqual(new Set(['slurm', 'htcondor', 'gridengine']));
});

test.each([
  ['https://x.example/site.yaml', null],
  ['http://127.0.0.1:8000/site.yaml', null],
  ['http://[::1]:8000/site.yaml', null],
  ['http://localhost/site.yaml', null],
  ['next.yaml', 'https://x.example/a/site.yaml'],
  ['https://y.example/site.yaml', 'https://x.example/site.yaml'],
])('may read %s (from %s)', (address, from) => {
  expect(checkAddress(address, from === null ? null : new URL(from)).href).toMatch(/^https?:/);
});

test.each([
  ['http://x.example/site.yaml', null, /by https only/],
  ['http://localhost.x.example/site.yaml', null, /by https only/],
  ['http://127.0.0.1.x.example/site.yaml', null, /by https only/],
  ['ftp://x.example/site.yaml', null, /by https only/],
  ['file:///etc/passwd', null, /by https only/],
  ['https://ada:secret@x.example/site.yaml', null, /no user name or password/],
  ['https://', null, /is no address/],
  ['http://x.example/site.yaml', 'https://x.example/site.yaml', /by https only/],
  ['http://127.0.0.1:8000/', 'https://x.example/site.yaml', /is on this computer/],
  ['https://localhost/', 'https://x.example/site.yaml', /is on this computer/],
  ['file:///etc/passwd', 'https://x.example/site.yaml', /by https only/],
])('does not read %s (from %s)', (address, from, message) => {
  const error = failure(() => checkAddress(address, from === null ? null : new URL(from)));
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('secret');
});
