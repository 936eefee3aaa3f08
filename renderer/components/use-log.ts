import { useEffect, useState } from 'react';
import { AppError } from '../../electron/shared/errors.ts';
import { invoke, listen } from '../bridge.ts';
import { useStore } from '../store.ts';
import { appendLog, type LogText, lastLines } from './log-model.ts';

const tail = -64 * 1024;

export interface LogView {
  text: string;
  changedAt: number | null;
  error: AppError | null;
  loading: boolean;
}

/** The log of one instance, followed live; what was kept of it stands in while the file cannot be read. */
export function useLog(id: string, kept: string): LogView {
  const lines = useStore((state) => state.settings.logLines);
  const [log, setLog] = useState<LogText | null>(null);
  const [changedAt, setChangedAt] = useState<number | null>(null);
  const [error, setError] = useState<AppError | null>(null);

  useEffect(() => {
    let current: LogText | null = null;
    let stopped = false;
    let reading = false;
    const show = (next: LogText) => {
      current = next;
      setLog(next);
    };
    const read = async () => {
      if (reading) return;
      reading = true;
      try {
        const { text, next } = await invoke('instances.log', { id, offset: tail });
        if (stopped) return;
        setError(null);
        show({ text: lastLines(text, lines), next });
      } catch (failure) {
        if (!stopped) setError(AppError.from(failure));
      } finally {
        reading = false;
      }
    };
    const unlisten = listen('log.appended', (piece) => {
      if (piece.id !== id) return;
      setChangedAt(Date.now());
      const next = current && appendLog(current, piece, lines);
      if (next) show(next);
      else void read();
    });
    void read();
    return () => {
      stopped = true;
      unlisten();
    };
  }, [id, lines]);

  return { text: log?.text ?? kept, changedAt, error: log || kept ? null : error, loading: !log && !error };
}
