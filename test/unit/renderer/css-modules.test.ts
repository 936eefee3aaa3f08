import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** TypeScript takes any name for a class of a CSS module: a wrong one would only be seen on the screen. */

const root = resolve(import.meta.dirname, '../../../renderer');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The class names a style sheet declares; those of Mantine and of other sheets are marked global there. */
function declaredClasses(css: string): Set<string> {
  const selectors = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/:global\([^)]*\)/g, '')
    .match(/[^{}]+(?=\{)/g);
  const names = (selectors ?? []).flatMap((selector) => [...selector.matchAll(/\.([a-z][\w-]*)/gi)]);
  return new Set(names.map((match) => match[1] ?? '').filter((name) => !name.startsWith('mantine-')));
}

interface Use {
  component: string;
  names: Set<string>;
  /** A name is computed, so that every class may be in use. */
  isComputed: boolean;
}

const uses = new Map<string, Use[]>();
for (const component of files.filter((file) => file.endsWith('.tsx'))) {
  const source = read(component);
  const body = source.replace(/^import .*$/gm, '');
  for (const [, alias, path] of source.matchAll(/^import (\w+) from '(.+\.module\.css)';$/gm)) {
    const sheet = join(component, '..', path ?? '');
    const names = [...body.matchAll(new RegExp(`(?<![.\\w])${alias}\\.(\\w+)`, 'g'))].map((match) => match[1] ?? '');
    const use = { component, names: new Set(names), isComputed: body.includes(`${alias}[`) };
    uses.set(sheet, [...(uses.get(sheet) ?? []), use]);
  }
}
const sheets = files.filter((file) => file.endsWith('.module.css'));

test.each(sheets)('%s has the classes its components use, and no others', (sheet) => {
  const declared = declaredClasses(read(sheet));
  const users = uses.get(sheet) ?? [];
  expect(
    users.flatMap(({ component, names }) =>
      [...names].filter((name) => !declared.has(name)).map((name) => `${component}: ${name}`),
    ),
  ).toEqual([]);
  const used = new Set(users.flatMap(({ names }) => [...names]));
  const unused = users.some(({ isComputed }) => isComputed) ? [] : [...declared].filter((name) => !used.has(name));
  expect(unused).toEqual([]);
});

test('all other class names are Mantine’s or documented utilities', () => {
  const utilities = declaredClasses(read('styles/utilities.css'));
  const [comment] = read('styles/utilities.css').split('*/');
  const undocumented = [...utilities].filter((name) => !comment?.includes(name));
  expect(undocumented).toEqual([]);
  const unknown = files
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) =>
      [...read(file).matchAll(/className="([^"]+)"/g)]
        .flatMap((match) => (match[1] ?? '').split(' '))
        .filter((name) => !utilities.has(name) && !name.startsWith('mantine-'))
        .map((name) => `${file}: ${name}`),
    );
  expect(unknown).toEqual([]);
});
