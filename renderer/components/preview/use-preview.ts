import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import {
  decodeParts,
  type Format,
  IMAGE_LIMIT,
  imageTooLarge,
  isText,
  previewKindOf,
  TEXT_PART,
} from './preview-model.ts';

/** Part of a file; shorter where the file ends. Rejects with an AppError. */
export type ReadPart = (offset: number, length: number, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

export type Preview =
  | { kind: 'loading' }
  | { kind: 'failed'; error: AppError }
  | { kind: 'none'; why: string }
  /** The view of the format reads it. */
  | { kind: 'format'; format: Format; size: number }
  /** `url`: its bytes as a data URL. */
  | { kind: 'image'; url: string }
  /** `from`: where in the file it begins; `read`: how many bytes of it this is. */
  | { kind: 'text'; text: string; from: number; read: number; hasMore: boolean; isReading: boolean };

function toDataUrl(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(AppError.from(reader.error));
    reader.readAsDataURL(new Blob([bytes], { type }));
  });
}

async function readImage(read: ReadPart, type: string, most: number, signal: AbortSignal): Promise<Preview> {
  const bytes = await read(0, most, signal);
  if (bytes.length === 0) return { kind: 'none', why: 'The file is empty.' };
  if (bytes.length > IMAGE_LIMIT) return imageTooLarge;
  return { kind: 'image', url: await toDataUrl(bytes, type) };
}

/** What was read of a text. */
interface TextParts {
  from: number;
  list: Uint8Array[];
}

/** Reads the next part of a text and shows all that was read. */
async function readNextText(read: ReadPart, { from, list }: TextParts, signal: AbortSignal): Promise<Preview> {
  const before = list.reduce((sum, part) => sum + part.length, 0);
  const part = await read(from + before, TEXT_PART, signal);
  if (before === 0 && !isText(part))
    return { kind: 'none', why: 'It is neither a text nor an image that can be shown.' };
  list.push(part);
  const hasMore = part.length === TEXT_PART;
  return { kind: 'text', text: decodeParts(list), from, read: before + part.length, hasMore, isReading: false };
}

interface Shown {
  readMore: () => void;
  /** Reads it again: from its start, or its last part. */
  readFrom: (where: 'start' | 'end') => void;
}

/** The content of a file, as far as it was read; a text goes on with `readMore`. `asText`: also where it has another view. */
export function usePreview(read: ReadPart, entry: FileEntry, asText = false): Preview & Shown {
  const [preview, setPreview] = useState<Preview>({ kind: 'loading' });
  const parts = useRef<TextParts>({ from: 0, list: [] });
  const life = useRef(new AbortController());
  const { size, modified } = entry;

  const readText = useCallback((signal: AbortSignal) => readNextText(read, parts.current, signal), [read]);

  const show = useCallback((reading: Promise<Preview>, signal: AbortSignal) => {
    reading.then(
      (next) => !signal.aborted && setPreview(next),
      (error) => !signal.aborted && setPreview({ kind: 'failed', error: AppError.from(error) }),
    );
  }, []);

  const begin = useCallback((from: number) => {
    life.current.abort(new AppError('cancelled', 'Another part is shown.'));
    life.current = new AbortController();
    parts.current = { from, list: [] };
    return life.current.signal;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another size or time is another content
  useEffect(() => {
    const signal = begin(0);
    setPreview({ kind: 'loading' });
    const wanted = previewKindOf(entry, asText);
    if (wanted.kind === 'none' || wanted.kind === 'format') setPreview(wanted);
    else show(wanted.kind === 'text' ? readText(signal) : readImage(read, wanted.type, wanted.most, signal), signal);
    return () => life.current.abort(new AppError('cancelled', 'Another file is shown.'));
  }, [read, size, modified, asText, readText, show]);

  const readMore = () => {
    if (preview.kind !== 'text' || preview.isReading) return;
    setPreview({ ...preview, isReading: true });
    show(readText(life.current.signal), life.current.signal);
  };
  const readFrom = (where: 'start' | 'end') => {
    if (preview.kind !== 'text') return;
    const signal = begin(where === 'end' ? Math.max(0, (size ?? 0) - TEXT_PART) : 0);
    setPreview({ ...preview, isReading: true });
    show(readText(signal), signal);
  };
  return { ...preview, readMore, readFrom };
}
