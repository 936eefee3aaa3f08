import { quote } from '../../shared/shell-quote.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Shell } from '../ssh/types.ts';

/** Which files were in the directory of a job when it was submitted. */
export const INPUTS_FILE = '.tunel-inputs';

/** What is in the directory of a job besides its inputs and results; `.new-*` is what is being written. */
export const jobOwnFiles: readonly string[] = ['script.sh', 'job.json', 'job.log', INPUTS_FILE, '.new-*'];

/** The inputs of a job whose launcher sends files with it, in the directory of its instance. */
export const INPUTS_ARCHIVE = 'inputs.tar';

/** Inputs may be large. */
const LIMIT_MS = 60 * 60_000;

/**
 * Packs the inputs of a job that does not see its directory, so that they travel with it, and makes the folder to which its
 * results come back a link to that directory. Done twice it changes nothing.
 * @throws AppError `no-space`, `not-found`
 */
export async function packInputs(
  shell: Shell & { node: string },
  directory: string,
  jobDirectory: string,
  signal: AbortSignal,
): Promise<void> {
  const excluded = jobOwnFiles.map((name) => `--exclude=${quote(`./${name}`)}`).join(' ');
  const script = `umask 077
LC_ALL=C; export LC_ALL
cd -- ${quote(directory)} || exit 1
ln -sfn -- ${quote(jobDirectory)} work || exit 1
tar -cf ${INPUTS_ARCHIVE}.new -C ${quote(jobDirectory)} ${excluded} . && mv -f ${INPUTS_ARCHIVE}.new ${INPUTS_ARCHIVE}
`;
  const result = await shell.run(script, { signal, timeoutMs: LIMIT_MS });
  if (result.exitCode !== 0) throw fileError(result.stderr, shell.node, `${directory}/${INPUTS_ARCHIVE}`, 'written');
}
