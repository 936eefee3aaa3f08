import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rescaleCluster } from '../../../electron/core/folders/rescale-script.ts';
import type { FolderKind } from '../../../electron/shared/folders.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { OwnFolders } from './own-folders.ts';
import { installWheels } from './python-wheels.ts';

const fixture = (name: string) => join(import.meta.dirname, '../../fixtures/folders', name);
const onNode = { options: ['--nodelist=c1'], memory: 300 };

let own: OwnFolders;
let info: ClusterInfo;
let wheels: string;

vi.setConfig({ maxConcurrency: 3 });
beforeAll(async () => {
  info = await upCluster('slurm22');
  wheels = await installWheels(info, 'c1');
  own = await OwnFolders.on(info, 'slurm', wheels);
  await own.onNode('c1', 'mkdir -p ~/data && echo measured >~/data/values.txt');
});
afterAll(() => own?.close());

describe('a folder that failed in the field shows its page, as it was recognised:', () => {
  test.concurrent.each<[string, FolderKind, string, string]>([
    ['fac-arg', 'flask', '/', 'ok default'],
    ['fa-fac', 'fastapi', '/', '{"ok":1}'],
    ['dock', 'fastapi', '/openapi.json', '"openapi"'],
    ['dash-idx', 'dash', '/_dash-layout', 'hello'],
    ['st-multi', 'streamlit', '/_stcore/health', 'ok'],
    ['compute-studio', 'compute-studio', '/', 'Version 1.2.0'],
    ['anylaunch', 'other', '/', 'values.txt'],
  ])('%s', async (name, kind, page, words) => {
    const path = own.path(name);
    cpSync(fixture(name), path, { recursive: true });
    // Of the frameworks only this one is not on the node.
    if (kind === 'dash') writeFileSync(join(path, 'requirements.txt'), 'dash\n');
    const { recipe } = await own.save(path, kind);
    const app = await own.launch(recipe, onNode);
    const view = own.view(app.id);
    expect((await view.get(page)).text).toContain(words);
    view.close();
    await own.stop(app.id);
  });

  test.concurrent('res-nolaunch, below the prefix of Rescale, and ready only when that answers', async () => {
    const { id, recipe } = await own.save(fixture('res-nolaunch'), 'flask');
    const app = await own.launch(recipe, onNode);
    const view = own.view(app.id);
    expect((await view.get(`/notebooks/${rescaleCluster(id)}/`)).text).toBe('hi');
    view.close();
    await own.stop(app.id);
  });
});

test('an environment.yml where there is no conda: it is said what is missing', async () => {
  const { recipe } = await own.save(fixture('conda'), 'flask');
  await expect(own.launch(recipe, onNode)).rejects.toThrow(/environment\.yml needs micromamba, mamba or conda/);
});

test('a package index that no node reaches is named in one sentence, with what to do', async () => {
  const offline = await OwnFolders.on(
    info,
    'slurm',
    `${wheels}\nexport PIP_NO_INDEX= PIP_FIND_LINKS= PIP_INDEX_URL=https://index.invalid/simple PIP_RETRIES=1`,
  );
  try {
    const files = {
      'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
      'requirements.txt': 'not-there==1\n',
    };
    const { recipe } = await offline.save(offline.write('unreached', files), 'flask');
    await expect(offline.launch(recipe, onNode)).rejects.toThrow(
      /c1 cannot reach a package index.*so unreached did not start.*PIP_INDEX_URL/,
    );
  } finally {
    await offline.close();
  }
});
