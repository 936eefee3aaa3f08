import { AppError } from '../../shared/errors.ts';
import { isOver } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import { parseLoginId } from '../launchers/login/index.ts';
import { isSameNode } from '../routes/route-policy.ts';

/** `job`: text for the login node that enters the job; `node`: a second SSH hop to that node. */
type AppAccess = { kind: 'login-node' } | { kind: 'job'; script: string } | { kind: 'node'; node: string };

interface AppAccessInput {
  instance: Pick<Instance, 'title' | 'state' | 'job' | 'endpoint' | 'directory' | 'launcher'>;
  launcher: Pick<Launcher, 'name' | 'enter' | 'shell'>;
  /** The login node's own name; null: not known. */
  loginNode: string | null;
  /** POSIX sh text to run; null: an interactive shell. */
  command: string | null;
  /** The command may use all that the job has. */
  isWorkspace?: boolean;
}

/**
 * How a command gets to where an app runs: into its job where the launcher can enter it, else to its node.
 * @throws AppError `conflict` for an app that has ended or does not run yet
 */
export function planAppAccess({ instance, launcher, loginNode, command, isWorkspace }: AppAccessInput): AppAccess {
  const { job, endpoint, title, directory } = instance;
  if (isOver(instance.state)) {
    throw new AppError('conflict', message`${{ title }} has ended.`, { hint: 'See what runs with: tunel ps' });
  }
  const node = (launcher.name === 'login' && job && parseLoginId(job.id)?.node) || job?.node || endpoint?.node || '';
  if (!job || (node === '' && job.state !== 'running')) {
    throw new AppError('conflict', message`${{ title }} does not run yet.`, {
      hint: 'See what it waits for with: tunel ps',
    });
  }
  if (launcher.name === 'login') {
    return loginNode === null || isSameNode(node, loginNode) ? { kind: 'login-node' } : { kind: 'node', node };
  }
  const handle = { id: job.id, directory, node };
  const script = command === null ? (launcher.shell?.(handle) ?? null) : launcher.enter(handle, command, isWorkspace);
  if (script !== null) return { kind: 'job', script };
  if (node !== '') return { kind: 'node', node };
  throw new AppError(
    'conflict',
    message`Where ${{ title }} runs is not known, and ${{ name: launcher.name }} cannot enter its job.`,
    {
      hint: 'Look again in a while with: tunel ps',
    },
  );
}
