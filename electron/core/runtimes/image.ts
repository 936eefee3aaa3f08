import { AppError } from '../../shared/errors.ts';
import { imageText } from '../../shared/image-policy.ts';
import type { Progress } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Clock } from '../deps.ts';
import { fileError, findSection, runSections } from '../launchers/common/remote-script.ts';
import type { Shell } from '../ssh/types.ts';
import { missingImage, pullError } from './pull-errors.ts';
import { progressOf } from './pull-progress.ts';
import { fileScript, type ImageRequest, leaveScript, lookScript, mustBeMade } from './pull-script.ts';

const LOOK_AGAIN = 1000;
const TRIES = 3;

interface ImageHost {
  /** Runs what may run twice, again after a reconnect. */
  run<T>(work: (shell: Shell) => Promise<T>, signal: AbortSignal): Promise<T>;
  clock: Clock;
  /** The login node, for messages. */
  node: string;
  /** Jobs do not see the login node's files. */
  isSent: boolean;
  /** The app runs on the login node itself. */
  isHere: boolean;
  progress(progress: Progress): void;
}

/**
 * Has the image at hand before the job is submitted: looks whether a file is there; makes what must be made, once for all
 * that wait for it, and links it into the instance's directory. Making goes on when the connection is lost.
 * @throws AppError `image-missing`, `no-space`, `read-only`, `not-permitted`, `runtime-failed`, `command-missing`
 */
export async function provideImage(host: ImageHost, request: ImageRequest, signal: AbortSignal): Promise<void> {
  if (!mustBeMade(request)) return checkFile(host, request, signal);
  try {
    await makeImage(host, request, signal);
  } catch (error) {
    if (signal.aborted) await leave(host, request);
    throw error;
  }
}

async function checkFile(host: ImageHost, request: ImageRequest, signal: AbortSignal): Promise<void> {
  const script = fileScript(request, host.isSent, host.isHere);
  const sections = await host.run((shell) => runSections(shell, 'Looking for the image', script, { signal }), signal);
  const missing = findSection(sections, 'missing');
  if (missing) throw missingImage(imageText(request.image), host.node, missing.text);
}

async function makeImage(host: ImageHost, request: ImageRequest, signal: AbortSignal): Promise<void> {
  const name = imageText(request.image);
  for (let how: 'begin' | 'look' = 'begin', begun = 0; ; ) {
    if (how === 'begin') begun += 1;
    const script = lookScript(request, how);
    const sections = await host.run((shell) => runSections(shell, 'Fetching the image', script, { signal }), signal);
    const [section] = sections;
    switch (section?.name) {
      case 'done':
        return;
      case 'failed':
        throw pullError(request.runtime, name, host.node, section.exitCode, section.text);
      case 'source':
        throw missingImage(name, host.node, '');
      case 'folder':
        throw fileError(section.text, '~/.tunel/cache/images');
      case 'making': {
        const [kib = '', line = ''] = section.text.split('\n');
        host.progress(progressOf(line, Number(kib) || 0));
        how = 'look';
        break;
      }
      default:
        // Whoever made it was killed, e.g. with its node.
        if (begun === TRIES) {
          throw new AppError(
            'runtime-failed',
            message`Fetching the image ${{ name }} was ended on ${{ node: host.node }} ${{ TRIES }} times.`,
            {
              hint: 'Login nodes often end long processes. Fetch it yourself where that is allowed, and give the path of the file.',
            },
          );
        }
        how = 'begin';
    }
    await host.clock.sleep(LOOK_AGAIN, signal);
  }
}

/** What was only made for this launch stops by itself then; best effort, since the user is gone already. */
async function leave(host: ImageHost, request: ImageRequest): Promise<void> {
  const limit = AbortSignal.timeout(10_000);
  await host
    .run((shell) => shell.run(leaveScript(request), { signal: limit }), limit)
    .catch((error: unknown) => {
      if (!limit.aborted && AppError.from(error).code === 'internal') throw error;
    });
}
