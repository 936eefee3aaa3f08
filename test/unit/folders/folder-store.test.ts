import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderStore } from '../../../electron/core/folders/folder-store.ts';
import type { Notice } from '../../../electron/shared/state.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tunel-folder-store-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

test('folders.json of version 1 keeps its reports', () => {
  const report = { clusterId: 'c1', at: 1, files: 40, bytes: 900, sentFiles: 1, sentBytes: 312, keptFiles: 0 };
  const folder = {
    id: 'my-app',
    title: 'My app',
    source: { kind: 'folder', path: '/home/ada/app' },
    start: { kind: 'static', line: '', environment: { kind: 'none', files: [] }, listen: 'socket' },
    createdAt: 1,
  };
  const text = 'sent 1 file, 312 bytes, of 40 files';
  writeFileSync(
    join(data, 'folders.json'),
    JSON.stringify({ version: 1, data: [{ folder, reports: [{ ...report, removedFiles: 0, words: text }] }] }),
  );
  const notices: Notice[] = [];
  const store = new FolderStore(
    data,
    () => 2,
    (notice) => notices.push(notice),
  );
  expect(notices).toEqual([]);
  expect(store.get('my-app').reports).toEqual([{ ...report, removedFiles: 0, text }]);

  store.saveReport('my-app', 'c2', {
    ...report,
    clusterId: 'c2',
    removedFiles: 0,
    text: 'nothing to send of 40 files',
  });
  expect(JSON.parse(readFileSync(join(data, 'folders.json'), 'utf8'))).toMatchObject({
    version: 2,
    data: [{ reports: [{ clusterId: 'c2' }, { clusterId: 'c1', text }] }],
  });
});
