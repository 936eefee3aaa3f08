import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { findNetworkFailure, type NetworkFailure } from '../network-failure-policy.ts';

/** What `run.sh` or `start.sh` wrote when a container did not come to its first line, and the log beside it. */
export function containerError(
  problem: { kind: string; subject: string },
  title: string,
  node: string,
  log: string,
): AppError {
  const where = node === '' ? 'the node' : node;
  const lines = log.trimEnd().split('\n');
  const detail = lines.slice(-20).join('\n').slice(-4000) || undefined;
  if (/no space left|disk quota|quota exceeded/i.test(lines.slice(-20).join('\n'))) {
    return new AppError('no-space', message`There was no space on ${{ where }} for the container of ${{ title }}.`, {
      hint: 'Its image is unpacked in $TMPDIR there: set TMPDIR in the environment lines of the cluster to a larger directory of that node.',
      detail,
    });
  }
  if (problem.kind === 'image') {
    return new AppError(
      'image-missing',
      message`The image ${{ subject: problem.subject }} is not on ${{ where }}, so ${{ title }} did not start.`,
      {
        hint: 'It must be readable on every compute node; put it into a directory that they share.',
        detail,
      },
    );
  }
  const runtime = problem.subject;
  if (problem.kind === 'runtime-missing') {
    return new AppError(
      'command-missing',
      message`${{ runtime }} was not found on ${{ where }}, so ${{ title }} did not start.`,
      {
        hint: message`Add the module that provides ${{ runtime }} there, or choose another runtime.`,
        detail,
      },
    );
  }
  const unreached = findNetworkFailure(log);
  if (unreached) return networkError(unreached, title, node, detail);
  const nativeMessage = lines.findLast((line) => /\b(?:fatal|error)\b/i.test(line)) ?? lines.at(-1) ?? '';
  return new AppError(
    'runtime-failed',
    message`${{ runtime }} could not start the container of ${{ title }} on ${{ where }}${nativeMessage ? `: ${nativeMessage.trim().slice(0, 300)}` : ''}`,
    { hint: hintFor(runtime, log), detail },
  );
}

/** A node that has no way to what an app is installed or fetched from. */
export function networkError(
  { kind, host, hint }: NetworkFailure,
  title: string,
  node: string,
  detail: string | undefined,
): AppError {
  const where = node === '' ? 'The node' : node;
  const whom = host === '' ? '' : ` (${host})`;
  return new AppError(
    'job-failed',
    message`${{ node: where }} cannot reach a ${{ kind }}${{ host: whom }}, so ${{ title }} did not start.`,
    { hint, detail },
  );
}

function hintFor(runtime: string, log: string): string {
  // Go prints these when it starts, https://go.dev/src/runtime/mpagealloc_64bit.go and malloc.go.
  if (/failed to reserve page summary memory|runtime: cannot allocate memory|cannot reserve arena/i.test(log)) {
    return `Memory is counted there as address space (as Grid Engine's h_vmem does), of which ${runtime} reserves more than it uses: ask for 2000 MB or more.`;
  }
  if (/subuid|newuidmap|user namespace|insufficient UIDs/i.test(log)) {
    return `Rootless containers are not set up for you on that node: ask its administrators for user namespaces${runtime === 'podman' ? ' and ids in /etc/subuid' : ''}, or run it native.`;
  }
  if (/exec format|wrong architecture|image.{0,200}architecture/i.test(log))
    return 'The image is for another kind of processor.';
  if (/daemon/i.test(log) && runtime === 'docker')
    return 'Docker must run on the node where the app runs, and you must be allowed to use it.';
  return 'The log holds its output. Choose another runtime or run it native if it cannot be mended.';
}
