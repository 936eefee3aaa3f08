import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';

test('counts the launches of each recipe, removed ones too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tunel-use-'));
  const storage = openStorage(directory, systemClock);
  try {
    const save = (id: string, recipe: string, createdAt: number, removed = false) =>
      storage.saveInstance({ instance: fixtureInstance({ id, title: id, recipe, createdAt }), removed });
    save('a', 'jupyter', 10);
    save('b', 'jupyter', 30, true);
    save('c', 'hello', 20);
    expect(storage.recipeUse()).toEqual([
      { recipe: 'hello', times: 1, lastAt: 20 },
      { recipe: 'jupyter', times: 2, lastAt: 30 },
    ]);
  } finally {
    await storage.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
