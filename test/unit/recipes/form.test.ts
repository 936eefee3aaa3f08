import { describe, expect, test } from 'vitest';
import { checkArgs } from '../../../electron/core/recipes/args.ts';
import { parseRecipeFile } from '../../../electron/core/recipes/recipe-file.ts';
import { summarize } from '../../../electron/core/recipes/summarize.ts';
import { checkValue, formFields, resourceLimits } from '../../../electron/shared/form-policy.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { launchError } from '../../../electron/shared/launch-problems.ts';
import { resourceProblems } from '../../../electron/shared/launch-validation-policy.ts';
import type { RecipeArg } from '../../../electron/shared/recipes.ts';

const arg = (name: string, over: Partial<RecipeArg> = {}): RecipeArg => ({ name, description: '', ...over });
const names = (args: RecipeArg[], values: Record<string, string | number | boolean> = {}) =>
  formFields(args, values).map((field) => field.name);

const kind = arg('kind', { type: 'choice', choices: ['python', { value: 'conda' }, 'container'], default: 'python' });
const args = [
  kind,
  arg('gpu', { type: 'boolean' }),
  arg('env', { when: { kind: ['python', 'conda'] } }),
  arg('image', { when: { kind: 'container' }, required: true }),
  arg('tag', { when: { image: 'base' } }),
  arg('workers', {
    type: 'number',
    min: 1,
    max: 64,
    limits: [
      { when: { gpu: true }, max: 4 },
      { when: { kind: 'container' }, min: 2, max: 8 },
    ],
  }),
];

describe('which fields are asked for', () => {
  test('by the value of another, its default where nothing is given', () => {
    expect(names(args)).toEqual(['kind', 'gpu', 'env', 'workers']);
    expect(names(args, { kind: 'container' })).toEqual(['kind', 'gpu', 'image', 'workers']);
    expect(names(args, { kind: 'container', image: 'base' })).toContain('tag');
  });
  test('what hangs on a field that is not asked for is not asked for either, whatever was given', () => {
    expect(names(args, { kind: 'conda', image: 'base' })).not.toContain('tag');
  });
  test('a boolean without a value is false, however it is written otherwise', () => {
    const two = [
      arg('on', { type: 'boolean' }),
      arg('off', { when: { on: false } }),
      arg('more', { when: { on: true } }),
    ];
    expect(names(two)).toEqual(['on', 'off']);
    for (const on of [true, 'yes', '1', 'True']) expect(names(two, { on })).toEqual(['on', 'more']);
  });
  test('numbers are compared as numbers, and an emptied field has no value even where there is a default', () => {
    const two = [arg('n', { type: 'number', default: 2 }), arg('x', { when: { n: 2 } }), arg('y', { when: { n: '' } })];
    expect(names(two, { n: '2.0' })).toEqual(['n', 'x']);
    expect(names(two, { n: '' })).toEqual(['n', 'y']);
  });
  test('names of the prototype are names like others', () => {
    const two = [arg('constructor'), arg('x', { when: { constructor: '' } })];
    expect(names(two)).toEqual(['constructor', 'x']);
    expect(checkArgs('r', two, {}).size).toBe(0);
  });
  test('a circle, which no recipe may have, ends', () => {
    expect(names([arg('a', { when: { b: '' } }), arg('b', { when: { a: '' } })])).toEqual([]);
  });
});

describe('limits', () => {
  const workers = (values: Record<string, string | boolean>) =>
    formFields(args, values).find((field) => field.name === 'workers');
  test('the narrowest of those that hold', () => {
    expect(workers({})).toMatchObject({ min: 1, max: 64 });
    expect(workers({ gpu: true })).toMatchObject({ min: 1, max: 4 });
    expect(workers({ gpu: true, kind: 'container' })).toMatchObject({ min: 2, max: 4 });
  });
  test('choices that are left', () => {
    const two = [
      kind,
      arg('v', {
        type: 'choice',
        choices: ['1', '2', '3'],
        limits: [{ when: { kind: 'conda' }, choices: ['2', '3'] }],
      }),
    ];
    const left = formFields(two, { kind: 'conda' })[1]!;
    expect(left.choices).toEqual(['2', '3']);
    expect(checkValue(left, '1')).toEqual({ problem: { kind: 'not-a-choice', choices: ['2', '3'] } });
  });
  test('of the resources', () => {
    const resources = {
      cpus: { default: 2, max: 16 },
      limits: [{ when: { gpu: true }, cpus: { max: 4 }, time: { max: 60 } }],
    };
    expect(resourceLimits({ args, resources }, {})).toEqual(resources);
    expect(resourceLimits({ args, resources: { ...resources } }, { gpu: true })).toMatchObject({
      cpus: { default: 2, max: 4 },
      time: { max: 60 },
    });
  });
});

