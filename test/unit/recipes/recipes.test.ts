import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { parseRecipeFile } from '../../../electron/core/recipes/recipe-file.ts';
import { recipesInFolders } from '../../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../../electron/core/recipes/render.ts';
import { renderTemplate } from '../../../electron/core/recipes/template.ts';

const shipped = join(import.meta.dirname, '../../../recipes');
const minimal = 'launcher: slurm\nscript: run.sh\ndescription: A test\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-recipes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
const library = () => createRecipeLibrary([recipesInFolders({ folders: () => [{ path: folder, source: 'test' }] })]);
const renderWith = (name: string, args: Record<string, string | number | boolean> = {}) =>
  createRender(join(shipped, 'templates'))({
    recipe: library().get(name),
    args,
    launcher: 'slurm',
    home: '/home/ada',
    directory: '/home/ada/.tunel/abc',
    workDirectory: '',
    modules: [],
    port: '',
  });

describe('app.yaml', () => {
  test.each([
    ['an unknown key', `${minimal}wrong: 1\n`, 4, 'wrong'],
    ['a wrong type', 'launcher: slurm\nscript: 5\ndescription: x\n', 2, 'script'],
    ['a key inside a list', `${minimal}args:\n  - name: a\n    description: x\n    colour: red\n`, 7, 'args.0.colour'],
    ['a bad pattern', `${minimal}args:\n  - name: a\n    description: x\n    pattern: "["\n`, 7, 'args.0.pattern'],
    ['a missing key', 'launcher: slurm\nscript: run.sh\n', 1, 'description'],
    ['__proto__', `${minimal}__proto__:\n  polluted: true\n`, 4, '__proto__'],
    ['broken YAML', 'launcher: [slurm\n', 2, ''],
    ['a key twice', `${minimal}script: other.sh\n`, 4, ''],
  ])('%s is named with its line', (_, text, line, field) => {
    const parsed = parseRecipeFile('x', 'x/app.yaml', text);
    expect(parsed.file).toBeNull();
    expect(parsed.problems[0]).toMatchObject({ file: 'x/app.yaml', line, field });
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  test('an alias bomb and a giant are refused at once', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(',')}]`);
    const bomb = `${minimal}l0: &l0 [x]\n${levels.join('\n')}\n`;
    expect(parseRecipeFile('x', 'x', bomb).problems[0]?.message).toMatch(/alias/i);
    expect(parseRecipeFile('x', 'x', `${minimal}# ${'x'.repeat(10_000_000)}`).problems[0]?.message).toMatch(/Larger/);
  });
});

