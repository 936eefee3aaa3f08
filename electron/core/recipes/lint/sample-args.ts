import RandExp from 'randexp';
import type { LaunchInput } from '../../../shared/instances.ts';
import { fitsPattern } from '../../../shared/pattern.ts';
import type { RecipeArg } from '../../../shared/recipes.ts';

/** The form as it opens, with something in each field that must not be empty. */
export function sampleArgs(args: readonly RecipeArg[]): LaunchInput['args'] {
  const missing = args.filter((arg) => arg.required && arg.default === undefined);
  return Object.fromEntries(missing.map((arg) => [arg.name, sampleOf(arg)]));
}

/** Arguments that must have a value and for which none is known that fits. */
export function argsWithoutSample(args: readonly RecipeArg[]): string[] {
  const samples = sampleArgs(args);
  return args
    .filter(({ name, pattern }) => pattern !== undefined && name in samples)
    .filter(({ name, pattern }) => fitsPattern(pattern ?? '', String(samples[name])) !== true)
    .map(({ name }) => name);
}

/** A value a form could have, for an argument a recipe demands. */
function sampleOf(arg: RecipeArg): string | number | boolean {
  const [choice] = arg.choices ?? [];
  if (choice !== undefined) return typeof choice === 'string' ? choice : choice.value;
  if (arg.type === 'number') return arg.min ?? Math.min(1, arg.max ?? 1);
  if (arg.type === 'boolean') return true;
  const usual = arg.type === 'path' ? '/home/user/file' : 'value';
  return arg.pattern === undefined ? usual : (sampleOfPattern(arg.pattern, usual) ?? usual);
}

/** What people write into forms: words, numbers, times, addresses, versions. */
const candidates = [
  ...['a', 'A', 'ab', 'abc', 'ABC', 'name', 'my-name', 'my_name', 'x1', 'A1', 'true', 'yes', 'GTR', 'ACGT'],
  ...[
    '1',
    '0',
    '10',
    '12',
    '123',
    '1234',
    '12345678',
    '0.5',
    '1e-3',
    '1:10',
    '1-10',
    '1,2,3',
    '8G',
    '8GB',
    '50%',
    '#336699',
  ],
  ...['2026-01-31', '12:30', '01:00:00', '2026-01-31T12:30:00', '1.2', '1.2.3', 'v1.2.3'],
  ...['name@example.org', 'example.org', 'https://example.org/x', '10.0.0.1', 'example.org:80', 'docker://name:tag'],
  ...['/home/user/file', '/home/user/', 'file', './file', '~/file', 'a b', 'a,b', 'a=b', 'a/b', 'NC_000001.11', 'A:B'],
];

/** A value that fits a pattern; null: none was found. */
export function sampleOfPattern(pattern: string, usual: string): string | null {
  const begins = literal(/^\^?((?:\\[^\w\s]|[^\\^$.|?*+()[\]{}])+)(?![?*{])/.exec(pattern)?.[1]);
  const tried = [usual, ...candidates].flatMap((text) => [text, ...endings(pattern).map((end) => text + end)]);
  const found = [...tried, ...tried.map((text) => begins + text)].find((text) => fitsPattern(pattern, text) === true);
  return found ?? generated(pattern);
}

/** The first of what the pattern allows, so that a script is the same each time; null: JavaScript reads it otherwise. */
function generated(pattern: string): string | null {
  try {
    const random = new RandExp(new RegExp(`^(?:${pattern})$`));
    random.max = 3;
    random.randInt = (least) => least;
    const value = random.gen();
    return fitsPattern(pattern, value) === true ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Texts that a pattern wants at the end: `.py` of `.*\.py`, `.csv` and `.tsv` of `.*\.(csv|tsv)`. */
function endings(pattern: string): string[] {
  const group = /(\\\.)\((?:\?:)?([\w|]+)\)\$?$/.exec(pattern);
  if (group) return (group[2] ?? '').split('|').map((word) => `.${word}`);
  const text = literal(/((?:\\[^\w\s]|[^\\^$.|?*+()[\]{}])+)\$?$/.exec(pattern)?.[1]);
  return text === '' ? [] : [text];
}

const literal = (escaped = ''): string => escaped.replaceAll(/\\(.)/g, '$1');
