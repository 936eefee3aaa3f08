import { create } from 'zustand';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke, listen } from '../../bridge.ts';
import { ui } from '../../ui-store.ts';
import { uploadFile } from './job-bytes.ts';

/** A file on its way to or from the directory of a job. */
export interface Transfer {
  id: number;
  kind: 'upload' | 'download';
  jobId: string;
  path: string;
  bytes: number;
  /** null: not known. */
  total: number | null;
  /** null: it is going on. */
  error: AppError | null;
}

/** Those that go on or have failed, in the order they began. They go on when the page is left. */
export const useTransfers = create<{ list: readonly Transfer[] }>(() => ({ list: [] }));

const running = new Map<number, AbortController>();
let lastId = 0;

const update = (id: number, changes: Partial<Transfer>): void =>
  useTransfers.setState(({ list }) => ({
    list: list.map((each) => (each.id === id ? { ...each, ...changes } : each)),
  }));

export function dismissTransfer(id: number): void {
  running.get(id)?.abort(new AppError('cancelled', 'It was cancelled.'));
  running.delete(id);
  useTransfers.setState(({ list }) => ({ list: list.filter((each) => each.id !== id) }));
}

type Asked = Pick<Transfer, 'kind' | 'jobId' | 'path' | 'total'>;

/** Follows some work as a transfer. Resolves with whether it was done; a failure stays in the list until it is dismissed. */
async function follow(asked: Asked, work: (id: number, signal: AbortSignal) => Promise<void>): Promise<boolean> {
  lastId += 1;
  const id = lastId;
  const controller = new AbortController();
  running.set(id, controller);
  useTransfers.setState(({ list }) => ({ list: [...list, { ...asked, id, bytes: 0, error: null }] }));
  try {
    await work(id, controller.signal);
    dismissTransfer(id);
    return true;
  } catch (error) {
    if (!controller.signal.aborted) update(id, { error: AppError.from(error) });
    return false;
  } finally {
    running.delete(id);
  }
}

/** Puts a file of this computer into a folder of the job's directory. */
export const startUpload = (jobId: string, path: string, file: File): Promise<boolean> =>
  follow({ kind: 'upload', jobId, path, total: file.size }, (id, signal) =>
    uploadFile({ jobId, path, file }, (bytes) => update(id, { bytes }), signal),
  );

/** Saves a file of a job where the user chooses. */
export const startDownload = (jobId: string, path: string, size: number | null): Promise<boolean> =>
  followSaving({ kind: 'download', jobId, path, total: size }, (transfer, signal) =>
    invoke('desktop.saveJobFile', { jobId, path, transfer }, signal),
  );

/** Saves all files of a job as an archive, in the folder that was chosen for it. */
export const saveResults = (jobId: string, name: string): Promise<boolean> =>
  followSaving({ kind: 'download', jobId, path: `${name}.tar`, total: null }, (transfer, signal) =>
    invoke('desktop.saveResults', { jobId, name, transfer }, signal),
  );

const followSaving = (
  asked: Asked,
  save: (transfer: number, signal: AbortSignal) => Promise<{ path: string | null }>,
): Promise<boolean> =>
  follow(asked, async (transfer, signal) => {
    const unlisten = listen('save.progress', (progress) => {
      if (progress.transfer === transfer) update(transfer, { bytes: progress.bytes });
    });
    try {
      const { path } = await save(transfer, signal);
      if (path !== null) ui.toast({ tone: 'ok', title: `Saved as ${path}` });
    } finally {
      unlisten();
    }
  });