describe('the library', () => {
  test('finds by exact name, then by a unique part; names the choices otherwise', () => {
    for (const name of ['slurm/socket/jupyter', 'slurm/port/jupyter', 'jupyter']) {
      write(`${name}/app.yaml`, minimal);
      write(`${name}/run.sh`, 'echo');
    }
    expect(library().get('jupyter').summary.name).toBe('jupyter');
    expect(library().get('socket').summary.name).toBe('slurm/socket/jupyter');
    expect(() => library().get('slurm')).toThrow(/fits 2 recipes/);
    expect(() => library().get('rstudio')).toThrow(/no recipe/);
  });

  test('a recipe of a folder is found under its full name, not ours by the last part of it, even when it has errors', () => {
    write('source/slurm/socket/jupyter/app.yaml', minimal);
    write('source/slurm/socket/jupyter/run.sh', 'echo theirs');
    write('ours/jupyter/app.yaml', minimal);
    write('ours/jupyter/run.sh', 'echo ours');
    const provider = (name: string) =>
      recipesInFolders({ folders: () => [{ path: join(folder, name), source: name }], includes: null });
    const both = createRecipeLibrary([provider('source'), provider('ours')]);
    expect(both.get('slurm/socket/jupyter').template).toBe('echo theirs');
    expect(both.get('jupyter').template).toBe('echo ours');
    expect(createRecipeLibrary([provider('ours')]).get('slurm/socket/jupyter').template).toBe('echo ours');
    write('source/slurm/socket/jupyter/app.yaml', `${minimal}wrong: 1\n`);
    const broken = createRecipeLibrary([provider('source'), provider('ours')]);
    expect(() => broken.get('slurm/socket/jupyter')).toThrow(expect.objectContaining({ code: 'recipe-invalid' }));
  });

  test('a script or include that leads out of the folder is refused, by name or by link', () => {
    writeFileSync(join(tmpdir(), 'outside.sh'), 'secret');
    write('a/app.yaml', minimal.replace('run.sh', '../../outside.sh'));
    write('b/app.yaml', minimal);
    mkdirSync(join(folder, 'b'), { recursive: true });
    symlinkSync('/etc/passwd', join(folder, 'b/run.sh'));
    write('c/app.yaml', minimal);
    write('c/run.sh', '{% include "../../../etc/passwd" %}');
    const { list, problems } = library();
    expect(list()).toEqual([]);
    expect(problems()).toEqual([
      expect.objectContaining({ recipe: 'a', line: 2, field: 'script', message: expect.stringMatching(/leads out/) }),
      expect.objectContaining({ recipe: 'b', line: 2, field: 'script', message: expect.stringMatching(/leads out/) }),
      expect.objectContaining({ recipe: 'c', line: 1, message: expect.stringMatching(/leads out/) }),
    ]);
    expect(() => renderWith('c')).toThrow(/leads out/);
  });

  test('all shipped recipes are valid and render', () => {
    cpSync(shipped, folder, { recursive: true });
    expect(library().problems()).toEqual([]);
    for (const { name } of library().list()) expect(renderWith(name).script).toMatch(/^#!/);
  });
});

describe('rendering', () => {
  const render = (template: string, context: Record<string, unknown> = {}) =>
    renderTemplate('t', template, context, (name) =>
      name === 'inc.sh' ? { file: name, text: 'INC {{ args.x }}\n' } : null,
    );

  test.each([
    ['{{ missing }}|{{ args.missing }}|', { args: {} }, '||'],
    ['{% if args.x %}yes{% elif args.y %}else{% else %}no{% endif %}', { args: { y: 'v' } }, 'else'],
    ['{% for x in missing %}{{ x }}{% endfor %}.', {}, '.'],
    ['{% for x in xs %}{{ x }},{% endfor %}', { xs: ['a', 'b'] }, 'a,b,'],
    ['{{ args.x }} {{ args.y }}', { args: { x: true, y: false } }, 'True False'],
    ['a\n  {% if true %}\n  b\n  {% endif %}\nc\n\n', {}, 'a\n  \n  b\n  \nc\n'],
    ['{# gone #}{{ args.x }}', { args: { x: `<'"&$()` } }, `<'"&$()`],
    ['[{% include "inc.sh" %}]', { args: { x: 1 } }, '[INC 1]'],
    ['[ {%- include "inc.sh" -%} ]', { args: { x: 1 } }, '[INC 1]'],
    ['{# {% include "none" %} #}x', {}, 'x'],
  ])('%j', (template, context, expected) => {
    expect(render(template, context)).toBe(expected);
  });

  test('errors name the file', () => {
    expect(() => render('{% include "none.sh" %}')).toThrow(/^t:1 cannot be rendered.*none\.sh/);
    expect(() => render('{% if %}')).toThrow(/^t:1 cannot be rendered/);
  });

  test('values reach the shell as one quoted word, secrets never reach the script', () => {
    const declared = 'args:\n  - {name: g, description: x}\n  - {name: s, description: x, type: secret}\n';
    write('q/app.yaml', minimal + declared);
    write('q/run.sh', 'echo {{ tunel.quoted.g }} {{ args.s }}');
    const { script, secrets } = renderWith('q', { g: `a'b"$(id)\nü`, s: 'hunter2' });
    expect(script).toBe(`echo 'a'\\''b"$(id)\nü' $(cat "$TUNEL_DIR/secret-s")`);
    expect(secrets).toEqual({ s: 'hunter2' });
  });

  test.each([
    [{ n: 'many' }, /“many” is not a number/],
    [{ n: 11 }, /11 is more than 10/],
    [{ n: 1, c: 'z' }, /not one of a, b/],
    [{ n: 1, p: 'UP' }, /does not fit/],
    [{}, /“n”.*required/],
    [{ n: 1, other: 'a\0b' }, /NUL/],
  ])('arguments %j are refused with a reason', (args, message) => {
    const declared = `args:
  - {name: n, description: x, type: number, max: 10, required: true}
  - {name: c, description: x, type: choice, choices: [a, b]}
  - {name: p, description: x, pattern: "[a-z]+"}
`;
    write('v/app.yaml', minimal + declared);
    write('v/run.sh', 'x');
    expect(() => renderWith('v', args)).toThrow(message);
  });

  test('the reason tells no secret and no more than the start of a long value', () => {
    write('v/app.yaml', `${minimal}args:\n  - {name: s, description: x, type: secret, pattern: "[a-z]+"}\n`);
    write('v/run.sh', 'x');
    expect(() => renderWith('v', { s: 'HUNTER2' })).toThrow(/“s”.*: “\*\*\*” does not fit/);
    write('v/app.yaml', `${minimal}args:\n  - {name: s, description: x, pattern: "[a-z]+"}\n`);
    expect(() => renderWith('v', { s: 'X'.repeat(4000) })).toThrow(/“X{200}…” does not fit/);
  });
});
