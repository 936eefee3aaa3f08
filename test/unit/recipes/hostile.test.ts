import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { recipesInFolders } from '../../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../../electron/core/recipes/render.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const minimal = 'launcher: slurm\nscript: run.sh\ndescription: A test\n';
const times: string[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-hostile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => console.log(`hostile recipes, each refused within:\n${times.join('\n')}`));

function write(name: string, data: string | Uint8Array): void {
  const path = join(folder, 'evil', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
}

/** What is said of the recipe, at its loading or at its rendering, with the place. */
function refusal(title: string, args: Record<string, string> = {}): string {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const said = judge(args);
  const { user, system } = process.cpuUsage(cpu);
  const took = performance.now() - began;
  times.push(`${took.toFixed(0).padStart(6)} ms (${((user + system) / 1000).toFixed(0)} ms of work)  ${title}`);
  return said;
}

function judge(args: Record<string, string>): string {
  const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: folder, source: 'test' }] })]);
  const [problem] = library.problems();
  if (problem) return `${problem.file}:${problem.line}: ${problem.message}`.replaceAll(folder, '');
  try {
    const directory = '/home/ada/.tunel/a';
    const given = {
      args,
      launcher: 'slurm',
      home: '/home/ada',
      directory,
      workDirectory: '',
      modules: [],
      port: '',
    } as const;
    createRender(join(folder, 'none'))({ ...given, modules: [], recipe: library.get('evil') });
  } catch (error) {
    if (error instanceof AppError) return error.message.replaceAll(folder, '');
    throw error;
  }
  return 'accepted';
}

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');

