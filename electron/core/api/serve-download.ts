import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { ByteStream } from '../../client/byte-stream.ts';
import { AppError } from '../../shared/errors.ts';
import { type OpenedFile, openedFileSchema } from '../../shared/files.ts';
import type { Clock } from '../deps.ts';
import type { CallContext } from './call-guard.ts';
import { type AskedPart, answerPart, etagOf, namesTag, readRange } from './range-policy.ts';

/** A client that takes nothing for this time, ms, holds a session of its cluster for nothing; it may continue with Range. */
const UNREAD_LIMIT = 60_000;

export interface DownloadRequest {
  method: string;
  /** The value of a header of the request. */
  header(name: string): string | undefined;
  /** Opens the stream with these fields besides those of the path and the query. */
  open(fields: object): Promise<ByteStream>;
  /** Its signal fires when the client has gone, too. */
  context: CallContext;
  clock: Clock;
  media: string;
  /** Of every answer. */
  headers: OutgoingHttpHeaders;
}

/** Answers with the bytes of a stream. Nothing is sent before its first bytes, or its end. @throws AppError before that */
export async function sendBytes(response: ServerResponse, request: DownloadRequest): Promise<void> {
  const stream = await request.open({});
  if (request.method !== 'HEAD') return sendPart(response, stream, request, 200, {});
  // Nothing is read on the cluster for an answer without a body.
  stream.closed.catch(() => undefined);
  stream.data.destroy();
  response.writeHead(200, { ...request.headers, 'content-type': request.media }).end();
}

/** Answers with a file or a part of it (RFC 9110: Range, conditions). @throws AppError `range-invalid`, `file-changed`, or of the stream */
export async function sendFile(response: ServerResponse, request: DownloadRequest): Promise<void> {
  const isHead = request.method === 'HEAD';
  let asked = isHead ? null : readRange(request.header('range'));
  let { stream, opened } = await openFile(request, isHead ? { offset: 0, length: 0 } : asked);
  const { file } = opened;
  const etag = file && etagOf(file);
  const ifRange = request.header('if-range');
  const isOtherFile = ifRange !== undefined && !namesTag(ifRange, etag, 'strong');
  if (asked && (isOtherFile || file?.size === null)) {
    asked = null;
    stream.data.destroy();
    ({ stream, opened } = await openFile(request, null));
  }
  const description = {
    'accept-ranges': 'bytes',
    ...(etag !== null && { etag }),
    ...(file?.modified != null && { 'last-modified': new Date(file.modified).toUTCString() }),
  };
  const headers = { ...request.headers, ...description };
  const ifMatch = request.header('if-match');
  if (ifMatch !== undefined && !namesTag(ifMatch, etag, 'strong')) {
    stream.data.destroy();
    throw new AppError('file-changed', 'The file is not the one that If-Match names.');
  }
  if (namesTag(request.header('if-none-match'), etag, 'weak')) {
    stream.data.destroy();
    response.writeHead(304, headers).end();
    return;
  }
  const { status, bytes, contentRange } = answerPart(asked, file?.size ?? null, opened.offset);
  const length = bytes === null ? {} : { 'content-length': bytes };
  if (isHead) {
    stream.data.destroy();
    response.writeHead(200, { ...headers, 'content-type': request.media, ...length }).end();
    return;
  }
  if (status === 416) {
    stream.data.destroy();
    // It stays for the problem that is the answer.
    response.setHeader('content-range', contentRange ?? '');
    throw new AppError('range-invalid', 'The file does not have this range.');
  }
  const range = contentRange === null ? {} : { 'content-range': contentRange };
  await sendPart(response, stream, request, status, { ...description, ...length, ...range }, bytes);
}

async function openFile(
  { open }: DownloadRequest,
  part: AskedPart | null,
): Promise<{ stream: ByteStream; opened: OpenedFile }> {
  const stream = await open({ ...part, stat: true });
  // What ends a stream that is not read ends the request already.
  stream.closed.catch(() => undefined);
  return { stream, opened: openedFileSchema.parse(stream.opened) };
}

/** @param expected bytes that were announced; the client has to see that fewer came */
async function sendPart(
  response: ServerResponse,
  stream: ByteStream,
  { context, clock, headers, media }: DownloadRequest,
  status: number,
  described: OutgoingHttpHeaders,
  expected: number | null = null,
): Promise<void> {
  const { signal } = context;
  const bytes: AsyncIterator<Buffer> = (stream.data as Readable)[Symbol.asyncIterator]();
  const onAbort = () => stream.data.destroy(AppError.from(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  stream.closed.catch(() => undefined);
  try {
    let next = await bytes.next();
    response.writeHead(status, { ...headers, 'content-type': media, ...described });
    response.flushHeaders();
    let sent = 0;
    while (!next.done) {
      sent += next.value.length;
      if (!response.write(next.value)) await untilRead(response, clock, signal);
      next = await bytes.next();
    }
    if (expected !== null && sent !== expected) throw new AppError('file-changed', 'The file became shorter.');
    response.end();
  } catch (error) {
    stream.data.destroy();
    if (!response.headersSent) throw error;
    // The status is sent already: only a broken connection tells that bytes are missing.
    response.destroy();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** @throws AppError `client-too-slow` where the client takes nothing more */
async function untilRead(response: ServerResponse, clock: Clock, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const within = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(UNREAD_LIMIT, within).then(() => {
    throw new AppError('client-too-slow', 'The client has stopped reading.');
  });
  // It is cancelled when the client reads.
  late.catch(() => undefined);
  try {
    await Promise.race([once(response, 'drain', { signal: within }), late]);
  } finally {
    over.abort();
  }
}
