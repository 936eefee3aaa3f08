import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderRecipes } from '../../../electron/core/folders/folder-recipes.ts';
import { FolderStore } from '../../../electron/core/folders/folder-store.ts';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { createRender } from '../../../electron/core/recipes/render.ts';
import { renderPreview } from '../../../electron/core/recipes/render-launch.ts';
import { type Folder, type FolderKind, folderSchema } from '../../../electron/shared/folders.ts';

const templates = join(import.meta.dirname, '../../../recipes/templates');
const shipped = join(import.meta.dirname, '../../../recipes');
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tunel-folder-recipes-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const folder = (id: string, kind: FolderKind, title = 'My app'): Folder =>
  folderSchema.parse({
    id,
    title,
    createdAt: 1,
    source: { kind: 'folder', path: '/home/ada/app' },
    start: { kind, line: 'run', listen: 'socket', environment: { kind: 'none', files: [] } },
  });
const open = () => {
  const store = new FolderStore(
    data,
    () => 1,
    () => undefined,
  );
  const library = createRecipeLibrary([
    folderRecipes({
      folders: () => store.list().map((stored) => stored.folder),
      templates,
      onChange: (listener) => store.on('folders', listener),
    }),
  ]);
  return { store, library };
};

describe('recipes of folders', () => {
  test('follow what is saved and removed, and only that', () => {
    const { store, library } = open();
    let reloads = 0;
    library.onChange(() => {
      reloads += 1;
    });
    store.put(folder('one-1', 'flask'));
    expect(library.get('folders/one-1').summary).toMatchObject({
      title: 'My app',
      serves: true,
      source: 'Your folders',
    });
    store.put(folder('one-1', 'flask', 'Renamed'));
    expect(library.list().map(({ title }) => title)).toEqual(['Renamed']);
    expect(reloads).toBe(2);
    store.saveReport('one-1', 'c1', null);
    expect(reloads).toBe(2);
    store.remove('one-1');
    expect(library.list()).toEqual([]);
    expect(reloads).toBe(3);
  });

  test.each<[FolderKind, string[]]>([
    ['flask', ['listen_on_socket.cjs', 'run-folder.sh', 'run_python.py', 'serve_static.py', 'serve_wsgi.py']],
    [
      'streamlit',
      [
        'listen_on_socket.cjs',
        'run-folder.sh',
        'run_python.py',
        'serve_static.py',
        'serve_streamlit.py',
        'serve_wsgi.py',
      ],
    ],
    ['compute-studio', expect.arrayContaining(['serve_compute_studio.py'])],
    ['rescale', expect.arrayContaining(['rescale/bash-env.sh', 'run-folder.sh'])],
  ])('a folder of kind %s carries its helpers and renders', (kind, names) => {
    const { store, library } = open();
    store.put(folder('one-1', kind));
    const recipe = library.get('folders/one-1');
    expect(library.problems()).toEqual([]);
    expect([...recipe.files.keys()].sort()).toEqual(names);
    const { rendered } = renderPreview(createRender(join(shipped, 'templates')), {
      recipe,
      input: { args: {}, runtime: '' },
      launcher: 'slurm',
      home: '/home/ada',
      isSent: false,
    });
    expect(rendered.script).toContain('exec bash "$TUNEL_DIR/files/run-folder.sh"');
  });

  test('what another process saved stays, and a file that cannot be read is kept and reported', () => {
    const one = open();
    const other = open();
    one.store.put(folder('one-1', 'flask'));
    other.store.put(folder('two-2', 'flask'));
    one.store.remove('one-1');
    expect(
      open()
        .library.list()
        .map(({ name }) => name),
    ).toEqual(['folders/two-2']);
    writeFileSync(join(data, 'folders.json'), '{ no json');
    const reported: string[] = [];
    const store = new FolderStore(
      data,
      () => 1,
      (notice) => reported.push(notice.title),
    );
    expect(store.list()).toEqual([]);
    expect(reported).toEqual(['The folders file could not be read']);
    expect(readdirSync(data).some((name) => name.startsWith('folders.json.unreadable-'))).toBe(true);
  });

  test('are made in memory: a start writes nothing that another process could read half', () => {
    const { store } = open();
    store.put(folder('one-1', 'static'));
    const before = readdirSync(data);
    const again = open();
    expect(again.library.get('folders/one-1').summary.title).toBe('My app');
    expect(readdirSync(data)).toEqual(before);
  });
});
