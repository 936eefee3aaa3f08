import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../electron/core/files/files.ts';
import { placeScript } from '../../../electron/core/files/place-file.ts';
import { FILE_CHANGED } from '../../../electron/core/files/replace-script.ts';
import { fileStreams } from '../../../electron/core/files/streams.ts';
import { UnfinishedUploads } from '../../../electron/core/files/unfinished-uploads.ts';
import { uploadByShell } from '../../../electron/core/ssh/sftp/shell-transfer.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { FileClusters } from '../../helpers/file-cluster.ts';
import { fixtureCluster } from '../../helpers/fixtures/parts.ts';
import { LocalCommand } from '../../helpers/local-command.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

const signal = new AbortController().signal;
let home: string;
let clusters: FileClusters;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel-upload-'));
  clusters = new FileClusters({ hpc: home });
});
afterEach(() => {
  clusters.disconnect();
  rmSync(home, { recursive: true, force: true });
});

function openFiles() {
  const { connections } = clusters;
  const { cluster } = fixtureCluster({ id: 'hpc', name: 'hpc' });
  const files = createFiles({ connections, cluster: () => cluster });
  const storage = { unfinishedUploads: () => [], saveUnfinishedUploads: () => undefined };
  const unfinished = new UnfinishedUploads({ storage, logger: quietLogger });
  const streams = fileStreams({ connections, checkCluster: () => cluster, ...files, unfinished });
  return { files, streams };
}

/** Opens an upload, lets something happen while it is under way, and sends the content. */
async function upload(path: string, ifVersion: string, meanwhile: () => void = () => undefined): Promise<void> {
  const { streams } = openFiles();
  const stream = await streams['files.upload']({ clusterId: 'hpc', path, mode: 0o600, ifVersion }, signal);
  stream.data.resume();
  meanwhile();
  stream.data.end('new');
  await stream.closed;
}
const content = (name: string) => readFileSync(join(home, name), 'utf8');

describe('an upload that must find what its sender expects', () => {
  test('makes a file where nothing is', async () => {
    await upload('~/a b', '');
    expect(content('a b')).toBe('new');
    expect(readdirSync(home)).toEqual(['a b']);
  });

  test('replaces the file that was read', async () => {
    writeFileSync(join(home, 'a'), 'old');
    const { version } = await openFiles().files.stat({ clusterId: 'hpc', path: 'a' });
    await upload('a', version ?? 'none');
    expect(content('a')).toBe('new');
    expect(readdirSync(home)).toEqual(['a']);
  });

  test.each(['', 'the version of the old file'])('leaves what came meanwhile (expected: %j)', async (expected) => {
    if (expected) writeFileSync(join(home, 'a'), 'old');
    const { files } = openFiles();
    const version = expected && (await files.stat({ clusterId: 'hpc', path: 'a' })).version;
    const late = () => writeFileSync(join(home, 'a'), 'of somebody else');
    await expect(upload('a', version ?? 'none', late)).rejects.toMatchObject({ code: 'file-changed' });
    expect(content('a')).toBe('of somebody else');
    await expect.poll(() => readdirSync(home)).toEqual(['a']);
  });
});

describe('the script that gives an upload its name', () => {
  const paths = () => ({ temporary: join(home, 'a.part'), path: join(home, 'a') });
  const run = (replaces: boolean, bin = '') => {
    const input = `PATH=${bin}:$PATH\n${placeScript({ ...paths(), replaces })}`;
    return runCommand('sh', ['-s'], { input, check: false });
  };
  beforeEach(() => writeFileSync(join(home, 'a.part'), 'new'));

  test.each<[string, () => void]>([
    ['a file', () => writeFileSync(join(home, 'a'), 'other')],
    ['a folder', () => mkdirSync(join(home, 'a'))],
    ['a link that leads nowhere', () => symlinkSync('none', join(home, 'a'))],
  ])('never replaces %s where nothing was', async (_what, make) => {
    make();
    expect(await run(false)).toMatchObject({ code: FILE_CHANGED });
    expect(readdirSync(home)).toEqual(['a', 'a.part']);
  });

  test('does so also where the file system has no links', async () => {
    const bin = join(home, '.bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'ln'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await run(false, bin)).toMatchObject({ code: 0 });
    expect(content('a')).toBe('new');
    writeFileSync(join(home, 'a.part'), 'newer');
    expect(await run(false, bin)).toMatchObject({ code: FILE_CHANGED });
    expect(content('a')).toBe('new');
  });

  test('puts nothing into a folder that came meanwhile', async () => {
    mkdirSync(join(home, 'a'));
    expect(await run(true)).toMatchObject({ code: FILE_CHANGED });
    expect(readdirSync(join(home, 'a'))).toEqual([]);
  });
});

test('an upload without sftp is given its name in the same way', async () => {
  const port = {
    node: 'hpc',
    run: async (script: string) => {
      const { stdout, stderr, code } = await runCommand('sh', ['-s'], { input: script, check: false });
      return { stdout: Buffer.from(stdout), stderr, exitCode: code };
    },
    command: async (script: string) => new LocalCommand(script),
  };
  const [path, temporary] = [join(home, 'a'), join(home, 'a.part')];
  writeFileSync(path, 'other');
  const place = () => Promise.reject(new AppError('file-changed', 'It is another file.'));
  const uploading = uploadByShell(port, {
    ...{ path, temporary, source: Readable.from([Buffer.from('new')]), mode: 0o600, part: undefined, place },
  });
  await expect(uploading).rejects.toMatchObject({ code: 'file-changed' });
  expect([content('a'), content('a.part')]).toEqual(['other', 'new']);
});
