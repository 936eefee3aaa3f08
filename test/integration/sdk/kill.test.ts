import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterOf } from '../../helpers/apps.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { runPythonTests } from './python-package.ts';

let info: ClusterInfo;
let home = '';
let tunel: Tunel;
beforeAll(async () => {
  info = await upCluster('slurm24', 'shared');
  home = mkdtempSync(join(tmpdir(), 'tunel-python-kill-'));
  tunel = new Tunel(await bundleCli(), home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('jobs made from Python while the engine is killed 20 times at random moments', async () => {
  const shown = await runPythonTests(tunel, 'test_kill', {
    TUNEL_TEST_CLUSTER: JSON.stringify(clusterOf(info, { name: 'slurm24' })),
    TUNEL_TEST_HOME: join(info.shared, 'home/ada'),
  });
  console.log(shown.trim());
  expect(shown).toContain('21 jobs, 21 runs, 21 known, 21 directories, partial 0, wrong 0');
});
