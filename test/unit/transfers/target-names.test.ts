import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FileLedger } from '../../../electron/core/transfers/file-ledger.ts';
import { Journal } from '../../../electron/core/transfers/journal.ts';
import { localEnd } from '../../../electron/core/transfers/local-end.ts';
import { makePlan } from '../../../electron/core/transfers/make-plan.ts';
import { localIdentity, partName } from '../../../electron/core/transfers/name-policy.ts';
import { failWithContent, sortItems } from '../../../electron/core/transfers/sort-items.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { TransferDesk, writeTo } from '../../helpers/transfer-desk.ts';

let desk: TransferDesk;
beforeEach(() => {
  desk = new TransferDesk();
});
afterEach(() => desk.dispose());

const text = (path: string) => readFileSync(path, 'utf8');
const { signal } = new AbortController();

describe.each([
  ['upload', () => desk.here(), () => desk.home()],
  ['download', () => desk.home(), () => desk.here()],
] as const)('%s', (direction, from, to) => {
  const input = () => ({
    direction,
    sources: [direction === 'upload' ? desk.here('data') : 'data'],
    destination: direction === 'upload' ? '~' : desk.here(),
  });

  test('keeps what came to a free name after the files were listed', async () => {
    writeTo(`${from()}/data/first`, randomBytes(2_000_000));
    writeTo(`${from()}/data/later`, randomBytes(9_000_000));
    symlinkSync('first', `${from()}/data/link`);
    const { id } = desk.start({ ...input(), limit: 4_000_000, conflicts: 'replace' });
    await desk.until(id, ({ bytes }) => bytes.done > 0);
    for (const name of ['later', 'link']) writeTo(`${to()}/data/${name}`, 'of the user');
    desk.transfers.setLimit(id, 0);
    const { failures, files } = await desk.over(id);
    expect(failures.map(({ error }) => error.code)).toEqual(['conflict', 'conflict']);
    expect(files).toMatchObject({ done: 1, failed: 2 });
    expect([text(`${to()}/data/later`), text(`${to()}/data/link`)]).toEqual(['of the user', 'of the user']);
    expect(readdirSync(`${to()}/data`).sort()).toEqual(['first', 'later', 'link']);
  });

  test('keeps what came to the free names of small files, and goes on where some are copied already', async () => {
    for (let file = 0; file < 40; file += 1) writeTo(`${from()}/data/${file}`, randomBytes(60_000));
    const { id } = desk.start({ ...input(), limit: 300_000 });
    await desk.until(id, ({ bytes }) => bytes.total > 0);
    writeTo(`${to()}/data/39`, 'of the user');
    desk.transfers.setLimit(id, 0);
    const { failures, files } = await desk.over(id);
    expect([files, failures.map(({ error }) => error.code)]).toMatchObject([{ done: 39, failed: 1 }, ['conflict']]);
    expect(text(`${to()}/data/39`)).toBe('of the user');
    expect(readdirSync(to()).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('lets nobody look into a folder who could not before', async () => {
    for (const [name, mode] of [
      ['data/private', 0o700],
      ['data/group', 0o750],
      ['data/all', 0o755],
    ] as const) {
      writeTo(`${from()}/${name}/a`);
      chmodSync(`${from()}/${name}`, mode);
    }
    await desk.over(desk.start(input()).id);
    const modes = ['private', 'group', 'all'].map((name) => lstatSync(`${to()}/data/${name}`).mode & 0o055);
    expect(modes).toEqual([0, 0o050, 0o055]);
  });

  test('replaces a link by a link, and a file by a link', async () => {
    writeTo(`${from()}/data/a`);
    for (const name of ['one', 'two']) symlinkSync('a', `${from()}/data/${name}`);
    writeTo(`${to()}/data/folder/in it`);
    symlinkSync('folder', `${to()}/data/one`);
    writeTo(`${to()}/data/two`, 'old');
    const { id } = desk.start({ ...input(), conflicts: 'replace' });
    expect(await desk.over(id)).toMatchObject({ state: 'completed', failures: [], files: { done: 3 } });
    expect(['one', 'two'].map((name) => readlinkSync(`${to()}/data/${name}`))).toEqual(['a', 'a']);
    expect(readdirSync(`${to()}/data/folder`)).toEqual(['in it']);
  });
});

test('a link that cannot be made leaves the file that has its name', async () => {
  const target = writeTo(desk.here('data/link'), 'old');
  chmodSync(target, 0o640);
  const item = { kind: 'link', name: 'link', source: '', target, size: 0, modified: 0, mode: 0o777 } as const;
  const existing = { kind: 'file', leadsTo: 'file', size: 3, modified: 0 } as const;
  // No file system takes a link of this length.
  const made = localEnd.makeLink(`${target}.part`, { ...item, link: 'x'.repeat(70_000), existing }, signal);
  await expect(made).rejects.toThrow();
  expect([text(target), lstatSync(target).mode & 0o777]).toEqual(['old', 0o640]);
});

describe('where names that differ in case are one', () => {
  const target = { ...localEnd, identity: (path: string) => localIdentity(path, 'darwin') };

  test('one of two such files is refused, and what is there is seen', async () => {
    for (const name of ['README', 'readme', 'caf\u00e9']) writeTo(desk.home(`data/${name}`));
    writeTo(desk.here('data/CAFE\u0301'));
    const request = { sources: [desk.home('data')], destination: desk.here(), links: 'keep' } as const;
    const { items, failures } = await makePlan({ source: localEnd, target }, request, signal);
    expect(failures.map(({ path, error }) => [path, error.code])).toEqual([[desk.home('data/readme'), 'conflict']]);
    expect(items.find(({ name }) => name === 'data/caf\u00e9')?.existing).toMatchObject({ kind: 'file' });
    expect(items.find(({ name }) => name === 'data/README')?.existing).toBe(null);
  });

  test('another name is not that of a third file', async () => {
    writeTo(desk.home('data/run.h5'));
    for (const name of ['Run.h5', 'RUN (2).h5']) writeTo(desk.here(`data/${name}`));
    const request = { sources: [desk.home('data')], destination: desk.here(), links: 'keep' } as const;
    const ends = { source: localEnd, target };
    const ledger = await FileLedger.create(
      new Journal(desk.here('journal')),
      await makePlan(ends, request, signal),
      null,
    );
    const options = { conflicts: 'rename', links: 'keep', changedOnly: 'no', verify: false, limit: 0 } as const;
    const { files } = await sortItems({ ends, ledger, options, goesBehindLinks: false }, signal);
    expect(files.map((index) => ledger.item(index).target)).toEqual([desk.here('data/run (3).h5')]);
  });
});

test('thousands of folders that cannot be made are looked for once', async () => {
  for (let folder = 0; folder < 50; folder += 1) writeTo(desk.here(`data/${folder}/file`));
  const ends = { source: localEnd, target: localEnd };
  const request = { sources: [desk.here('data')], destination: desk.here('to'), links: 'keep' } as const;
  const ledger = await FileLedger.create(
    new Journal(desk.here('journal')),
    await makePlan(ends, request, signal),
    null,
  );
  const open = vi.spyOn(ledger, 'open');
  const folders = ledger.open().filter((index) => /^data\/[0-4]?[0-9]$/.test(ledger.item(index).name));
  failWithContent(ledger, new Map(folders.map((index) => [index, new AppError('not-permitted', 'No.')])));
  expect([ledger.files.failed, ledger.open().map((index) => ledger.item(index).name)]).toEqual([100, ['data']]);
  expect(open).toHaveBeenCalledTimes(3);
});

test('long names that differ at their end have parts of their own', () => {
  const [one, other] = ['1', '2'].map((end) => partName(`${'x'.repeat(250)}${end}`, '0123456789abcdef'));
  expect(one).not.toBe(other);
  expect(Buffer.byteLength(one ?? '')).toBeLessThanOrEqual(255);
});