describe('the core takes what the form sends', () => {
  test('values of fields that are not shown are dropped, and not even checked', () => {
    const values = checkArgs('r', args, { kind: 'conda', image: 'x\0', workers: '3' });
    expect([...values]).toEqual([
      ['kind', 'conda'],
      ['workers', 3],
    ]);
  });
  test('a narrower limit is a limit, and a field that is shown may be needed', () => {
    expect(() => checkArgs('r', args, { gpu: true, workers: 5 })).toThrow(
      'Argument “workers” of recipe “r”: 5 is more than 4.',
    );
    expect(() => checkArgs('r', args, { kind: 'container' })).toThrow('“image” of recipe “r”: a value is required');
  });
  test('more than the recipe takes is refused before anything is sent', () => {
    const { file } = parseRecipeFile(
      'r',
      'r/app.yaml',
      `launcher: slurm
script: run.sh
description: A test
args:
  - { name: gpu, description: x, type: boolean }
resources:
  cpus: { max: 16 }
  limits:
    - { when: { gpu: true }, cpus: { max: 4 } }
`,
    );
    const summary = summarize('r', file!, 'test');
    const check = (args: Record<string, boolean>) =>
      resourceProblems({
        resources: resourcesSchema.parse({ cpus: 8 }),
        recipe: summary,
        args,
        launcher: 'slurm',
        target: { name: 'c', facts: null },
      });
    expect(check({})).toEqual([]);
    expect(check({ gpu: true }).map((problem) => launchError(problem))).toEqual([
      expect.objectContaining({
        code: 'limit-exceeded',
        message: 'r takes at most 4 cores, and 8 were asked for.',
        hint: 'Ask for 4 cores or less.',
      }),
    ]);
  });
});

describe('a recipe that says what cannot be is a mistake with its line', () => {
  const head = 'launcher: slurm\nscript: run.sh\ndescription: A test\nargs:\n';
  test.each([
    [
      'an unknown argument',
      '  - { name: a, description: x, when: { b: 1 } }\n',
      5,
      'args.0.when.b',
      'There is no argument b.',
    ],
    ['itself', '  - { name: a, description: x, when: { a: 1 } }\n', 5, 'args.0.when.a', 'depends on itself'],
    [
      'a secret',
      '  - { name: s, description: x, type: secret }\n  - name: a\n    description: x\n    when:\n      s: 1\n',
      9,
      'args.1.when.s',
      'nothing may depend on a secret',
    ],
    [
      'a value it never has',
      '  - { name: s, description: x, type: choice, choices: [a, b] }\n  - { name: a, description: x, when: { s: c } }\n',
      6,
      'args.1.when.s',
      'never “c”',
    ],
    [
      'a circle',
      '  - { name: a, description: x, when: { c: 1 } }\n  - { name: b, description: x, when: { a: 1 } }\n  - { name: c, description: x, when: { b: 1 } }\n',
      5,
      'args.0.when',
      'a needs c needs b needs a',
    ],
    ['an empty condition', '  - { name: a, description: x, when: {} }\n', 5, 'args.0.when', 'at least one'],
    [
      'limits that leave nothing',
      '  - { name: b, description: x, type: boolean }\n  - { name: a, description: x, type: number, min: 5, limits: [{ when: { b: true }, max: 4 }] }\n',
      6,
      'args.1.limits.0',
      'Nothing is between 5 and 4',
    ],
    [
      'a choice there is not',
      '  - { name: b, description: x, type: boolean }\n  - { name: a, description: x, type: choice, choices: [x], limits: [{ when: { b: true }, choices: [y] }] }\n',
      6,
      'args.1.limits.0',
      'no choice “y”',
    ],
    ['a picker of a text', '  - { name: a, description: x, pick: file }\n', 5, 'args.0.pick', 'type path'],
    [
      'choices for a number',
      '  - { name: a, description: x, type: number, from: queues }\n',
      5,
      'args.0.from',
      'not for a number',
    ],
    ['a source there is not', '  - { name: a, description: x, from: stars }\n', 5, 'args.0.from', ''],
  ])('%s', (_, text, line, field, message) => {
    const { problems } = parseRecipeFile('r', 'r/app.yaml', head + text);
    expect(problems[0]).toMatchObject({ file: 'r/app.yaml', line, field });
    expect(problems[0]?.message).toContain(message);
  });
  test('of the resources’ limits as well', () => {
    const { problems } = parseRecipeFile(
      'r',
      'r',
      `${head.replace('args:\n', '')}resources:\n  limits:\n    - when: { gpu: true }\n      cpus: { max: 1 }\n`,
    );
    expect(problems[0]).toMatchObject({ line: 6, field: 'resources.limits.0.when.gpu' });
  });
  test('a chain of two hundred is none', () => {
    const chain = Array.from(
      { length: 200 },
      (_, i) => `  - { name: a${i}, description: x${i > 0 ? `, when: { a${i - 1}: y }` : ''} }\n`,
    );
    const { file } = parseRecipeFile('r', 'r', head + chain.join(''));
    const values = Object.fromEntries(chain.map((_, i) => [`a${i}`, 'y']));
    expect(formFields(file!.args!, values)).toHaveLength(200);
  });
});
