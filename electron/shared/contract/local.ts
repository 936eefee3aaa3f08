import { z } from 'zod';
import {
  fileInfoSchema,
  fileListSchema,
  filePlaceSchema,
  fileSpaceSchema,
  modeChangeShape,
  remotePathSchema,
} from '../files.ts';
import { nothing } from './common.ts';
import { request } from './define.ts';

const window = 'owner' as const;

/** From `/` on; local-path.ts. */
const localPath = remotePathSchema.startsWith('/');
const onePath = z.object({ path: localPath });
const twoPaths = z.object({ path: localPath, newPath: localPath });

/** Files of this computer, which the main process alone reads and writes, and only for its own window. */
export const localRequests = {
  'local.list': request({
    doc: 'The entries of a folder of this computer, all of them; a path that does not begin with `/` begins at the home directory.',
    scope: window,
    input: z.object({ path: remotePathSchema }),
    output: fileListSchema,
  }),
  'local.places': request({
    doc: 'Folders of this computer worth a shortcut.',
    scope: window,
    input: nothing,
    output: z.array(filePlaceSchema),
  }),
  'local.space': request({ doc: 'How full a disk is.', scope: window, input: onePath, output: fileSpaceSchema }),
  'local.makeDirectory': request({ doc: 'Makes a folder.', scope: window, input: onePath, output: nothing }),
  'local.makeFile': request({ doc: 'Makes an empty file.', scope: window, input: onePath, output: nothing }),
  'local.move': request({
    doc: 'Gives a file or folder another path, where nothing has it.',
    scope: window,
    input: twoPaths,
    output: nothing,
  }),
  'local.copy': request({
    doc: 'Copies a file or folder, where nothing has the new path.',
    scope: window,
    input: twoPaths,
    output: nothing,
  }),
  'local.trash': request({
    doc: 'Puts a file or folder in the trash of the system.',
    scope: window,
    input: onePath,
    output: nothing,
  }),
  'local.remove': request({
    doc: 'Removes a file, or a folder with all that is in it.',
    scope: window,
    input: onePath,
    output: nothing,
  }),
  'local.setMode': request({
    doc: 'Sets who may read, write and run a file or folder.',
    scope: window,
    input: onePath.extend(modeChangeShape),
    output: nothing,
  }),
  'local.stat': request({ doc: 'What is at a path.', scope: window, input: onePath, output: fileInfoSchema }),
  'local.write': request({
    doc: 'Replaces the content of a file, if its SHA-256 is the one that is given; null: writes one where nothing has its name.',
    scope: window,
    input: onePath.extend({ bytes: z.instanceof(Uint8Array), sha256: z.string().max(64).nullable() }),
    output: nothing,
  }),
  'local.read': request({
    doc: 'Part of a file.',
    scope: window,
    input: onePath.extend({ offset: z.number().int().min(0), length: z.number().int().min(0).max(16_000_000) }),
    output: z.instanceof(Uint8Array),
  }),
};
