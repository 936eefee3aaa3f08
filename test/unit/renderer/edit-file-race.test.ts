import { createHash } from 'node:crypto';
import { keymap } from '@codemirror/view';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import { editFile, lookForChanges, saveFile, saveUnder } from '../../../renderer/features/files/editing/edit-file.ts';
import {
  changeDocument,
  documentOf,
  keyOf,
  useEditing,
} from '../../../renderer/features/files/editing/editing-store.ts';

const source = { kind: 'local' } as const;
const key = keyOf(source, '/run.sh');
const there = new Map<string, string>();
/** What an answer waits for on its way. */
let onAnswer: (name: string) => Promise<void>;

const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const contentOf = (path: string): string => {
  const text = there.get(path);
  if (text === undefined) throw new AppError('not-found', 'It is gone.');
  return text;
};

async function invoke(name: string, input: { path: string; bytes: Uint8Array; sha256: string | null }) {
  const { path } = input;
  if (name === 'local.stat') {
    const answer = { kind: 'file', size: contentOf(path).length, version: versionOf(contentOf(path)) };
    await onAnswer(name);
    return answer;
  }
  if (name === 'local.list') return { path, entries: [] };
  if (name === 'local.read') return new TextEncoder().encode(contentOf(path));
  if (name !== 'local.write') throw new Error(name);
  const old = there.get(path);
  if ((old === undefined ? null : versionOf(old)) !== input.sha256)
    throw new AppError('file-changed', 'It was changed.');
  there.set(path, new TextDecoder().decode(input.bytes));
}

const shownText = (of = key): string | undefined => documentOf(of)?.state.doc.toString();
const type = (text: string, of = key) => {
  const state = documentOf(of)?.state;
  if (state) changeDocument(of, { state: state.update({ changes: { from: state.doc.length, insert: text } }).state });
};

beforeEach(async () => {
  there.clear();
  there.set('/run.sh', 'one');
  onAnswer = async () => undefined;
  vi.stubGlobal('window', { tunel: { invoke } });
  editFile(source, '/run.sh');
  await vi.waitFor(() => expect(shownText()).toBe('one'));
});
afterEach(() => {
  useEditing.setState({ files: [], active: null });
  vi.unstubAllGlobals();
});

it('what was read while the file was saved is not shown in place of what was saved', async () => {
  const { content, ...saved } = documentOf(key)?.saved ?? expect.fail();
  // As after a touch.
  changeDocument(key, { saved: { ...saved, content: { ...content, version: '' } } });
  let goOn: () => void = () => undefined;
  let asked = 0;
  onAnswer = async () => {
    asked += 1;
    // The last look of the reading.
    if (asked === 3) await new Promise<void>((resolve) => (goOn = resolve));
  };
  const looking = lookForChanges(key);
  await vi.waitFor(() => expect(asked).toBe(3));
  type(' two');
  expect(await saveFile(key)).toBe(true);
  goOn();
  await looking;
  expect([shownText(), there.get('/run.sh'), documentOf(key)?.theirs]).toEqual(['one two', 'one two', null]);
});

it('Ctrl S saves a file that has got another name', async () => {
  await saveUnder(key, '/other.sh');
  const other = keyOf(source, '/other.sh');
  type(' more', other);
  const bindings = documentOf(other)?.state.facet(keymap).flat() ?? [];
  bindings.find((binding) => binding.key === 'Mod-s')?.run?.(expect.anything());
  await vi.waitFor(() => expect(there.get('/other.sh')).toBe('one more'));
  expect(there.get('/run.sh')).toBe('one');
});
