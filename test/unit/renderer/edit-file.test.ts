import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLocalFiles, type LocalFiles } from '../../../electron/platform/local-files.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import {
  closeFile,
  dropFile,
  editFile,
  keepMine,
  leaveEditor,
  lookForChanges,
  saveFile,
  saveUnder,
  takeTheirs,
} from '../../../renderer/features/files/editing/edit-file.ts';
import {
  changeDocument,
  documentOf,
  isUnsaved,
  keyOf,
  openFileOf,
  useEditing,
} from '../../../renderer/features/files/editing/editing-store.ts';
import { followFile } from '../../../renderer/features/files/editing/follow-file.ts';
import { appendFollowed, cutToLines } from '../../../renderer/features/files/editing/part-text.ts';
import { MOST_EDITED } from '../../../renderer/features/files/editing/read-text.ts';
import { textDifference } from '../../../renderer/features/files/editing/text-difference.ts';
import { localSource } from '../../../renderer/features/files/local-source.ts';
import { ui, useUi } from '../../../renderer/ui-store.ts';

const source = { kind: 'local' as const };
let folder = '';
let files: LocalFiles;
/** Set to let the next answer get lost after the work was done. */
let losesAnswer = false;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-edit-'));
  files = createLocalFiles({ isWindows: false, trashItem: async () => undefined, knownFolders: () => [] });
  const answers: Record<string, (input: never) => Promise<unknown>> = {
    'local.stat': ({ path }: { path: string }) => files.stat(path),
    'local.read': ({ path, offset, length }: { path: string; offset: number; length: number }) =>
      files.read(path, offset, length),
    'local.write': async ({ path, bytes, sha256 }: { path: string; bytes: Uint8Array; sha256: string | null }) => {
      await files.write(path, bytes, sha256);
      if (!losesAnswer) return;
      losesAnswer = false;
      throw new AppError('connection-lost', 'The answer was lost.');
    },
  };
  const invoke = async (name: string, input: never) => answers[name]?.(input);
  vi.stubGlobal('window', { tunel: { invoke, cancel: () => undefined } });
});
afterEach(() => {
  for (const { key } of useEditing.getState().files) dropFile(key);
  ui.closeDialog();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

async function open(name: string): Promise<string> {
  editFile(source, at(name));
  const key = keyOf(source, at(name));
  await vi.waitFor(() => expect(openFileOf(key)?.content.kind).not.toBe('loading'));
  return key;
}

function type(key: string, insert: string, from = 0): void {
  const document = documentOf(key);
  if (document) changeDocument(key, { state: document.state.update({ changes: { from, insert } }).state });
}

const isDirty = (key: string): boolean => {
  const file = openFileOf(key);
  return file !== undefined && isUnsaved(file);
};

describe('saving', () => {
  it('writes what was typed, and leaves every other byte, the mode and the link as they are', async () => {
    const before = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0d, 0x0a, 0x6c, 0x66, 0x0a, 0x78, 0x0d, 0x0a, 0x65]);
    writeFileSync(at('file'), before);
    chmodSync(at('file'), 0o751);
    symlinkSync('file', at('link'));
    const key = await open('link');
    expect([documentOf(key)?.encoding, isDirty(key)]).toEqual(['latin1', false]);
    type(key, 'new\n');
    expect(isDirty(key)).toBe(true);
    expect(await saveFile(key)).toBe(true);
    expect(readFileSync(at('file'))).toEqual(Buffer.concat([Buffer.from('new\r\n'), before]));
    expect([statSync(at('file')).mode & 0o777, isDirty(key)]).toEqual([0o751, false]);
    type(key, 'again ');
    expect(await saveFile(key)).toBe(true);
    expect(readFileSync(at('file')).subarray(0, 9).toString()).toBe('again new');
    expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
  });

  it('keeps all names of a file', async () => {
    writeFileSync(at('one'), 'old');
    linkSync(at('one'), at('two'));
    const key = await open('one');
    type(key, 'very ');
    expect(await saveFile(key)).toBe(true);
    expect(text('two')).toBe('very old');
  });

  it('asks where somebody else changed the file, and does what is answered', async () => {
    writeFileSync(at('file'), 'one\ntwo\n');
    const key = await open('file');
    type(key, 'mine\n');
    // As large and as old as before: only the content tells.
    const { atime, mtime } = statSync(at('file'));
    writeFileSync(at('file'), 'one\nTWO\n');
    utimesSync(at('file'), atime, mtime);
    expect(await saveFile(key)).toBe(false);
    expect([text('file'), useUi.getState().dialog]).toEqual(['one\nTWO\n', { kind: 'file-changed', key }]);
    expect(isDirty(key)).toBe(true);
    expect(await keepMine(key)).toBe(true);
    expect([text('file'), documentOf(key)?.theirs]).toEqual(['mine\none\ntwo\n', null]);

    type(key, 'more ');
    writeFileSync(at('file'), 'theirs\r\n');
    expect(await saveFile(key)).toBe(false);
    takeTheirs(key);
    expect([documentOf(key)?.state.doc.toString(), isDirty(key)]).toEqual(['theirs\n', false]);

    type(key, 'x');
    writeFileSync(at('file'), 'once more');
    expect(await saveFile(key)).toBe(false);
    expect(await saveUnder(key, at('copy'))).toBe(true);
    expect([text('file'), text('copy')]).toEqual(['once more', 'xtheirs\r\n']);
    const copy = keyOf(source, at('copy'));
    expect([useEditing.getState().active, isDirty(copy)]).toEqual([copy, false]);
    await expect(saveUnder(copy, at('file'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('writes a file again that is gone, if that is wanted', async () => {
    writeFileSync(at('file'), 'text');
    const key = await open('file');
    type(key, 'a ');
    rmSync(at('file'));
    expect(await saveFile(key)).toBe(false);
    expect([documentOf(key)?.theirs, existsSync(at('file'))]).toEqual(['gone', false]);
    expect(await keepMine(key)).toBe(true);
    expect([text('file'), isDirty(key)]).toEqual(['a text', false]);
  });

  it('finds its own content where the answer was lost, and keeps what was typed', async () => {
    writeFileSync(at('file'), 'text');
    const key = await open('file');
    type(key, 'a ');
    losesAnswer = true;
    expect(await saveFile(key)).toBe(false);
    expect(documentOf(key)?.error?.code).toBe('connection-lost');
    expect(isDirty(key)).toBe(true);
    expect(await saveFile(key)).toBe(true);
    expect([useUi.getState().dialog, documentOf(key)?.error, isDirty(key)]).toEqual([null, null, false]);
  });

  it('does not write a character that the encoding lacks, until another one is chosen', async () => {
    writeFileSync(at('file'), Buffer.from([0xe9]));
    const key = await open('file');
    type(key, '€');
    expect(await saveFile(key)).toBe(false);
    expect([documentOf(key)?.error?.code, readFileSync(at('file'))]).toEqual(['bad-input', Buffer.from([0xe9])]);
    changeDocument(key, { encoding: 'utf-8' });
    expect(await saveFile(key)).toBe(true);
    expect(text('file')).toBe('€é');
  });
});

describe('a file that is open', () => {
  it('is shown anew where somebody else changed it, unless something was typed', async () => {
    writeFileSync(at('file'), 'one');
    const key = await open('file');
    writeFileSync(at('file'), 'two');
    await lookForChanges(key);
    expect(documentOf(key)?.state.doc.toString()).toBe('two');
    type(key, 'my ');
    writeFileSync(at('file'), 'three');
    await lookForChanges(key);
    expect([documentOf(key)?.state.doc.toString(), documentOf(key)?.theirs]).toMatchObject([
      'my two',
      { text: 'three' },
    ]);
    writeFileSync(at('file'), 'two');
    await lookForChanges(key);
    expect(documentOf(key)?.theirs).toBeNull();
  });

  it('is refused where it is no text or a folder, and is read in parts where it is large', async () => {
    writeFileSync(at('binary'), Buffer.from([0x7f, 0x45, 0, 1]));
    writeFileSync(at('large'), 'x');
    truncateSync(at('large'), MOST_EDITED + 1);
    expect(openFileOf(await open('binary'))?.content).toMatchObject({ kind: 'refused', why: /no text/ });
    expect(openFileOf(await open('.'))?.content).toMatchObject({ kind: 'refused' });
    expect(openFileOf(await open('large'))?.content).toMatchObject({ kind: 'parts', isLarge: true });
    expect(openFileOf(await open('absent'))?.content).toMatchObject({ kind: 'failed', error: { code: 'not-found' } });
  });

  it('stays open with what was typed when its page is left, and asks before it is closed', async () => {
    writeFileSync(at('file'), 'text');
    const key = await open('file');
    type(key, 'a ');
    leaveEditor();
    editFile(source, at('file'));
    expect(documentOf(key)?.state.doc.toString()).toBe('a text');
    closeFile(key);
    expect(useUi.getState().dialog).toEqual({ kind: 'unsaved', keys: [key], reason: 'close' });
    expect(await saveFile(key)).toBe(true);
    closeFile(key);
    expect(openFileOf(key)).toBeUndefined();
  });
});

describe('a file that is followed', () => {
  it('gives what is added, begins anew when it is cut off or replaced, and goes on after an error', async () => {
    writeFileSync(at('log'), 'one\ntwo\n');
    const stop = new AbortController();
    const said: string[] = [];
    let wake: () => void = () => undefined;
    const next = () => wake();
    const following = followFile({
      source: localSource,
      path: at('log'),
      offset: 4,
      signal: stop.signal,
      sleep: () =>
        new Promise((resolve) => {
          wake = resolve;
          said.push('-');
        }),
      onBytes: (bytes) => said.push(Buffer.from(bytes).toString()),
      onReplaced: () => said.push('anew'),
      onProblem: (error) => said.push(error?.code ?? 'well'),
    });
    const until = async (...expected: string[]) => {
      await vi.waitFor(() => expect(said).toEqual([...expected, '-']));
      said.length = 0;
    };
    await until('two\n');
    appendFileSync(at('log'), 'thr');
    next();
    await until('thr');
    next();
    await until();
    writeFileSync(at('log'), 'a');
    next();
    await until('anew', 'a');
    rmSync(at('log'));
    next();
    await until('not-found');
    writeFileSync(at('new'), 'abcdef');
    renameSync(at('new'), at('log'));
    next();
    await until('anew', 'abcdef', 'well');
    stop.abort();
    next();
    await following;
  });

  it('is kept up to a limit, also where a line has no end', () => {
    expect(appendFollowed('one\n', 'two', 100)).toBe('one\ntwo');
    expect(appendFollowed('one\ntwo\n', 'three\nfour', 10)).toBe('four');
    expect(appendFollowed('x'.repeat(100), 'y'.repeat(10), 20)).toBe('y'.repeat(10));
    let kept = '';
    for (let round = 0; round < 100; round += 1) kept = appendFollowed(kept, 'z'.repeat(1000), 4000);
    expect(kept.length).toBeLessThanOrEqual(4000);
  });
});

it('a part begins and ends with a line, unless a line is too long', () => {
  const bytes = Buffer.from('end\none\ntwo\nbeg');
  expect(cutToLines(bytes, { isStart: false, isEnd: false })).toEqual({ skipped: 4, taken: 8 });
  expect(cutToLines(bytes, { isStart: true, isEnd: true })).toEqual({ skipped: 0, taken: bytes.length });
  const long = Buffer.alloc(200_000, 'x');
  expect(cutToLines(long, { isStart: false, isEnd: false })).toEqual({ skipped: 0, taken: 200_000 });
});

it('the difference of two texts says what was added and removed, and gives up where all differs', () => {
  expect(textDifference('a\nb\nc\n', 'a\nB\nc\n')?.lines.map(({ kind, text: line }) => [kind, line])).toEqual([
    ['hunk', 'Line 1 there, line 1 here'],
    ['same', ' a'],
    ['removed', '-b'],
    ['added', '+B'],
    ['same', ' c'],
  ]);
  expect(textDifference('same\n', 'same\n')).toEqual({ lines: [], left: 0 });
  const numbers = (step: number) => Array.from({ length: 5000 }, (_, index) => `${index * step}x${step}`).join('\n');
  expect(textDifference(numbers(3), numbers(7))).toBeNull();
});
