import { AppError } from '../../../../electron/shared/errors.ts';
import { joinLineEndings } from '../../../components/text-editor/line-endings.ts';
import { encodeText } from '../../../components/text-editor/text-encoding.ts';
import { ui, useUi } from '../../../ui-store.ts';
import { isReachable, reloadPlace } from '../open-folder.ts';
import { parentOf, type Source } from '../places.ts';
import { fileSource } from '../sources.ts';
import { makeDocument } from './document.ts';
import {
  changeDocument,
  changeFile,
  documentOf,
  isUnsaved,
  keyOf,
  type OpenFile,
  openFileOf,
  type ReadText,
  type TextDocument,
  useEditing,
} from './editing-store.ts';
import { readText, readTheirs, sha256Of } from './read-text.ts';

const readings = new Map<string, AbortController>();

function beginReading(key: string): AbortSignal {
  readings.get(key)?.abort(new AppError('cancelled', 'It is read anew.'));
  const controller = new AbortController();
  readings.set(key, controller);
  return controller.signal;
}

/** Reads a file anew, and forgets what was typed. */
export async function readFileAgain(key: string): Promise<void> {
  const file = openFileOf(key);
  if (!file) return;
  const { source, path } = file;
  const signal = beginReading(key);
  changeFile(key, { content: { kind: 'loading' } });
  try {
    if (!isReachable(source)) throw new AppError('connection-lost', 'The cluster is not connected.');
    const reading = await readText(fileSource(source), path, signal);
    if (signal.aborted) return;
    if (reading.kind === 'large') changeFile(key, { content: { kind: 'parts', isFollowing: false, isLarge: true } });
    else if (reading.kind === 'refused') changeFile(key, { content: reading });
    else showText(key, reading.read);
  } catch (error) {
    if (!signal.aborted) changeFile(key, { content: { kind: 'failed', error: AppError.from(error) } });
  }
}

function showText(key: string, read: ReadText): void {
  const file = openFileOf(key);
  if (file) changeFile(key, { content: makeDocument(file.path, read, saveActive) });
}

/** The file that is written in has the keys; it may have got another path since it was read. */
function saveActive(): void {
  const { active } = useEditing.getState();
  if (active !== null) void saveFile(active);
}

interface Opening {
  isFollowing?: boolean;
  /** The job whose page it is opened from. */
  job?: string;
}

/** Opens a file in the editor, or shows it there where it is open. `isFollowing`: its end, as it grows. */
export function editFile(source: Source, path: string, { isFollowing = false, job }: Opening = {}): void {
  const key = keyOf(source, path);
  const there = openFileOf(key);
  if (!there) {
    const content: OpenFile['content'] = isFollowing
      ? { kind: 'parts', isFollowing: true, isLarge: false }
      : { kind: 'loading' };
    useEditing.setState(({ files }) => ({ files: [...files, { key, source, path, job: job ?? null, content }] }));
  }
  useEditing.setState({ active: key });
  ui.go('files');
  if (there ? there.content.kind === 'failed' : !isFollowing) void readFileAgain(key);
  else if (there) void lookForChanges(key);
}

/** Back to where the file was opened from; it stays open. */
export function leaveEditor(): void {
  const { active } = useEditing.getState();
  const job = active === null ? null : (openFileOf(active)?.job ?? null);
  useEditing.setState({ active: null });
  // Another page that is shown stays.
  if (job !== null && useUi.getState().page === 'files') ui.showJob(job);
}

/** Closes a file and what was typed in it. */
export function dropFile(key: string): void {
  readings.get(key)?.abort(new AppError('cancelled', 'It was closed.'));
  readings.delete(key);
  if (useEditing.getState().active === key) leaveEditor();
  useEditing.setState(({ files }) => ({ files: files.filter((file) => file.key !== key) }));
}

/** Closes a file, and asks where it has changes that are not saved. */
export function closeFile(key: string): void {
  const file = openFileOf(key);
  if (file && isUnsaved(file)) ui.open({ kind: 'unsaved', keys: [key], reason: 'close' });
  else dropFile(key);
}

const bytesOf = ({ state, encoding }: TextDocument): Uint8Array<ArrayBuffer> =>
  encodeText(joinLineEndings(state), encoding);

