import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { OwnFolders } from './own-folders.ts';

let info: ClusterInfo;
let own: OwnFolders;

beforeAll(async () => {
  info = await upCluster('htcondor', 'shared');
  own = await OwnFolders.on(info, 'htcondor');
});
afterAll(() => own?.close());

describe('where jobs do not see the home directory', () => {
  test('a folder goes along with its job, each launch as it is then; it cannot be watched', async () => {
    const app = (words: string) => `import subprocess
from flask import Flask
app = Flask(__name__)

@app.route("/")
def page():
    return ${JSON.stringify(words)} + subprocess.check_output(["./bin/tell me"], text=True)
`;
    const path = own.write('along', { 'app.py': app('first '), 'bin/tell me': '#!/bin/sh\ncat "données é.txt"\n' });
    chmodSync(join(path, 'bin/tell me'), 0o755);
    writeFileSync(join(path, 'données é.txt'), 'of a file');
    const { id, recipe } = await own.save(path, 'flask');
    const first = await own.launch(recipe);
    const view = own.view(first.id);
    expect((await view.get('/')).text).toBe('first of a file');
    view.close();
    await expect(own.open.request('folders.watch', { instanceId: first.id, on: true })).rejects.toThrow(
      /does not see your home/,
    );
    const node = first.endpoint?.node ?? '';
    const seen = await asUser('ada', info, node, ['ls', `.tunel/folders/${id}`], { check: false });
    expect(seen.code).not.toBe(0);
    await own.stop(first.id);

    await own.sendChange(id, join(path, 'app.py'), app('second '));
    const second = await own.launch(recipe);
    const again = own.view(second.id);
    expect((await again.get('/')).text).toBe('second of a file');
    again.close();
    await own.stop(second.id);
  });
});
