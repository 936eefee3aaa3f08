import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localEnd } from '../../../electron/core/transfers/local-end.ts';
import { makePlan } from '../../../electron/core/transfers/make-plan.ts';
import { isLocalName } from '../../../electron/core/transfers/name-policy.ts';
import { TransferDesk, writeTo } from '../../helpers/transfer-desk.ts';

let desk: TransferDesk;
beforeEach(() => {
  desk = new TransferDesk();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await desk.dispose();
});

/** Bytes a second: nothing of it passes while a test runs. */
const STUCK = 1;
const OLD = new Date(1_500_000_000_000);

describe.each([
  ['upload', () => desk.here(), () => desk.home()],
  ['download', () => desk.home(), () => desk.here()],
] as const)('%s', (direction, from, to) => {
  const input = () => ({
    direction,
    sources: [direction === 'upload' ? desk.here('data') : 'data'],
    destination: direction === 'upload' ? '~' : desk.here(),
  });

  test.each([
    ['one by one', 3, 100_000],
    ['as one stream', 12, 100],
  ])('what became newer meanwhile is not replaced by an older file (%s)', async (_how, count, size) => {
    const names = Array.from({ length: count }, (_, at) => `data/${at}`);
    for (const name of names) {
      writeTo(`${from()}/${name}`, 'n'.repeat(size));
      utimesSync(writeTo(`${to()}/${name}`, 'old'), OLD, OLD);
    }
    const { id } = desk.start({ ...input(), conflicts: 'newer', limit: STUCK });
    await desk.until(id, ({ current }) => current !== null);
    const later = new Date(Date.now() + 100_000);
    for (const name of ['data/1', 'data/2']) utimesSync(writeTo(`${to()}/${name}`, 'edited'), later, later);
    desk.transfers.setLimit(id, 0);
    expect(await desk.over(id)).toMatchObject({
      state: 'completed',
      failures: [],
      files: { total: count, done: count - 2, skipped: 2, failed: 0 },
    });
    const content = (name: string) => readFileSync(`${to()}/${name}`, 'utf8').slice(0, 6);
    expect(names.slice(0, 3).map(content)).toEqual(['nnnnnn', 'edited', 'edited']);
  });

  test('a link that became newer meanwhile is not replaced', async () => {
    writeTo(`${from()}/data/a`, 'n'.repeat(100_000));
    symlinkSync('a', `${from()}/data/link`);
    utimesSync(writeTo(`${to()}/data/link`, 'old'), OLD, OLD);
    const { id } = desk.start({ ...input(), conflicts: 'newer', limit: STUCK });
    await desk.until(id, ({ current }) => current !== null);
    const later = new Date(Date.now() + 100_000);
    utimesSync(writeTo(`${to()}/data/link`, 'edited'), later, later);
    desk.transfers.setLimit(id, 0);
    expect(await desk.over(id)).toMatchObject({ state: 'completed', files: { done: 1, skipped: 1 } });
    expect(readFileSync(`${to()}/data/link`, 'utf8')).toBe('edited');
  });

  test('small files are on the disk before they count', async () => {
    const file = await open(writeTo(desk.here('any')), 'r');
    const datasync = vi.spyOn(Object.getPrototypeOf(file), 'datasync');
    await file.close();
    const log = desk.here('synced');
    const sync = writeTo(desk.here('bin/sync'), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${log}'\n`);
    chmodSync(sync, 0o755);
    vi.stubEnv('PATH', `${desk.here('bin')}:${process.env.PATH}`);
    const names = Array.from({ length: 40 }, (_, at) => `data/${at}`);
    for (const name of names) writeTo(`${from()}/${name}`);
    expect(await desk.over(desk.start(input()).id)).toMatchObject({ files: { done: 40 } });
    if (direction === 'download') expect(datasync.mock.calls.length).toBeGreaterThanOrEqual(40);
    else
      expect(readFileSync(log, 'utf8').split('\n').sort()).toEqual(
        expect.arrayContaining(names.map((name) => `./${name}`)),
      );
  });
});

describe('a folder for small files that a killed engine left', () => {
  const begun = async () => {
    writeTo(desk.here('large'), 'x'.repeat(100_000));
    const { id } = desk.start({ sources: [desk.here('large')], destination: 'to', limit: STUCK });
    await desk.until(id, ({ current }) => current !== null);
    const left = desk.home(`to/.tunel-${id.slice(0, 8)}-0a1b2c3d.part`);
    writeTo(`${left}/data/small`);
    writeTo(desk.home('to/.tunel-ffffffff-0a1b2c3d.part/of another'));
    desk.transfers.pause(id);
    await desk.until(id, ({ state }) => state === 'paused');
    return { id, left };
  };
  const others = () => existsSync(desk.home('to/.tunel-ffffffff-0a1b2c3d.part/of another'));

  test('is removed when the transfer goes on', async () => {
    const { id, left } = await begun();
    await desk.restart();
    desk.transfers.setLimit(id, 0);
    desk.transfers.resume(id);
    expect(await desk.over(id)).toMatchObject({ state: 'completed' });
    expect([existsSync(left), others()]).toEqual([false, true]);
  });

  test('is removed when the transfer is cancelled', async () => {
    const { id, left } = await begun();
    await desk.transfers.cancel(id);
    expect([existsSync(left), others()]).toEqual([false, true]);
  });
});

test('what Windows cannot call a file is refused at the file, and the rest is planned', async () => {
  const names = ['con', 'COM\u00b9.txt', 'conin$', 'nul .log', 'a:b', 'dot.', 'space ', 'tab\t'];
  for (const name of names) writeTo(desk.home(`data/${name}`));
  writeTo(desk.home('data/aux/within'));
  writeTo(desk.home('data/fine.txt'));
  mkdirSync(desk.here('to'));
  const target = { ...localEnd, isName: (name: string) => isLocalName(name, 'win32') };
  const request = { sources: [desk.home('data')], destination: desk.here('to'), links: 'keep' } as const;
  const plan = await makePlan({ source: localEnd, target }, request, new AbortController().signal);
  expect(plan.items.map(({ name }) => name)).toEqual(['data', 'data/fine.txt']);
  const refused = [...names, 'aux', 'aux/within'].map((name) => desk.home(`data/${name}`));
  expect(plan.failures.map(({ path }) => path).sort()).toEqual(refused.sort());
  expect(new Set(plan.failures.map(({ error }) => error.code))).toEqual(new Set(['bad-input']));
});