describe('a script', () => {
  test.each([
    [
      'an endless loop',
      'x\n{% for a in range(10**9) %}{% for b in range(10**9) %}{% endfor %}{% endfor %}',
      2,
      /steps/,
    ],
    [
      'a loop over its own growing list',
      '{% set l = [1] %}\n{% for x in l %}{% if l.append(x) %}{% endif %}{% endfor %}',
      2,
      /steps/,
    ],
    ['a long list', '{{ range(10**12) | list | length }}', 1, /steps/],
    ['a long repetition', 'a\nb\n{{ "x" * 10**10 }}', 3, /characters/],
    ['doubling text', `{% set x = "ab" %}\n${'{% set x = x ~ x %}'.repeat(40)}`, 2, /characters/],
    ['doubling lists', `{% set x = [1] %}\n${'{% set x = [x, x] %}'.repeat(60)}\n{{ x }}`, 3, /steps/],
    ['comparing doubled lists', `${'{% set x = [x, x] %}{% set y = [y, y] %}'.repeat(60)}\n{{ x == y }}`, 2, /steps/],
    ['a power', '{{ 9 ** 9 ** 9 ** 9 ** 9 }}', 1, /digits/],
    ['powers of powers', `{% set x = 9 %}${'{% set x = x * x %}'.repeat(50)}`, 1, /digits/],
    ['a wide number', '{{ "%1000000000d" % 1 }}', 1, /characters/],
    ['a wide text', '{{ "a".center(10 ** 12) }}{{ "{:>99999999999}".format("a") }}', 1, /characters/],
    ['a deep indent', '{{ "a\nb" | indent(10 ** 10) }}', 2, /characters/],
    ['a join of much', '{{ range(99999) | join("x" * 1000) }}', 1, /characters/],
    ['replacing nothing by much', '{{ ("x" * 100000) | replace("", "y" * 10000) }}', 1, /characters/],
    [
      'slices of slices',
      `{% set x = "x" * 1000000 %}\n{% for i in range(99999) %}{{ x[1:][0] }}{% endfor %}`,
      2,
      /characters/,
    ],
    ['sorting much', '{{ (range(300000) | list | sort)[0] }}', 1, /steps/],
    ['blanks in a number', '{{ ("x" ~ " " * 1000000 ~ "x") | int }}{{ "a" * 10**10 }}', 1, /characters/],
    ['digits that are no number', '{{ ("0" * 1000000 ~ "_") | float }}{{ "a" * 10**10 }}', 1, /characters/],
    ['names in a format', '{{ ("%(" * 1000000) % 1 }}', 1, /conversion|format|“%/],
    ['a format of many places', '{{ ("%%" * 1000000) % () }}', 1, /steps/],
    ...['upper', 'length', 'wordcount', 'float', 'd(1)'].map((filter): [string, string, number, RegExp] => [
      `the filter ${filter} of much`,
      `{% set x = "a" * 1000000 %}\n{% for i in range(99999) %}{% set y = x | ${filter} %}{% endfor %}`,
      2,
      /characters/,
    ]),
    [
      'a test of much',
      '{% set x = "a" * 1000000 %}{% for i in range(99999) %}{{ x is lower }}{% endfor %}',
      1,
      /characters/,
    ],
    [
      'comparing much',
      '{% set x = "a" * 999999 %}{% set y = "a" * 999999 %}\n{% for i in range(99999) %}{{ x == y }}{% endfor %}',
      2,
      /characters/,
    ],
    ['a long key', '{% set x = "a" * 1000000 %}{% for i in range(99999) %}{{ {x: 1}[x] }}{% endfor %}', 1, /a key/],
    ['a deep key', `{% set t = (1,) %}${'{% set t = (t, t) %}'.repeat(60)}\n{{ {t: 1} }}`, 2, /a key/],
    [
      'more output than a script has',
      '{% for i in range(2000) %}{{ "x" * 1000 }}{% endfor %}',
      1,
      /larger than 1024 KiB/,
    ],
    ['deep brackets', `\n${'('.repeat(100_000)}`.replace('\n', '\n{{ '), 2, /nested/],
    ['deep tags', many(5000, () => '{% if 1 %}\n'), 100, /nested/],
    ['deep nots', `{{ ${'not '.repeat(50_000)}1 }}`, 1, /nested/],
    ['a long chain of operators', `{{ 1${'+1'.repeat(100_000)} }}`, 1, /nested|steps/],
    ['a long chain of attributes', `{{ a${'.a'.repeat(100_000)} }}`, 1, /nested|steps|undefined/],
    [
      'very many elifs',
      `{% if a0 %}${many(6000, (i) => `{% elif a${i} %}{% set b${i} = 1 %}`)}{% endif %}`,
      1,
      /steps/,
    ],
    ['a tag that never ends', `a\n{% if ${'x '.repeat(100)}`, 2, /expected/],
    ['a comment that never ends', `a\n{#${' {# '.repeat(50_000)}`, 2, /comment/],
    ['much white space', `${' '.repeat(100_000)}x${' '.repeat(100_000)}{{- nosuch.x }}`, 1, /undefined/],
    ['starts of tags', `{{ 1 }}${'{%'.repeat(1)}${' '.repeat(200_000)}`, 1, /expected|place/],
    ['its own constructor', '{{ "".__class__.__mro__ }}', 1, /not supported/],
    ['a macro', 'a\n\n{% macro m() %}{% endmacro %}', 3, /not supported/],
    ['an import', '{% from "x" import y %}', 1, /not supported/],
    ['an include of itself', 'a\n{% include "run.sh" %}', 2, /include/],
    ['an include out of the folder', 'a\nb\n{% include "../../../etc/passwd" %}', 3, /leads out/],
    ['an include by an absolute path', '{% if 1 %}\n{% include "/etc/passwd" %}{% endif %}', 2, /leads out|no include/],
  ])('%s', { timeout: 5000 }, (title, template, line, message) => {
    write('app.yaml', minimal);
    write('run.sh', template);
    const said = refusal(title);
    expect(said).toMatch(message);
    expect(said).toContain(`/evil/run.sh:${line}`);
  });

  test('a circle of includes', { timeout: 5000 }, () => {
    write('app.yaml', minimal);
    write('run.sh', '\n{% include "a" %}');
    write('a', '\n\n{% include "b" %}');
    write('b', '{% include "a" %}');
    expect(refusal('a circle of includes')).toMatch(/\/evil\/[ab]:[13] .*nested more than 20 deep/);
  });

  test('includes that double', { timeout: 5000 }, () => {
    write('app.yaml', minimal);
    write('run.sh', '{% include "i0" %}');
    for (let index = 0; index < 18; index++)
      write(`i${index}`, `{% include "i${index + 1}" %}{% include "i${index + 1}" %}`);
    write('i18', 'xxxxxxxxxxxxxxxxx');
    expect(refusal('includes that double')).toMatch(/\/evil\/i\d+:1 .*(steps|characters|larger)/);
  });

  test.each([
    ['NUL', Buffer.from('a\nb\0c\n'), 2, /NUL/],
    ['bytes that are not UTF-8', Buffer.from([97, 10, 98, 10, 0xff, 0xfe]), 3, /UTF-8/],
    ['two MiB', Buffer.alloc(2 * 1024 * 1024, 'x'), null, /larger than/],
  ])('with %s', { timeout: 5000 }, (title, data, line, message) => {
    write('app.yaml', minimal);
    write('run.sh', data);
    const said = refusal(title);
    expect(said).toMatch(message);
    expect(said).toContain(line === null ? '/evil/app.yaml:2' : `/evil/run.sh:${line}`);
  });

  test.each([
    ['by name', '../../outside.sh'],
    ['by an absolute name', '/etc/passwd'],
    ['by a link', 'run.sh'],
    ['by a link to a folder', 'link/passwd'],
  ])('outside of its folder %s', { timeout: 5000 }, (title, script) => {
    write('app.yaml', minimal.replace('run.sh', script));
    symlinkSync('/etc/passwd', join(folder, 'evil/run.sh'));
    symlinkSync('/etc', join(folder, 'evil/link'));
    const said = refusal(`a script outside ${title}`);
    expect(said).toMatch(/leads out|There is no file/);
    expect(said).toContain('/evil/app.yaml:2');
  });
});