/** What was written is what the file holds now. */
async function noteSaved(file: OpenFile, { state, encoding }: TextDocument, bytes: Uint8Array<ArrayBuffer>) {
  const sha256 = await sha256Of(bytes);
  // The content decides when it is saved next; the version only spares reading it.
  const version = await fileSource(file.source)
    .stat(file.path)
    .then(
      (info) => info.version,
      () => null,
    );
  const saved = { content: { sha256, version }, doc: state.doc, encoding };
  changeDocument(file.key, { saved, isSaving: false, error: null, theirs: null });
  reloadPlace({ source: file.source, path: parentOf(file.path) });
}

/** Another content is there: whose it is, or nobody's where an earlier answer was lost. */
async function onChanged(file: OpenFile, document: TextDocument, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const theirs = await readTheirs(fileSource(file.source), file.path, beginReading(file.key));
  if (theirs !== 'gone' && theirs.content.sha256 === (await sha256Of(bytes))) {
    await noteSaved(file, document, bytes);
    return;
  }
  changeDocument(file.key, { isSaving: false, theirs });
  ui.open({ kind: 'file-changed', key: file.key });
}

/** Writes what was typed, if the file is what was read. `isForced`: also without a change here. True: it is saved. */
export async function saveFile(key: string, isForced = false): Promise<boolean> {
  const file = openFileOf(key);
  const document = documentOf(key);
  if (!file || !document || document.isSaving) return false;
  if (!isForced && !isUnsaved(file) && document.theirs === null) return true;
  changeDocument(key, { isSaving: true, error: null });
  try {
    const bytes = bytesOf(document);
    if (!isReachable(file.source)) throw new AppError('connection-lost', 'The cluster is not connected.');
    try {
      await fileSource(file.source).write(file.path, bytes, document.saved.content);
      await noteSaved(file, document, bytes);
      return true;
    } catch (error) {
      const { code } = AppError.from(error);
      if (code !== 'file-changed' && code !== 'not-found') throw error;
      await onChanged(file, document, bytes);
      return documentOf(key)?.theirs === null;
    }
  } catch (error) {
    changeDocument(key, { isSaving: false, error: AppError.from(error) });
    return false;
  }
}

/** What somebody else wrote is replaced. */
export async function keepMine(key: string): Promise<boolean> {
  const file = openFileOf(key);
  const document = documentOf(key);
  if (!file || !document?.theirs) return false;
  const { theirs } = document;
  if (theirs === 'gone') {
    return saveUnder(key, file.path).catch((error: unknown) => {
      changeDocument(key, { error: AppError.from(error) });
      return false;
    });
  }
  changeDocument(key, { saved: { ...document.saved, content: theirs.content }, theirs: null });
  return saveFile(key, true);
}

/** What was typed here is forgotten. */
export function takeTheirs(key: string): void {
  const theirs = documentOf(key)?.theirs;
  if (theirs && theirs !== 'gone') showText(key, theirs);
}

/** Writes what was typed to a file that is not there yet, which is edited from then on. @throws AppError */
export async function saveUnder(key: string, path: string): Promise<boolean> {
  const file = openFileOf(key);
  const document = documentOf(key);
  if (!file || !document) return false;
  const bytes = bytesOf(document);
  await fileSource(file.source).write(path, bytes, null);
  const newKey = keyOf(file.source, path);
  changeFile(key, { key: newKey, path });
  await noteSaved({ ...file, key: newKey, path }, document, bytes);
  return true;
}

/** Looks whether somebody else wrote a file meanwhile: one without changes here is shown anew. */
export async function lookForChanges(key: string): Promise<void> {
  const file = openFileOf(key);
  const document = documentOf(key);
  if (!file || !document || document.isSaving || !isReachable(file.source)) return;
  const source = fileSource(file.source);
  const signal = beginReading(key);
  const info = await source.stat(file.path, signal).catch(() => null);
  if (signal.aborted || (info && info.version === document.saved.content.version)) return;
  const theirs = await readTheirs(source, file.path, signal).catch(() => null);
  const now = documentOf(key);
  // What was read while it was saved is older than that.
  if (signal.aborted || theirs === null || !now || now.isSaving || now.saved !== document.saved) return;
  if (theirs !== 'gone' && theirs.content.sha256 === now.saved.content.sha256)
    changeDocument(key, { saved: { ...now.saved, content: theirs.content }, theirs: null });
  else if (theirs !== 'gone' && !isUnsaved({ content: now })) showText(key, theirs);
  else changeDocument(key, { theirs });
}
