import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ASK_SCRIPT } from './scripts.ts';

const run = promisify(execFile);

/** `sun_path` holds 104 bytes on macOS, with the closing NUL; ssh binds its control socket under a name that is 17 longer. */
const MAX_CONTROL_PATH = 103 - 17;

/** The files of one master, in a folder that only this user can enter. */
export interface MasterFolder {
  path: string;
  controlPath: string;
  /** The program that puts ssh's questions to the app. */
  askProgram: string;
  /** The pipe that it writes them to. */
  questions: string;
  configFile: string;
  remove(): Promise<void>;
}

/** Makes it in `parent`, or among the temporary files where the path would be too long for a socket. */
export async function createMasterFolder(parent: string): Promise<MasterFolder> {
  const path = await makeFolder(parent);
  const folder: MasterFolder = {
    path,
    controlPath: controlPathIn(path),
    askProgram: join(path, 'ask'),
    questions: join(path, 'questions'),
    configFile: join(path, 'config'),
    remove: () => rm(path, { recursive: true, force: true }),
  };
  try {
    await writeFile(folder.askProgram, ASK_SCRIPT, { mode: 0o700 });
    await run('mkfifo', ['-m', '600', folder.questions]);
    return folder;
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

const controlPathIn = (folder: string): string => join(folder, 'ctl');

async function makeFolder(parent: string): Promise<string> {
  const template = join(parent, 'XXXXXX');
  if (Buffer.byteLength(controlPathIn(template)) > MAX_CONTROL_PATH) return mkdtemp(join(tmpdir(), 'tunel-'));
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, '/'));
}