describe('app.yaml', () => {
  const levels = many(9, (i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(',')}]\n`);
  test.each([
    ['an alias bomb', `${minimal}l0: &l0 [x]\n${levels}`, 5, /alias/i],
    ['a giant', `${minimal}# ${'x'.repeat(10_000_000)}`, 1, /larger/i],
    ['NUL', `${minimal}\ntitle: a\0b\n`, 5, /NUL/],
    ['3,000 args', `${minimal}args:\n${many(3000, (i) => ` - {name: a${i}}\n`)}`, 4, /Too big/],
    ['10,000 args', `${minimal}args:\n${many(10_000, (i) => ` - {name: a${i}}\n`)}`, 1, /larger/i],
    ['6,000 keys', `${minimal}${many(6000, (i) => `k${i}: 1\n`)}`, 4, /unrecognized/i],
    ['deep lists', `${minimal}args: ${'['.repeat(60_000)}`, 4, /deep/],
    ['deep maps', `${minimal}needs: ${'{a: '.repeat(15_000)}`, 4, /deep/],
    ['deep blocks', `${minimal}needs:\n${many(300, (i) => `${' '.repeat(i + 1)}a:\n`)}`, 5, /nrecognized/],
  ])('%s', { timeout: 5000 }, (title, text, line, message) => {
    write('app.yaml', text);
    write('run.sh', 'echo');
    const said = refusal(`app.yaml: ${title}`);
    expect(said).toMatch(message);
    expect(said).toContain(`/evil/app.yaml:${line}`);
  });

  test.each([
    ['a backreference', '(a+)\\1', /RE2.*backreferences/],
    ['a lookahead', '(?=a)b', /RE2.*lookahead/],
    ['a lookbehind', '(?<=a)b', /RE2.*lookbehind/],
    ['huge counts', '(a{1000}){1000}', /repeat count.*1000 repetitions/],
    ['counts that add up', '(a{0,999})'.repeat(45), /too large/],
    ['deep groups', `${'('.repeat(240)}a${')'.repeat(240)}{2}{2}`, /Not a pattern/],
  ])('a pattern with %s', { timeout: 5000 }, (title, pattern, message) => {
    write('app.yaml', `${minimal}args:\n  - name: a\n    description: x\n    pattern: ${JSON.stringify(pattern)}\n`);
    write('run.sh', 'echo');
    const said = refusal(`a pattern with ${title}`);
    expect(said).toMatch(message);
    expect(said).toContain('/evil/app.yaml:7');
  });

  test.each(['(a+)+$', '(a|a)*', '((a*)*)*b', '(x+x+)+y|(a?){240}a{240}', '(.*a){60}.{600}b'])(
    'the value of a form under the pattern %s',
    { timeout: 5000 },
    (pattern) => {
      write('app.yaml', `${minimal}args:\n  - name: a\n    description: x\n    pattern: ${JSON.stringify(pattern)}\n`);
      write('run.sh', 'echo');
      expect(refusal(`pattern ${pattern}`, { a: `${'a'.repeat(4000)}!` })).toMatch(/“a”.* does not fit the pattern/);
      expect(refusal(`pattern ${pattern}, 1 MB`, { a: 'a'.repeat(1e6) })).toMatch(/more than 4096 characters/);
    },
  );

  test('10,000 values for arguments', { timeout: 5000 }, () => {
    write('app.yaml', minimal);
    write('run.sh', 'echo');
    const args = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a${index}`, 'x']));
    expect(refusal('10,000 values', args)).toMatch(/10000 arguments were given, at most 500/);
  });
});
