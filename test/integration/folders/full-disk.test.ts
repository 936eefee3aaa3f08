import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scanFolder } from '../../../electron/core/folders/scan.ts';
import { syncFolder } from '../../../electron/core/folders/sync.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { localConnection } from '../../unit/folders/local-connection.ts';

test('a full disk is said, leaves what was there, and is no obstacle once there is space', async () => {
  const base = mkdtempSync(join(tmpdir(), 'tunel-full-'));
  const [here, disk] = [join(base, 'here'), join(base, 'disk')];
  for (const folder of [here, disk]) mkdirSync(folder);
  await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  const directory = join(disk, 'home/.tunel/folders/x');
  const sync = async () =>
    syncFolder({
      scan: await scanFolder(here),
      connection: localConnection,
      directory,
      hashes: join(base, 'hashes.json'),
      owner: 'me',
    });
  try {
    writeFileSync(join(here, 'a.txt'), 'first');
    await sync();
    writeFileSync(join(here, 'a.txt'), 'second');
    writeFileSync(join(here, 'big.bin'), 'x'.repeat(2_000_000));
    await expect(sync()).rejects.toMatchObject({ code: 'no-space' });
    expect(readFileSync(join(directory, 'tree/a.txt'), 'utf8')).toBe('first');
    rmSync(join(here, 'big.bin'));
    await sync();
    expect(readFileSync(join(directory, 'tree/a.txt'), 'utf8')).toBe('second');
  } finally {
    await runCommand('umount', [disk]);
    rmSync(base, { recursive: true, force: true });
  }
});
