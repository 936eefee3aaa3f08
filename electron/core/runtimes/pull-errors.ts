import { AppError } from '../../shared/errors.ts';
import type { ContainerRuntime } from '../../shared/image-policy.ts';
import { type Message, message } from '../../shared/messages.ts';

interface Cause {
  pattern: RegExp;
  code: 'no-space' | 'image-missing' | 'runtime-failed';
  sentence: (image: string, node: string) => Message;
  hint: string;
}

const causes: readonly Cause[] = [
  {
    pattern: /no space left|disk quota|quota exceeded/i,
    code: 'no-space',
    sentence: (image, node) => message`There is no space left on ${{ node }} for the image ${{ image }}.`,
    hint: 'Images are kept in ~/.tunel/cache/images and made in $TMPDIR there: free some space, or set TMPDIR in the environment lines of the cluster to a larger directory.',
  },
  {
    pattern:
      /no such host|dial tcp|connection refused|network is unreachable|no route to host|i\/o timeout|TLS handshake|temporary failure in name resolution|x509:|proxyconnect/i,
    code: 'image-missing',
    sentence: (image, node) => message`${{ node }} cannot reach the registry of the image ${{ image }}.`,
    hint: 'Many clusters have no way to the internet. Make the image elsewhere, copy its .sif or .tar file there and give the path of that file.',
  },
  {
    pattern:
      /unauthorized|authentication required|access denied|requested access to the resource is denied|invalid username|403 forbidden/i,
    code: 'image-missing',
    sentence: (image) =>
      message`The registry does not give out the image ${{ image }}: it does not exist, or needs a sign-in.`,
    hint: 'Check its name. For a private image sign in on the login node first (`apptainer registry login` or `podman login`).',
  },
  {
    pattern: /manifest unknown|name unknown|not found|404|does not exist|no such file|unable to find/i,
    code: 'image-missing',
    sentence: (image) => message`There is no image ${{ image }}.`,
    hint: 'Check its name and tag.',
  },
];

/** Exit code of the lines before the runtime's command, when a module could not be loaded. */
const PROLOGUE_FAILED = 78;

/** Why an image could not be made, by the runtime's output. */
export function pullError(runtime: ContainerRuntime, image: string, node: string, code: number, log: string): AppError {
  const detail = log.trim().split('\n').slice(-20).join('\n').slice(-4000) || `exit code ${code}`;
  const last = log.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
  if (code === 127 || code === PROLOGUE_FAILED) {
    return new AppError(
      'command-missing',
      message`${{ runtime }} was not found on ${{ node }}, so the image ${{ image }} was not fetched.`,
      {
        hint: message`Add the module that provides ${{ runtime }}, or choose another runtime.`,
        detail,
      },
    );
  }
  const cause = causes.find(({ pattern }) => pattern.test(log));
  if (cause) return new AppError(cause.code, cause.sentence(image, node), { hint: cause.hint, detail });
  const sentence = last
    ? message`${{ runtime }} could not fetch the image ${{ image }}: ${{ nativeMessage: last }}`
    : message`${{ runtime }} could not fetch the image ${{ image }}`;
  return new AppError('runtime-failed', sentence, {
    hint: message`Try \`${{ runtime }} pull\` on ${{ node }} yourself; the detail holds its output.`,
    detail,
  });
}

export function missingImage(path: string, node: string, detail: string): AppError {
  return new AppError('image-missing', message`The image ${{ path }} is not on ${{ node }}, or may not be read.`, {
    hint: 'Check the path and its permissions there (`ls -l`).',
    detail: detail || undefined,
  });
}
