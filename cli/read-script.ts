import { readFileSync } from 'node:fs';
import { text as textOf } from 'node:stream/consumers';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineSession } from './engine-session.ts';

/** The longest script that is read on a cluster; the text of a launch is shorter. */
const MAX_BYTES = 1_000_000;

/** @param script a path, or `-` for the input; `there`: on the cluster */
export async function readScript(
  session: EngineSession,
  clusterId: string,
  script: string,
  there: boolean,
): Promise<string> {
  if (there) return readOnCluster(session, clusterId, script);
  if (script === '-') return textOf(process.stdin);
  try {
    return readFileSync(script, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', message`${{ script }} cannot be read here.`, {
      hint: 'For a script on the cluster add --there; to run one command there: tunel exec CLUSTER -- COMMAND',
      detail: AppError.from(cause).message,
      cause,
    });
  }
}

async function readOnCluster({ openStream }: EngineSession, clusterId: string, path: string): Promise<string> {
  const { data, closed } = await openStream('files.download', { clusterId, path });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of data as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) break;
    }
  } catch (error) {
    await closed;
    throw error;
  }
  if (size <= MAX_BYTES) await closed;
  return Buffer.concat(chunks).toString('utf8');
}
