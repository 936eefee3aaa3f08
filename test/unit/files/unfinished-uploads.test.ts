import { expect, test } from 'vitest';
import { UnfinishedUploads } from '../../../electron/core/files/unfinished-uploads.ts';
import { AppError } from '../../../electron/shared/errors.ts';

function setUp() {
  const saved = new Map<string, readonly string[]>();
  const scripts: string[] = [];
  const warnings: string[] = [];
  let isFull = false;
  const storage = {
    unfinishedUploads: (id: string) => [...(saved.get(id) ?? [])],
    saveUnfinishedUploads(id: string, paths: readonly string[]) {
      if (isFull) throw new AppError('storage-full', 'No space.');
      saved.set(id, paths);
    },
  };
  const logger = {
    warn: (text: string) => void warnings.push(text),
    error: () => undefined,
    info: () => undefined,
    debug: () => undefined,
  };
  const engine = () => new UnfinishedUploads({ storage, logger });
  const fill = () => {
    isFull = true;
  };
  const connection = { run: async (script: string) => void scripts.push(script) };
  return { saved, scripts, warnings, engine, connection, fill };
}

test('what an engine left is removed by the next one, and what goes on or is done is not', async () => {
  const { saved, scripts, engine, connection } = setUp();
  const first = engine();
  first.begin('c1', '/data/a b.tunel-1');
  first.begin('c2', '/elsewhere');
  first.begin('c1', '/data/done.tunel-2').done();
  const second = engine();
  const going = second.begin('c1', '/data/going.tunel-3');
  const failed = second.begin('c1', "/data/it's.tunel-4");
  failed.failed();
  await second.clean('c1', connection);
  expect(scripts).toEqual([`rm -f -- '/data/a b.tunel-1' '/data/it'\\''s.tunel-4'`]);
  expect(saved.get('c1')).toEqual(['/data/going.tunel-3']);
  going.done();
  expect([saved.get('c1'), saved.get('c2')]).toEqual([[], ['/elsewhere']]);
  await second.clean('c1', connection);
  expect(scripts).toHaveLength(1);
});

test('a connection that ends leaves the rest to the next one', async () => {
  const { saved, engine, connection, scripts } = setUp();
  const first = engine();
  for (let number = 0; number < 120; number += 1) first.begin('c1', `/f${number}`);
  const second = engine();
  const lost = () => Promise.reject(new AppError('connection-lost', 'Gone.'));
  const breaking = { run: (script: string) => (scripts.length > 0 ? lost() : connection.run(script)) };
  await expect(second.clean('c1', breaking)).rejects.toMatchObject({ code: 'connection-lost' });
  expect(saved.get('c1')).toHaveLength(70);
  await second.clean('c1', connection);
  expect(saved.get('c1')).toEqual([]);
});

test('an upload goes on where this computer has no space', () => {
  const { engine, fill, warnings } = setUp();
  const uploads = engine();
  fill();
  uploads.begin('c1', '/a').done();
  expect(warnings.length).toBeGreaterThan(0);
});
