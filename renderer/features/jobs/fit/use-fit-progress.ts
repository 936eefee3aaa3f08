import { useEffect, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import { isJobOver, type Job } from '../../../../electron/shared/jobs.ts';
import { listen } from '../../../bridge.ts';
import { readPart } from '../job-bytes.ts';
import { emptyProgress, type FitProgress, readProgress } from './fit-progress.ts';

/** So much of the file is read at once, bytes. */
const PART = 256 * 1024;
/** Between two looks while it prints, ms. */
const PAUSE = 2000;

interface Shown {
  progress: FitProgress;
  /** When something new was read last; null: not while it is shown. */
  changedAt: number | null;
  error: AppError | null;
  isLoading: boolean;
}

/** Reads a text that grows, and gives each time its new whole lines. */
class GrowingText {
  readonly #source: { jobId: string; path: string };
  readonly #decoder = new TextDecoder();
  #offset = 0;
  #rest = '';

  constructor(source: { jobId: string; path: string }) {
    this.#source = source;
  }

  /** @returns null: there is nothing new */
  async next(signal: AbortSignal): Promise<string[] | null> {
    const bytes = await readPart({ ...this.#source, offset: this.#offset, length: PART }, signal);
    if (bytes.length === 0) return null;
    this.#offset += bytes.length;
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}

/**
 * What the fit of a job wrote to its file, from the start, and then whatever is new when the job prints something or changes its
 * state. A file that is not there yet is no error while it runs.
 */
export function useFitProgress({ id, state }: Pick<Job, 'id' | 'state'>, path: string, isReachable: boolean): Shown {
  const [shown, setShown] = useState<Shown>({ progress: emptyProgress, changedAt: null, error: null, isLoading: true });
  useEffect(() => {
    if (!isReachable) return;
    const life = new AbortController();
    const text = new GrowingText({ jobId: id, path });
    let progress = emptyProgress;
    let isReading = false;
    let isAsked = false;
    let timer: number | undefined;

    const readAll = async (isFirst: boolean) => {
      for (let lines = await text.next(life.signal); lines; lines = await text.next(life.signal)) {
        progress = readProgress(progress, lines);
      }
      if (life.signal.aborted) return;
      setShown({ progress, changedAt: isFirst ? null : Date.now(), error: null, isLoading: false });
    };
    const read = async (isFirst = false) => {
      isAsked = isReading || timer !== undefined;
      if (isAsked) return;
      isReading = true;
      try {
        await readAll(isFirst);
      } catch (failure) {
        const error = AppError.from(failure);
        const isMissing = error.code === 'not-found' && !isJobOver(state);
        if (!life.signal.aborted)
          setShown({ progress, changedAt: null, error: isMissing ? null : error, isLoading: false });
      } finally {
        isReading = false;
      }
      timer = window.setTimeout(() => {
        timer = undefined;
        if (isAsked) void read();
      }, PAUSE);
    };
    const unlisten = listen('log.appended', (piece) => piece.id === id && void read());
    void read(true);
    return () => {
      unlisten();
      window.clearTimeout(timer);
      life.abort(new AppError('cancelled', 'Another job is shown.'));
    };
  }, [id, state, path, isReachable]);
  return shown;
}
