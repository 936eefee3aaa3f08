import { expect, test } from 'vitest';
import { launchInputSchema } from '../../../electron/shared/instances.ts';
import { codeServerPath, findApp, jupyterPath } from '../../../renderer/features/files/app-paths.ts';

const app = (over: object) => ({
  clusterId: 'hpc',
  recipe: 'jupyter',
  path: '/',
  state: 'ready' as const,
  workDirectory: '/home/ada/work',
  input: launchInputSchema.parse({ clusterId: 'hpc', recipe: 'jupyter' }),
  ...over,
});

test('a Jupyter shows what is below the folder that it runs in, and nothing else', () => {
  expect(jupyterPath(app({}), '/home/ada/work/a b/fit #1.ipynb')).toBe('/lab/tree/a%20b/fit%20%231.ipynb');
  expect(jupyterPath(app({ workDirectory: '/home/ada/work/' }), '/home/ada/work/x.ipynb')).toBe('/lab/tree/x.ipynb');
  expect(jupyterPath(app({ workDirectory: '/' }), '/x.ipynb')).toBe('/lab/tree/x.ipynb');
  expect(jupyterPath(app({}), '/home/ada/workshop/x.ipynb')).toBeNull();
  expect(jupyterPath(app({ workDirectory: undefined }), '/x.ipynb')).toBeNull();
  const input = { ...app({}).input, args: { interface: 'notebook' } };
  expect(jupyterPath(app({ input }), '/home/ada/work/x.ipynb')).toBe('/notebooks/x.ipynb');
});

test('a code-server shows any folder', () => {
  expect(codeServerPath(app({}), '/data/a&b')).toBe('/?folder=%2Fdata%2Fa%26b');
});

test('an app is one that is ready, of this cluster and recipe', () => {
  const others = [
    app({ clusterId: 'other' }),
    app({ recipe: 'marimo' }),
    app({ state: 'starting' }),
    app({ workDirectory: '/elsewhere' }),
  ];
  const find = (apps: ReturnType<typeof app>[]) =>
    findApp(apps, 'hpc', 'jupyter', (each) => jupyterPath(each, '/home/ada/work/x.ipynb'));
  expect(find(others)).toBeNull();
  const last = app({ state: 'reconnecting' });
  expect(find([...others, last])).toEqual({ app: last, path: '/lab/tree/x.ipynb' });
});
