import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { readPart } from './job-bytes.ts';
import { decodeParts, isText, previewKindOf, TEXT_PART } from './preview-model.ts';

export type Preview =
  | { kind: 'loading' }
  | { kind: 'failed'; error: AppError }
  | { kind: 'none'; why: string }
  /** `url`: its bytes as a data URL. */
  | { kind: 'image'; url: string }
  /** `read`: how many bytes of the file this is. */
  | { kind: 'text'; text: string; read: number; hasMore: boolean; isReading: boolean };

function toDataUrl(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(AppError.from(reader.error));
    reader.readAsDataURL(new Blob([bytes], { type }));
  });
}

/** The content of a file of a job, as far as it was read; a text goes on with `readMore`. */
export function usePreview(jobId: string, path: string, entry: FileEntry): Preview & { readMore: () => void } {
  const [preview, setPreview] = useState<Preview>({ kind: 'loading' });
  const parts = useRef<Uint8Array[]>([]);
  const life = useRef(new AbortController());
  const { size, modified } = entry;

  const readText = useCallback(
    async (signal: AbortSignal): Promise<Preview> => {
      const offset = parts.current.reduce((sum, part) => sum + part.length, 0);
      const part = await readPart({ jobId, path, offset, length: TEXT_PART }, signal);
      if (offset === 0 && !isText(part)) return { kind: 'none', why: 'It is no text, and no image that can be shown.' };
      parts.current.push(part);
      const read = offset + part.length;
      const text = decodeParts(parts.current);
      return { kind: 'text', text, read, hasMore: part.length === TEXT_PART, isReading: false };
    },
    [jobId, path],
  );

  const show = useCallback((reading: Promise<Preview>, signal: AbortSignal) => {
    reading.then(
      (next) => !signal.aborted && setPreview(next),
      (error) => !signal.aborted && setPreview({ kind: 'failed', error: AppError.from(error) }),
    );
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another size or time is another content
  useEffect(() => {
    life.current = new AbortController();
    const { signal } = life.current;
    parts.current = [];
    setPreview({ kind: 'loading' });
    const wanted = previewKindOf(entry);
    const readImage = async (type: string, length: number): Promise<Preview> => {
      if (length === 0) return { kind: 'none', why: 'The file is empty.' };
      return { kind: 'image', url: await toDataUrl(await readPart({ jobId, path, offset: 0, length }, signal), type) };
    };
    if (wanted.kind === 'none') setPreview(wanted);
    else show(wanted.kind === 'text' ? readText(signal) : readImage(wanted.type, wanted.size), signal);
    return () => life.current.abort(new AppError('cancelled', 'Another file is shown.'));
  }, [jobId, path, size, modified, readText, show]);

  const readMore = () => {
    if (preview.kind !== 'text' || preview.isReading) return;
    setPreview({ ...preview, isReading: true });
    show(readText(life.current.signal), life.current.signal);
  };
  return { ...preview, readMore };
}
