import { z } from 'zod';
import type { ByteStream } from '../../electron/client/byte-stream.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { remotePathSchema } from '../../electron/shared/files.ts';
import { message } from '../../electron/shared/messages.ts';
import { asData, listAsText, textOf, valueAsText } from './bounded-text.ts';
import { FILE_BYTES } from './read-tools.ts';
import { clusterName, defineTool, findCluster, type Tool } from './tool.ts';

const path = remotePathSchema.min(1).describe('Absolute, or from the home directory');
const offset = z.int().min(0).default(0).describe('Byte to begin at');
export const fileText = z.string().max(200_000);

export const fileTools: readonly Tool[] = [
  defineTool({
    name: 'list_files',
    title: 'List a folder',
    description: 'The entries of a folder of a cluster: name, kind, size, time. Without a path: the home directory.',
    scope: 'read',
    input: z.strictObject({
      cluster: clusterName,
      path: remotePathSchema.default(''),
      skip: z.int().min(0).default(0).describe('Entries to leave out at the beginning'),
    }),
    async run({ cluster, path: folder, skip }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      const list = await session.request('files.list', { clusterId, path: folder });
      return entriesAsText(list.path, list.entries, skip);
    },
  }),
  defineTool({
    name: 'stat_file',
    title: 'Describe a file',
    description: 'Kind, size, time and mode of a file or folder of a cluster.',
    scope: 'read',
    input: z.strictObject({ cluster: clusterName, path }),
    async run({ cluster, path: file }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      return valueAsText(await session.request('files.stat', { clusterId, path: file }));
    },
  }),
  defineTool({
    name: 'read_file',
    title: 'Read a file',
    description: `Text of a file of a cluster from “offset” on, at most ${FILE_BYTES} bytes.`,
    scope: 'files',
    input: z.strictObject({ cluster: clusterName, path, offset }),
    async run({ cluster, path: file, offset: from }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      const { size } = await session.request('files.stat', { clusterId, path: file });
      const stream = await session.openStream('files.download', { clusterId, path: file, offset: from });
      return fileAsText(file, await readAtMost(stream, FILE_BYTES), from, size);
    },
  }),
  defineTool({
    name: 'put_file',
    title: 'Write a file',
    description: 'Writes text to a file of a cluster. “replace”: also where there is one, which is then gone.',
    scope: 'files',
    writes: 'destructive',
    input: z.strictObject({ cluster: clusterName, path, text: fileText, replace: z.boolean().default(false) }),
    async run({ cluster, path: file, text, replace }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      // The engine looks for it after the user was asked, who may take minutes.
      const ifVersion = replace ? {} : { ifVersion: '' };
      const input = { clusterId, path: file, size: Buffer.byteLength(text), ...ifVersion };
      const stream = await session.openStream('files.upload', input).catch((error: unknown) => {
        throw AppError.from(error).code === 'file-changed' ? isThereAlready(file) : error;
      });
      return `${await send(stream, text)} bytes were written to ${file} on ${cluster}.`;
    },
  }),
];

/** The entries of a folder from one on. */
export function entriesAsText(folder: string, entries: readonly unknown[], skip: number): string {
  const list = listAsText(entries.slice(skip), {
    total: entries.length - skip,
    hint: 'Go on with “skip”, or list a folder in it.',
  });
  return asData(`${folder} has ${entries.length} entries${skip > 0 ? `, without the first ${skip}` : ''}.`, list);
}

/** What was read of a file; `size` null: not known. */
export function fileAsText(name: string, bytes: Buffer, from: number, size: number | null): string {
  const text = textOf(bytes);
  if (text === null) {
    throw new AppError('bad-input', message`${{ path: name }} is no text: ${{ bytes: size ?? bytes.length }} bytes.`);
  }
  const end = from + bytes.length;
  const isCut = size === null ? bytes.length >= FILE_BYTES : end < size;
  const where = `${name}: bytes ${from} to ${end}${size === null ? '' : ` of ${size}`}.`;
  return asData(isCut ? `${where} Truncated: go on with offset ${end}.` : where, text);
}

/** The first bytes of a stream, which then ends. */
export async function readAtMost({ data, closed }: ByteStream, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  // Ended from here, it fails, which says nothing new.
  closed.catch(() => undefined);
  for await (const chunk of data as AsyncIterable<Buffer>) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  if (length < limit) await closed;
  return Buffer.concat(parts).subarray(0, limit);
}

/** Sends a text as the whole of an upload; resolves with its bytes. */
export async function send({ data, closed }: ByteStream<unknown, { bytes: number }>, text: string): Promise<number> {
  data.on('error', () => undefined);
  data.resume().end(text);
  return (await closed).bytes;
}

const isThereAlready = (file: string): AppError =>
  new AppError('conflict', message`${{ path: file }} is there already.`, {
    hint: 'Set “replace” to write over it.',
  });
