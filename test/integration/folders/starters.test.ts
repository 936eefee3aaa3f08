import { chownSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeStarter } from '../../../electron/core/folders/starter.ts';
import { starterKinds } from '../../../electron/shared/starter-kinds.ts';
import { endOwn, launchReady, saveCluster, stopApp, viewOf } from '../../helpers/apps.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

const shipped = join(import.meta.dirname, '../../../recipes');

let info: ClusterInfo;
let open: TestCore;
let clusterId: string;
let work: string;
/** The same folders in ada's home. */
let there: string;

beforeAll(async () => {
  info = await upCluster('gridengine', 'shared');
  open = await openTestCore();
  clusterId = await saveCluster(open, info);
  work = mkdtempSync(join(tmpdir(), 'tunel-starters-'));
  there = join(info.shared, 'home/ada/.tunel-test-starters');
  for (const kind of starterKinds) writeStarter(shipped, kind, `my-${kind}`, work);
  cpSync(work, there, { recursive: true });
  chownAll(there);
  await open.request('settings.save', { recipeFolders: [work] });
});
afterAll(async () => {
  if (open) await endOwn(open);
  await open?.close();
  for (const path of [work, there]) if (path) rmSync(path, { recursive: true, force: true });
});

function chownAll(path: string): void {
  const { uid } = info.users.ada ?? { uid: 0 };
  chownSync(path, uid, uid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) chownAll(inner);
    else chownSync(inner, uid, uid);
  }
}

describe('what tunel new writes', () => {
  test.concurrent.each(starterKinds)('%s: its own tests pass', async (kind) => {
    const { stderr } = await asUser('ada', info, info.entry, [
      'sh',
      '-c',
      `cd ~/.tunel-test-starters/my-${kind} && python3 -m unittest`,
    ]);
    expect(stderr).toMatch(/Ran \d+ tests? in [\d.]+s\n\nOK/);
  });

  test.concurrent.each(['flask', 'django', 'fastapi', 'static'])('%s: opens as a recipe', async (kind) => {
    const app = await launchReady(open, {
      clusterId,
      recipe: `my-${kind}`,
      launcher: 'gridengine',
      resources: { memory: 400, time: 5 },
    });
    const view = viewOf(open, app.id);
    const page = await view.get('/');
    expect(page.text).toContain(`<h1>My ${kind}</h1>`);
    if (kind === 'django') {
      const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const counted = await view.form('/', { csrfmiddlewaretoken: token, text: 'two two' });
      expect(counted.text).toContain('<td>two</td><td>2</td>');
    }
    view.close();
    expect(await stopApp(open, app.id)).toMatchObject({ state: 'ended', error: null });
  });
});
